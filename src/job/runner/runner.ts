// Carries a job's plan out, from where the last runner stopped, and releases what it held. Everything is written to the
// journal before it is done: a runner that is killed at any point leaves a journal from which the next one can go on.
import { cleanLine } from '../../text/clean.ts';
import { isComplete, type JobRecord, type JobState, toDo } from '../journal/record.ts';
import { allLost, isLost, isPassed, lossText } from '../lanes.ts';
import { whyNotOurs } from '../plan/foreign.ts';
import type { PlannedStep } from '../plan/plan.ts';
import { asJson, type FailedStep, type StepEnd, type StepWorks } from '../plan/step-work.ts';
import { AbortAsked, abortWords } from './abort.ts';
import { endWithSteps } from './end-with-steps.ts';
import { pause } from './pause.ts';
import { takeAgain } from './take-again.ts';
import { refusedElsewhere, takenUp } from './taken-up.ts';
import { type StepParts, toolsFor } from './tools.ts';
import { workedOn } from './worked-on.ts';

export interface RunnerParts extends StepParts {
  readonly works: StepWorks;
  /** Called between any two acts of a runner, with a name for the place. For tests that kill it there. */
  readonly boundary?: (place: string) => Promise<void> | void;
}

const abortLookEveryMs = 250;

/**
 * Runs the job to its end, and returns that. A job with steps that this build does not know (foreign.ts) is left as it
 * is, and the log says so. The caller holds the job's `alive` lock and its lease: one runner at a time. Throws a
 * LeaseLost if another has taken the job.
 */
export async function runJob(id: number, parts: RunnerParts): Promise<JobState> {
  const { journal, log, lease } = parts;
  const job = recordOf(id, parts);
  const foreign = whyNotOurs(job, parts.works);
  if (foreign !== undefined && !job.abortRequested) {
    log.write('', foreign);
    return job.state;
  }
  const abort = new AbortController();
  let taken: ReadonlySet<string> = new Set();
  const watch = watchAbort(() => journal.abortRequested(id), abort);
  log.write('', `${firstWord(job)}: ${job.plan.title}`);
  try {
    if (job.state === 'planned' || job.state === 'running') {
      // A job that is only undone runs no step again: takeAgain takes the locks that this needs.
      const isUndone = journal.abortRequested(id);
      if (!isUndone) forgetVolatile(job, parts);
      journal.setJob(id, 'running');
      const signal = lease ? AbortSignal.any([abort.signal, lease.signal]) : abort.signal;
      const trouble = await runSteps(job, parts, signal);
      if (!isUndone) taken = locksOf(recordOf(id, parts));
      await at(parts, 'steps over');
      journal.setJob(id, 'releasing', trouble);
      await at(parts, 'releasing');
    }
  } finally {
    abort.abort();
  }
  const unread = await watch;
  if (unread !== undefined) throw unread;
  journal.endRunning(id);
  const others = await takeAgain(recordOf(id, parts), taken, parts);
  if (others.size > 0) journal.setJob(id, 'releasing', lockedText(recordOf(id, parts), others));
  const after = recordOf(id, parts);
  const outcome = outcomeOf(after);
  const clean = await released(after, outcome, parts, others);
  await at(parts, 'released');
  return ended(after, clean ? outcome : 'cleanup-needed', parts);
}

function ended(job: JobRecord, outcome: JobState, { journal, log }: RunnerParts): JobState {
  const gone = takenUp(journal, job.id);
  const end = endOf(outcome, gone);
  const error = gone === undefined ? job.error : withWhy(job, gone);
  journal.setJob(job.id, end, error);
  log.write('', `${end}: ${job.plan.title}${error ? `\n${error}` : ''}`);
  return end;
}

/** A job that was taken up after its last step is not done: nothing was released, and its hosts are worked on since. */
const endOf = (outcome: JobState, gone: string | undefined): JobState =>
  outcome === 'done' && gone !== undefined ? 'failed' : outcome;

/** The abort of the job ends no step of its end: that may be why it runs. An abort while one runs ends that one. */
function released(
  job: JobRecord,
  outcome: JobState,
  parts: RunnerParts,
  others: ReadonlyMap<string, string>,
): Promise<boolean> {
  return endWithSteps(job, outcome === 'done', parts, others, async (step) => {
    const abort = new AbortController();
    const before = parts.journal.endsRequested(job.id);
    const watch = watchAbort(() => parts.journal.endsRequested(job.id) > before, abort);
    const signal = parts.lease ? AbortSignal.any([abort.signal, parts.lease.signal]) : abort.signal;
    const end = await runStep(job, step, parts, signal);
    abort.abort();
    await watch;
    return end;
  });
}

function firstWord(job: JobRecord): string {
  const steps = job.state === 'planned' ? 'begins' : 'goes on';
  return { steps, undo: 'undoes', release: 'releases what it holds' }[toDo(job)];
}

/** Between two runners a host may have restarted and lost its lock, so volatile steps run again. */
function forgetVolatile({ id, state, steps, plan }: JobRecord, { journal }: RunnerParts): void {
  if (state === 'planned' || steps.every((step) => step.state === 'done')) return;
  const done = new Set(steps.filter((step) => step.state === 'done').map(({ name }) => name));
  for (const { name, volatile } of plan.steps) {
    if (volatile && done.has(name)) journal.setStep(id, name, 'waiting');
  }
}

