// Ends a job, or carries on one whose runner died: for the verbs and for the console.
import { isOver, type JobRecord } from '../../job/record.ts';
import { type Desk, isAbandoned, startRunner } from './desk.ts';

/** `begun`: a runner was started for it just now. */
export type Asked = { readonly ok: true; readonly begun: boolean } | { readonly ok: false; readonly why: string };

/** Its runner takes back what the job made; where none lives, one is started that does. What could not be taken away is tried again. */
export function abortJob(desk: Desk, job: JobRecord): Asked {
  if (job.state === 'cleanup-needed') {
    desk.journal.setJob(job.id, 'releasing');
    startRunner(desk, job.id);
    return { ok: true, begun: true };
  }
  if (isOver(job.state)) return { ok: false, why: `job ${job.id} is over: ${job.state}` };
  desk.journal.requestAbort(job.id);
  const alone = isAbandoned(desk.home, job);
  if (alone) startRunner(desk, job.id);
  return { ok: true, begun: alone };
}

export function resumeJob(desk: Desk, job: JobRecord): Asked {
  if (isOver(job.state)) return { ok: false, why: `job ${job.id} is over: ${job.state}` };
  if (!isAbandoned(desk.home, job)) {
    return { ok: false, why: `job ${job.id} runs; reseed job attach ${job.id} watches it` };
  }
  startRunner(desk, job.id);
  return { ok: true, begun: true };
}
