// Opens the channel from the donor to one target, and tests it by the very port that the data will take.
import { z } from 'zod';
import { defineStep, noResult } from '../../../job/plan/step-work.ts';
import { channelTo, type SeedRequest, type Side } from '../../request.ts';
import { channelCommands, channels, relayedTargets, relayScripts } from '../channel/channel-commands.ts';
import { connectTo } from '../channel/open-channel.ts';
import { refusedRoute } from '../channel/refused-route.ts';

interface ChannelRequest {
  readonly request: SeedRequest;
  readonly target: Side;
  /** The target's index among all targets. */
  readonly index: number;
}

export const openChannel = defineStep({
  kind: 'seed-channel',
  input: z.strictObject({
    target: z.string().min(1),
    /** Targets that are reached through this machine. */
    relayed: z.array(z.string()),
    /** The plan's warning about the channel, which is also logged. */
    warning: z.string().optional(),
  }),
  result: noResult,
  plan: ({ request, target, index }: ChannelRequest) => {
    const [from, to] = [request.donor.host.name, target.host.name];
    const { title, listener } = channels[channelTo(request, target)];
    const refused = refusedRoute(request.donor, target);
    const commands = channelCommands(request, target, index);
    return {
      name: `channel ${to}`,
      title: `open and test the channel ${from} → ${to} (${title})`,
      host: to,
      lane: to,
      input: {
        target: to,
        relayed: relayedTargets(request),
        ...(refused !== undefined && { warning: `${from}: ${refused}` }),
      },
      commands: { end: commands.end },
      targetCommands: { [to]: commands },
      scripts: relayScripts(request),
      acquires: { what: `${listener} on ${to}`, release: 'end', whenDone: 'release' },
    };
  },
  run: async (tools) => {
    const { target, warning } = tools.input;
    if (warning !== undefined) tools.note(`! ${warning}`);
    return (await connectTo(tools, target, false)) ?? { ok: true };
  },
});
