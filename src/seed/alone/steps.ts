// The last steps on a target that replicates from no host afterwards: what the data brought of replication goes, and an ordinary restart
// shows that it stays so. Each one is in a file of its own.
import type { PlannedStep } from '../../job/plan/plan.ts';
import { detach } from './detach.ts';
import type { AlonePlan } from './plan.ts';
import { proveAlone } from './prove-alone.ts';
import { readData } from './read-data.ts';
import { restartAlone } from './restart.ts';

export const aloneSteps = (plan: AlonePlan): PlannedStep[] =>
  [readData, detach, restartAlone, proveAlone].map((kind) => kind.plan(plan));
