// Ends a job, or resumes one whose runner died: for the verbs and for the console.

import { present } from '../../host/known.ts';
import type { Inventory } from '../../inventory/settings.ts';
import { isOver, type JobRecord } from '../../job/journal/record.ts';
import type { RunnerState } from '../../job/lease/runner-state.ts';
import { readOnlyRefusal } from '../../job/plan/refusal.ts';
import { jobBadges } from '../../job/words/badges.ts';
import { cleanLine } from '../../text/clean.ts';
import { whyNotCarriedOn } from './all-works.ts';
import { type JobStore, replaceRunner, runnerOf } from './job-store.ts';
import { lapsedText, machineOf } from './words/died-words.ts';
import { undoesLeft } from './words/end-words.ts';

export type Asked =
  /** `trouble`: it has begun, but not all of it could be written to the journal. */
  { readonly ok: true; readonly trouble?: string } | { readonly ok: false; readonly why: string };

/** Why one of the job's hosts may not be changed; undefined: all may. The inventory may have changed since the job was planned. */
export function readOnlyJob({ plan }: JobRecord, { hosts }: Pick<Inventory, 'hosts'>): string | undefined {
  const refused = hosts.filter(({ name }) => plan.hosts.includes(name)).map(readOnlyRefusal);
  const first = refused.find((one) => one !== undefined);
  return first && `${first.message}; ${first.advice}`;
}

/** Its runner undoes the job; if none lives, one is started for that. Resources that could not be released are tried again. */
export function abortJob(
  store: JobStore,
  seen: JobRecord,
  inventory: Pick<Inventory, 'hosts'>,
  takeFrom?: string,
): Asked {
  const job = asItIs(store, seen);
  const readOnly = readOnlyJob(job, inventory);
  if (readOnly !== undefined) return { ok: false, why: readOnly };
  // The operator agreed to an abort of an unfinished job; what is left of a finished one is another question.
  if (isOver(job.state) && !isOver(seen.state)) return { ok: false, why: endedText(job) };
  if (job.state === 'cleanup-needed') {
    return asked(
      job,
      replaceRunner(store, job, () => store.journal.setJob(job.id, 'releasing')),
    );
  }
  if (isOver(job.state)) return { ok: false, why: overText(job) };
  const runner = runnerOf(store, job);
  const kept = notTaken(job, runner, takeFrom);
  if (kept !== undefined && takeFrom !== undefined) return { ok: false, why: kept };
  store.journal.requestAbort(job.id);
  if (kept !== undefined)
    return { ok: false, why: `the abort is written down for the runner of job ${job.id}: ${kept}` };
  // If another process starts a runner at this moment, that runner reads the request.
  const begun = runner === 'alive' ? undefined : replaceRunner(store, job);
  return begun?.begun ? asked(job, begun) : { ok: true };
}

/** `takeFrom`: the machine that the operator takes the job from, knowing that its runner there is dead. */
export function resumeJob(
  store: JobStore,
  seen: JobRecord,
  inventory: Pick<Inventory, 'hosts'>,
  takeFrom?: string,
): Asked {
  const job = asItIs(store, seen);
  const readOnly = readOnlyJob(job, inventory);
  if (readOnly !== undefined) return { ok: false, why: readOnly };
  if (job.state === 'cleanup-needed') return { ok: false, why: `${overText(job)}; ${undoesLeft(job)}` };
  if (isOver(job.state)) return { ok: false, why: overText(job) };
  const runner = runnerOf(store, job);
  if (runner === 'alive') return { ok: false, why: `job ${job.id} runs; reseed job attach ${job.id} watches it` };
  const kept = notTaken(job, runner, takeFrom);
  if (kept !== undefined) return { ok: false, why: kept };
  const foreign = whyNotCarriedOn(job);
  if (foreign !== undefined) return { ok: false, why: foreign };
  return asked(job, replaceRunner(store, job));
}

/** Since it was read the operator was asked, or a lease was watched: the job may have ended. */
const asItIs = ({ journal }: JobStore, seen: JobRecord): JobRecord => journal.job(seen.id) ?? seen;

const overText = ({ id, state }: JobRecord): string => `job ${id} is over: ${jobBadges[state].word}`;

export const endedText = ({ id, state }: JobRecord): string =>
  `job ${id} ended meanwhile: ${jobBadges[state].word}; reseed job show ${id} tells how`;

function asked({ id }: JobRecord, begun: ReturnType<typeof replaceRunner>): Asked {
  if (begun.begun) return { ok: true, ...present('trouble', begun.trouble) };
  return { ok: false, why: `another reseed starts a runner for job ${id} now; reseed job attach ${id} watches it` };
}

/** Why the runner on another machine keeps a job. */
function notTaken(job: JobRecord, runner: RunnerState, takeFrom: string | undefined): string | undefined {
  if (runner !== 'lapsed' || takeFrom === machineOf(job)) return undefined;
  if (takeFrom === undefined) return lapsedText(job);
  return `the runner of job ${job.id} is on ${machineOf(job)}, not on ${cleanLine(takeFrom)}: ${lapsedText(job)}`;
}
