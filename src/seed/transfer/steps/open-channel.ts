// Opens the channel from the donor to one target, and tests it by the very port that the data will take.
import { z } from 'zod';
import { defineStep, noResult } from '../../../job/step-work.ts';
import { channelTo, type SeedWish, type Side } from '../../request.ts';
import { channelCommands, channels, relayedTargets, relayScripts } from '../channel-commands.ts';
import { openWay } from '../open-way.ts';
import { refusedRoute } from '../refused-route.ts';

interface ChannelWish {
  readonly wish: SeedWish;
  readonly target: Side;
  /** Of the target among all. */
  readonly index: number;
}

export const openChannel = defineStep({
  kind: 'seed-channel',
  input: z.strictObject({
    target: z.string().min(1),
    /** Targets that are reached through this machine. */
    relayed: z.array(z.string()),
    /** What the plan told of the way there: the log has it too. */
    warning: z.string().optional(),
  }),
  result: noResult,
  plan: ({ wish, target, index }: ChannelWish) => {
    const [from, to] = [wish.donor.host.name, target.host.name];
    const { title, door } = channels[channelTo(wish, target)];
    const refused = refusedRoute(wish.donor, target);
    const commands = channelCommands(wish, target, index);
    return {
      name: `channel ${to}`,
      title: `open and test the channel ${from} → ${to} (${title})`,
      host: to,
      lane: to,
      input: {
        target: to,
        relayed: relayedTargets(wish),
        ...(refused !== undefined && { warning: `${from}: ${refused}` }),
      },
      commands: { end: commands.end },
      targetCommands: { [to]: commands },
      scripts: relayScripts(wish),
      acquires: { what: `${door} on ${to}`, release: 'end', whenDone: 'release' },
    };
  },
  run: async (tools) => {
    const { target, warning } = tools.input;
    if (warning !== undefined) tools.note(`! ${warning}`);
    return (await openWay(tools, target, false)) ?? { ok: true };
  },
});
