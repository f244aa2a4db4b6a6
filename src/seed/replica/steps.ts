// The last steps on a target: started on its new data, made a replica, watched until it has caught up. Each one is in a
// file of its own in steps/.
//
// This room has those steps, their statements (words.ts), the coordinates from which a replica continues (origin.ts),
// and its replication account (account.ts).
import { awaitPrimary } from '../alone/await-primary.ts';
import type { AttachPlan, DataPlan, ServerPlan } from './plan.ts';
import { attachReplica } from './steps/attach-replica.ts';
import { catchUp } from './steps/catch-up.ts';
import { checkSource } from './steps/check-source.ts';
import { holdBack } from './steps/hold-back.ts';
import { proveAccount } from './steps/prove-account.ts';
import { proveData } from './steps/prove-data.ts';
import { proveFiles } from './steps/prove-files.ts';
import { readPosition } from './steps/read-position.ts';
import { startOnData } from './steps/start-on-data.ts';

export function attachSteps(plan: AttachPlan) {
  const tellsItself = plan.position === 'here';
  return {
    ...serverSteps(plan, plan.proof),
    awaitPrimary: plan.source.isTarget ? [awaitPrimary.plan(plan)] : [],
    proveAccount: proveAccount.plan(plan),
    checkSource: tellsItself ? [] : [checkSource.plan(plan)],
    stands: tellsItself ? [readPosition.plan(plan)] : [],
    attach: attachReplica.plan(plan),
    catchUp: catchUp.plan(plan),
  };
}

/** Its server on the new data, whatever it becomes. */
export const serverSteps = (plan: ServerPlan, proof: Pick<DataPlan, 'position' | 'coordinatesOf'> = plan) => ({
  holdBack: holdBack.plan(plan),
  proveFiles: proveFiles.plan(plan),
  start: startOnData.plan(plan),
  proveData: proveData.plan({ ...plan, ...proof }),
});
