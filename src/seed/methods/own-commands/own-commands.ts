// The method by which two commands of the inventory bring the data, as scripts of orchestrator-agent do (`tar | nc`): commands.send at the donor,
// commands.receive at the target. All else is reseed's: the snapshot, the list and the checksums of the donor, the folder for the new data, the
// comparison, the swap. The channel of the job has the list and the checksums, and what the comparison finds different.
import { startCommand } from '../../../custom/start-command.ts';
import type { Planned } from '../../../job/plan/refusal.ts';
import type { SeedRequest } from '../../request.ts';
import { verifyData } from '../../transfer/steps/verify-data.ts';
import type { Gift, Seen } from '../candidate.ts';
import { type FolderMethod, folderMethod, planFolder } from '../folder-copy.ts';
import { lvmSnapshot } from '../lvm-snapshot/lvm-snapshot.ts';
import { carryData } from './carry-data.ts';
import { ownChecks } from './checks.ts';
import { givenBoth, receiverOf, senderOf, sendRole } from './commands.ts';
import { startReceiver } from './start-receiver.ts';

export const ownCommands: FolderMethod = {
  ...folderMethod({
    ...lvmSnapshot,
    name: 'custom',
    oneTarget: 'its command sends to one target',
    about: 'commands of the inventory copy a snapshot (commands.send, commands.receive)',
    kinds: [startReceiver, carryData],
    notResumed: true,
    takesLastPort: true,
    unused: ['streams', 'compression', 'bandwidthBytesPerSecond', 'clear'],
    gifts,
    checks: (request) => [...lvmSnapshot.checks(request), ...ownChecks(request)],
  }),
  plan,
};

function gifts(one: Seen, target: Seen): readonly Gift[] | string {
  if (!senderOf(one.host)) return 'the inventory has no commands.send for it';
  if (!receiverOf(target.host)) return `the inventory has no commands.receive for ${target.host.name}`;
  const given = lvmSnapshot.gifts(one, target);
  if (typeof given === 'string') return given;
  return given
    .filter(({ snapshot }) => snapshot === undefined)
    .map((gift) => ({
      ...gift,
      id: `${gift.id} custom`,
      brief: 'own commands',
      title: 'a new snapshot, by commands of the inventory',
      words: 'carried by commands.send and commands.receive',
    }));
}

function plan(request: SeedRequest): Planned {
  return planFolder(request, ownCommands.source, (copying, root) => {
    const given = givenBoth(request, root);
    if (!given.ok) return given;
    const { sender, receiver, target } = given;
    const lane = target.host.name;
    const receive = startReceiver.plan({ request, target, receiver });
    const send = startCommand.plan({
      host: request.donor.host.name,
      job: request.job,
      name: 'send',
      ...sender,
      lane,
      role: sendRole,
    });
    const carry = carryData.plan({ copying, target, sender, receiver });
    return { ok: true, steps: [receive, send, carry, verifyData.plan(copying)], made: [carry, send, receive] };
  });
}
