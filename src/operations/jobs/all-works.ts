// What every kind of step does, by the names that plans have for them.
import { cleanWorks } from '../../clean/works.ts';
import { whyNotOurs } from '../../job/foreign.ts';
import { lockWork } from '../../job/lock-step.ts';
import type { JobRecord } from '../../job/record.ts';
import type { StepWorks } from '../../job/step-work.ts';
import { seedWorks } from '../../seed/steps.ts';
import { keptRelays, type Relays } from '../../seed/transfer/relays.ts';
import { serviceWorks } from '../../service/works.ts';
import { snapshotWorks } from '../../snapshot/works.ts';

/** `relays` are the runner's. */
export const allWorks = (relays: Relays): StepWorks => ({
  lock: lockWork,
  ...serviceWorks,
  ...snapshotWorks,
  ...cleanWorks,
  ...seedWorks(relays),
});

/** Why a runner of this build would not run the job; undefined: it would. Asked before one is started. */
export const whyNotCarriedOn = (job: JobRecord): string | undefined =>
  whyNotOurs(job, allWorks(keptRelays(() => Promise.reject(new Error('nothing runs here')))));
