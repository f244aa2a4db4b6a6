// How the server of a step's own host stands, by its command `look`.
import type { FailedStep, StepTools } from '../../../job/plan/step-work.ts';
import { failed, notDone } from '../../../job/runner/step-end.ts';
import { loginAdvice } from '../login-advice.ts';
import { type ReplicationState, readReplicationState } from './replication-state.ts';

type Looked = { readonly ok: true; readonly state: ReplicationState } | FailedStep;

export async function lookAtTarget({ run, step }: Pick<StepTools, 'run' | 'step'>): Promise<Looked> {
  const looked = await run('look');
  if (!looked.ok) return { ...notDone(looked), advice: loginAdvice(step.host) };
  const state = readReplicationState(looked.stdout);
  if (state) return { ok: true, state };
  return failed(`the server of ${step.host} did not tell of itself`, 'see the log of the job');
}