/** The volatile steps that are done, by this runner: those that the runner before it had done were reset (forgetVolatile). */
function locksOf({ plan, steps }: JobRecord): ReadonlySet<string> {
  const done = new Set(steps.filter(({ state }) => state === 'done').map(({ name }) => name));
  return new Set(plan.steps.filter(({ name, volatile }) => volatile && done.has(name)).map(({ name }) => name));
}

/** The end of a job that will run no more steps. */
function outcomeOf(job: JobRecord): 'done' | 'failed' | 'aborted' {
  if (isComplete(job)) return 'done';
  return job.abortRequested ? 'aborted' : 'failed';
}

/** Runs the steps that are not done. Returns why they did not all succeed. */
async function runSteps(job: JobRecord, parts: RunnerParts, signal: AbortSignal): Promise<string | undefined> {
  const { journal } = parts;
  for (const step of job.plan.steps) {
    if (isPassed(journal.stepStates(job.id).get(step.name), step)) continue;
    if (signal.aborted || journal.abortRequested(job.id)) return abortText(recordOf(job.id, parts));
    const lost = journal.lostLanes(job.id);
    if (allLost(job.plan, lost)) break;
    if (step.lane !== undefined && isLost(lost, step.lane)) {
      journal.setStep(job.id, step.name, 'skipped');
      continue;
    }
    const end = await runStep(job, step, parts, signal);
    if (!end.ok && isEndOfAll(job.id, step, parts)) return jobError(step, end);
  }
  return lossText(journal.lostLanes(job.id)) || undefined;
}

/** A failed step ends its lane alone; but where one host refuses a job that was taken up, all lanes end. */
const isEndOfAll = (id: number, { lane }: PlannedStep, { journal }: RunnerParts): boolean =>
  lane === undefined || takenUp(journal, id) !== undefined;

/** Names the step in which a runner died: its work may be done, or not. */
function abortText({ plan, steps }: JobRecord): string {
  const begun = new Set(steps.filter(({ state }) => state === 'running').map(({ name }) => name));
  const titles = plan.steps.filter(({ name, acquires }) => begun.has(name) && !acquires).map(({ title }) => title);
  return [abortWords, ...titles.map((title) => `begun, and perhaps done: ${title}`)].join('; ');
}

const whyNot = ({ title }: PlannedStep, { message, advice }: FailedStep) =>
  cleanLine(`${title}: ${message}${advice ? `; ${advice}` : ''}`);

/** The error of a step that ends the job. The advice is for everything that the step lost. */
function jobError(step: PlannedStep, end: FailedStep): string {
  return end.lost ? lossText(end.lost, end.advice) : whyNot(step, end);
}

async function runStep(
  job: JobRecord,
  step: PlannedStep,
  parts: RunnerParts,
  signal: AbortSignal,
): Promise<StepEnd<unknown>> {
  const { journal, log, works } = parts;
  await at(parts, `${step.name}: before`);
  if (step.acquires) journal.setResource(job.id, step.name, step.acquires.what, 'wanted');
  journal.setStep(job.id, step.name, 'running');
  log.write(step.host, step.title);
  await at(parts, `${step.name}: begun`);
  const end = await workedOn(works[step.work], toolsFor(job, step, parts, signal), () =>
    refusedElsewhere(job, step, parts),
  );
  await at(parts, `${step.name}: worked`);
  if (end.ok && step.acquires) journal.setResource(job.id, step.name, step.acquires.what, 'held');
  const lost = end.lost ?? (!end.ok && step.lane !== undefined && { [step.lane]: whyNot(step, end) });
  for (const [lane, why] of Object.entries(lost || {})) log.write(lane, `given up: ${why}`);
  journal.setStep(job.id, step.name, end.ok ? 'done' : 'failed', {
    ...(end.ok && end.result !== undefined && { result: asJson(end.result) }),
    ...(lost && { lost }),
  });
  await at(parts, `${step.name}: written`);
  return end;
}

/**
 * Watches for the operator's abort until the controller is aborted, here or elsewhere. Never rejects, because it is awaited only when the
 * steps are over. Returns the error of a journal that could not be read several times in a row; the steps are aborted then.
 */
async function watchAbort(isAsked: () => boolean, abort: AbortController): Promise<unknown> {
  let inVain = 0;
  while (!abort.signal.aborted) {
    try {
      if (isAsked()) abort.abort(new AbortAsked());
      inVain = 0;
    } catch (error) {
      inVain += 1;
      if (inVain === unreadAtMost) {
        abort.abort();
        return error;
      }
    }
    await pause(abortLookEveryMs, abort.signal);
  }
  return undefined;
}

/** Another process may hold the journal for a moment longer than SQLite waits. */
const unreadAtMost = 5;

/** `why; db3 is locked by job beef of bob@jump2: nothing is undone there until that lock is released`. */
function lockedText(job: JobRecord, others: ReadonlyMap<string, string>): string {
  const each = [...others.values()].map((why) => `${why}: nothing is undone there until that lock is released`);
  return withWhy(job, ...each);
}

/** An abort that is tried again says it once. */
function withWhy({ error }: Pick<JobRecord, 'error'>, ...each: readonly string[]): string {
  return [error, ...each.filter((why) => !error?.includes(why))].filter(Boolean).join('; ');
}

function recordOf(id: number, { journal }: RunnerParts): JobRecord {
  const job = journal.job(id);
  if (!job) throw new Error(`the journal has no job ${id}`);
  return job;
}

async function at({ boundary, lease }: RunnerParts, place: string): Promise<void> {
  await boundary?.(place);
  lease?.check();
}
