// Carries a job's plan out, from wherever the last runner left it, and takes away what it held. Everything is written to the
// journal before it is done: a runner that is killed at any point leaves a journal from which the next one goes on.
import { setInterval } from 'node:timers/promises';
import { cleanLine } from '../../text/clean.ts';
import { isComplete, type JobRecord, type JobState, toDo } from '../journal/record.ts';
import { allLost, isLost, isPassed, lossText } from '../lanes.ts';
import { whyNotOurs } from '../plan/foreign.ts';
import type { PlannedStep } from '../plan/plan.ts';
import { PlanFault } from '../plan/plan-fault.ts';
import {
  asJson,
  type FailedStep,
  issueText,
  type StepDefinition,
  type StepEnd,
  type StepTools,
  type StepWorks,
} from '../plan/step-work.ts';
import { AbortAsked, abortWords } from './abort.ts';
import { releaseAll } from './release.ts';
import { failed } from './step-end.ts';
import { type StepParts, toolsFor } from './tools.ts';

export interface RunnerParts extends StepParts {
  readonly works: StepWorks;
  /** Called between any two things that a runner does, with a name for the place. For the tests that kill it there. */
  readonly boundary?: (place: string) => Promise<void> | void;
}

const abortLookEveryMs = 250;

/**
 * Runs the job to its end, and gives that; one whose steps this build does not know (foreign.ts) stays as it is, and the log says so.
 * The caller holds the job's `alive` lock and its lease: one runner at a time. Throws a LeaseLost where another has taken the job up.
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
  const watch = watchAbort(id, parts, abort);
  log.write('', `${firstWord(job)}: ${job.plan.title}`);
  try {
    if (job.state === 'planned' || job.state === 'running') {
      forgetVolatile(job, parts);
      journal.setJob(id, 'running');
      const trouble = await runSteps(job, parts, lease ? AbortSignal.any([abort.signal, lease.signal]) : abort.signal);
      await at(parts, 'steps over');
      journal.setJob(id, 'releasing', trouble);
      await at(parts, 'releasing');
    }
  } finally {
    abort.abort();
    await watch;
  }
  const after = recordOf(id, parts);
  const outcome = outcomeOf(after);
  const clean = await releaseAll(after, parts);
  await at(parts, 'released');
  const end = clean ? outcome : 'cleanup-needed';
  journal.setJob(id, end);
  log.write('', `${end}: ${job.plan.title}${after.error ? `\n${after.error}` : ''}`);
  return end;
}

function firstWord(job: JobRecord): string {
  const steps = job.state === 'planned' ? 'begins' : 'goes on';
  return { steps, undo: 'undoes', release: 'releases what it holds' }[toDo(job)];
}

/** Between two runners a host may have started again, and have forgotten its lock: it is not gone on without. */
function forgetVolatile({ id, state, steps, plan }: JobRecord, { journal }: RunnerParts): void {
  if (state === 'planned' || steps.every((step) => step.state === 'done')) return;
  const done = new Set(steps.filter((step) => step.state === 'done').map(({ name }) => name));
  for (const { name, volatile } of plan.steps) {
    if (volatile && done.has(name)) journal.setStep(id, name, 'waiting');
  }
}

/** What a job comes to, once no step of it will run any more. */
function outcomeOf(job: JobRecord): 'done' | 'failed' | 'aborted' {
  if (isComplete(job)) return 'done';
  return job.abortRequested ? 'aborted' : 'failed';
}

/** Runs the steps that are not done. Gives why they did not all come to their end. */
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
    if (!end.ok && step.lane === undefined) return jobError(step, end);
  }
  return lossText(journal.lostLanes(job.id)) || undefined;
}

/** A step that a runner died in is named: what it does may be done, or not. */
function abortText({ plan, steps }: JobRecord): string {
  const begun = new Set(steps.filter(({ state }) => state === 'running').map(({ name }) => name));
  const titles = plan.steps.filter(({ name, acquires }) => begun.has(name) && !acquires).map(({ title }) => title);
  return [abortWords, ...titles.map((title) => `begun, and perhaps done: ${title}`)].join('; ');
}

const whyNot = ({ title }: PlannedStep, { message, advice }: FailedStep) =>
  cleanLine(`${title}: ${message}${advice ? `; ${advice}` : ''}`);

/** Of a step that ends the job. What to do about the step is for all that it lost. */
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
  const end = await workedOn(works[step.work], toolsFor(job, step, parts, signal));
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

/** A plan that its step can't work by is no crash of the runner: the job ends, and what it made is taken away. */
async function workedOn(definition: StepDefinition | undefined, tools: StepTools): Promise<StepEnd<unknown>> {
  if (!definition) return failed(`this reseed has no step of the kind ${tools.step.work}`);
  try {
    return fitting(definition, await definition.run(tools));
  } catch (error) {
    if (error instanceof PlanFault) return failed(error.message, 'abort the job, and plan it anew');
    throw error;
  }
}

/** What a step found out is written down as its kind says, or not at all: others go by it. */
function fitting({ result }: StepDefinition, end: StepEnd<unknown>): StepEnd<unknown> {
  if (!end.ok) return end;
  const { success, data, error } = result.safeParse(end.result);
  if (success) return { ...end, result: data };
  return failed(
    `its result has another form than its kind of step gives (${issueText(error)})`,
    'see the log of the job',
  );
}

/** Looks for the operator's word until the controller is aborted, by itself or from outside. */
async function watchAbort(id: number, { journal }: RunnerParts, abort: AbortController): Promise<void> {
  try {
    for await (const _ of setInterval(abortLookEveryMs, undefined, { signal: abort.signal })) {
      if (journal.abortRequested(id)) abort.abort(new AbortAsked());
    }
  } catch (error) {
    if (!abort.signal.aborted) throw error;
  }
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
