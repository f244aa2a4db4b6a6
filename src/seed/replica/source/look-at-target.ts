// How the server of a step's own host stands, by its command `look`.
import type { FailedStep, StepTools } from '../../../job/plan/step-work.ts';
import { failed } from '../../../job/runner/step-end.ts';
import { lookAwake } from '../awake.ts';
import { type ReplicationState, readReplicationState } from './replication-state.ts';

type Looked = { readonly ok: true; readonly state: ReplicationState } | FailedStep;

export async function lookAtTarget(tools: StepTools): Promise<Looked> {
  const looked = await lookAwake(tools);
  if (!looked.ok) return looked;
  const state = readReplicationState(looked.stdout);
  if (state) return { ok: true, state };
  return failed(`the server of ${tools.step.host} did not tell of itself`, 'see the log of the job');
}
