// The input for planning the two shared steps that may send data: the copy to all targets at once, and the comparison
// of what was received with what was sent.
import { z } from 'zod';
import type { Commands, PlannedCommand } from '../../job/plan/plan.ts';
import { type UnitProgram, unitCommands } from '../../job/unit/unit-commands.ts';
import { sendWords } from '../../scripts/seed-data-words.ts';
import { guardCommands } from '../../snapshot/guard.ts';
import type { DataSource } from '../methods/folder-copy.ts';
import { donorFolder, targetWord } from '../place.ts';
import { attachSchema } from '../replica/input.ts';
import type { AttachPlan } from '../replica/plan.ts';
import { sourceCommandsOf, sourceInputs } from '../replica/source/lane-sources.ts';
import type { SeedRequest } from '../request.ts';
import { channelCommands, relayedTargets, relayScripts } from './channel/channel-commands.ts';
import { type Read, recoveryCommands } from './list-commands.ts';

/** A target that takes no data for so long counts as lost; a shorter failure of the network costs only time. */
export const patienceSeconds = 120;
const maxStreams = 4;

export interface CopyPlan extends Read, Pick<DataSource, 'snapshot'> {
  readonly request: SeedRequest;
  /** The work of the unit that sends; absent: it sends tasks. What it says has the form of seed-send.sh's. */
  readonly sender?: Pick<UnitProgram, 'script' | 'args'>;
  /** Only what its old data does not have is sent to the one target; absent: everything. */
  readonly onlyUnequal?: true;
  /** The sender sends named tables alone: what all of the data has is no total of them. */
  readonly isPart?: true;
  /** After how long without a byte the sender gives up; absent: `patienceSeconds`. */
  readonly senderPatienceSeconds?: number;
  /** How each target is attached. */
  readonly attached?: readonly AttachPlan[];
}

/** The input of a step that moves data, in the journal. */
export const movingInput = z.strictObject({
  /** In the order of the plan. */
  targets: z.array(z.string().min(1)).min(1),
  /** A target that takes no data for so long counts as lost. */
  patienceSeconds: z.number(),
  /** Targets that are reached through this machine. */
  relayed: z.array(z.string()),
  /** By target, the input for asking its sources; absent: a job of a reseed that did not ask them. */
  sources: z.record(z.string(), attachSchema).optional(),
  /** Only a part of the listed data is sent: its total is not known. */
  isPart: z.boolean().optional(),
});

export type MovingInput = z.infer<typeof movingInput>;

/** The common plan of both steps. */
export function movingPlan(plan: CopyPlan) {
  const { request, attached = [] } = plan;
  const names = request.targets.map(({ host }) => host.name);
  return {
    host: request.donor.host.name,
    input: {
      targets: names,
      patienceSeconds: plan.senderPatienceSeconds ?? patienceSeconds,
      relayed: relayedTargets(request),
      sources: sourceInputs(attached),
      ...(plan.isPart && { isPart: true }),
    } satisfies z.input<typeof movingInput>,
    scripts: relayScripts(request),
    commands: movingCommands(plan),
    /** For each target: the commands of its channel, and the queries to its sources. */
    targetCommands: Object.fromEntries(
      request.targets.map((target, index): [string, Commands] => [
        target.host.name,
        {
          ...channelCommands(request, target, index),
          ...sourceCommandsOf(attached.find((one) => one.target.name === target.host.name)),
        },
      ]),
    ),
  };
}

/** If the operator gives no number: as many as both sides have CPUs for. */
export const streamsFor = (cpus: readonly number[]): number =>
  Math.min(maxStreams, ...cpus.map((count) => Math.max(2, count)));

/** The unit of the donor that sends. */
export const sendRole = 'send';

/** The commands of the copy; the comparison needs them too, to send again what differs. */
function movingCommands(plan: CopyPlan): Commands & { 'send end': PlannedCommand } {
  const { request, snapshot, sender } = plan;
  const { donor, job } = request;
  const { name } = donor.host;
  const send = unitCommands({ host: name, job, role: sendRole, background: true, ...(sender ?? taskSender(plan)) });
  return {
    ...(snapshot && { mount: snapshot.mount, ...guardCommands(name, snapshot.guarded) }),
    // The files of a stopped server can't be read again after a power cut: it was started.
    ...((snapshot || sender) && recoveryCommands(request, plan, { isSummed: !sender })),
    'send start': send.start,
    'send poll': send.poll,
    'send end': send.end,
  };
}

function taskSender({ request, root, reader, onlyUnequal }: CopyPlan): Pick<UnitProgram, 'script' | 'args'> {
  const { donor, targets, job, compression } = request;
  const streams = request.streams ?? streamsFor([donor, ...targets].map(({ facts }) => facts.cpus));
  const words = targets.map((_, index) => targetWord(index));
  const folder = donorFolder(job);
  return {
    script: 'seed-send',
    args: sendWords({ root, reader, folder, streams, compression, patienceSeconds, onlyUnequal, targets: words }),
  };
}
