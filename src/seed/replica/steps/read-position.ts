// Reads the coordinates of a server on copied data, if they were not read before. They are recorded before the server
// is changed, because after its reset it does not know them any more.
import { z } from 'zod';
import { defineStep, type StepEnd } from '../../../job/plan/step-work.ts';
import { failed } from '../../../job/runner/step-end.ts';
import { lookAwake, wakeCommands } from '../awake.ts';
import { sql } from '../commands.ts';
import { latestPosition } from '../gtid-set.ts';
import { type AttachInput, type AttachTools, attachSchema, inputOf } from '../input.ts';
import { onTarget } from '../on-target.ts';
import type { AttachPlan } from '../plan.ts';
import { coordinatesOf } from '../source/coordinates-of.ts';
import { type ReplicationState, readReplicationState } from '../source/replication-state.ts';
import { standsWords } from '../words.ts';

const result = z.object({ gtid: z.string() });

export const readPosition = defineStep({
  kind: 'read-own-position',
  stage: 'attach',
  input: attachSchema,
  result,
  plan: (plan: AttachPlan) => ({
    ...onTarget(plan, 'stands'),
    title: `read the replication position of ${plan.target.name} from its data`,
    input: inputOf(plan),
    commands: { look: sql(plan.target, standsWords(plan)), ...wakeCommands(plan) },
  }),
  run: read,
});

async function read(tools: AttachTools): Promise<StepEnd<z.infer<typeof result>>> {
  const { step, input, note } = tools;
  const looked = await lookAwake(tools);
  if (!looked.ok) return looked;
  const replicationState = readReplicationState(looked.stdout);
  if (!replicationState) return failed(`the server of ${step.host} did not tell of itself`, 'see the log of the job');
  // If a MariaDB's log was not copied, the data tells what it replicated, and not its own writes.
  const logged = coordinatesOf(tools)?.gtid;
  if (logged === undefined && lacksDonorLogs(input, replicationState)) {
    return failed(
      `the server of ${step.host} did not read the binary logs of its donor: its gtid_binlog_pos is empty, and it lists ${replicationState.logs?.length ?? 'no'} binary logs. Where the data ends is not known`,
      'copy a snapshot of a server that runs, which needs no binary log',
    );
  }
  const ownGtid =
    input.vendor === 'mariadb' && logged !== undefined
      ? latestPosition(replicationState.ownGtid, logged)
      : replicationState.ownGtid;
  if (ownGtid === '') {
    return failed(
      `the data on ${step.host} tells no GTID: where it stands is not known`,
      'copy a new snapshot of a server that runs',
    );
  }
  note(`it stands at gtid ${ownGtid}`);
  return { ok: true, result: { gtid: ownGtid } };
}

/** Copied logs without a GTID, of a replica without log_slave_updates, are listed before the log that its own start began. */
const lacksDonorLogs = ({ vendor, donorLogs }: AttachInput, { binlogGtid, logs = [] }: ReplicationState): boolean =>
  vendor === 'mariadb' && donorLogs > 0 && binlogGtid === '' && logs.length <= donorLogs;
