// The last steps on a target: started on its new data, made a replica, followed until it has caught up. What each does stands in a file of
// its own in steps/.
//
// Lives in this room: those steps, the words for them (words.ts), from where a replica goes on (origin.ts), and the account that it logs in
// with (account.ts).
import type { AttachPlan } from './plan.ts';
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
    proveAccount: proveAccount.plan(plan),
    checkSource: tellsItself ? [] : [checkSource.plan(plan)],
    holdBack: holdBack.plan(plan),
    proveFiles: proveFiles.plan(plan),
    start: startOnData.plan(plan),
    proveData: proveData.plan(plan),
    stands: tellsItself ? [readPosition.plan(plan)] : [],
    attach: attachReplica.plan(plan),
    catchUp: catchUp.plan(plan),
  };
}
