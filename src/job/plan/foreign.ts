// Whether this build can resume a job of another build. An abort needs only what was recorded with the job.
import { cleanLine } from '../../text/clean.ts';
import type { JobRecord } from '../journal/record.ts';
import { isPassed } from '../lanes.ts';
import { planFormat } from './frozen.ts';
import type { PlannedStep } from './plan.ts';
import { issueText, type StepWorks } from './step-work.ts';

/** Why this build can't run the remaining steps of a job, and which reseed can: a clean sentence. undefined: it can. */
export function whyNotOurs(job: JobRecord, works: StepWorks): string | undefined {
  if (job.state !== 'planned' && job.state !== 'running') return undefined;
  const why =
    formatTrouble(job) ??
    stepsLeft(job)
      .map((step) => stepTrouble(step, works))
      .find((one) => one !== undefined);
  if (why === undefined) return undefined;
  const build = job.frozen === undefined ? 'the reseed that planned it' : `reseed ${job.frozen.build}`;
  return cleanLine(
    `job ${job.id} can't be resumed by this reseed: ${why}. Resume it with ${build}, or abort it: reseed job abort ${job.id}`,
  );
}

function formatTrouble({ frozen }: JobRecord): string | undefined {
  if (frozen === undefined)
    return 'no scripts were kept with its plan, and those of this reseed read their words otherwise';
  return frozen.format > planFormat
    ? `its plan has format ${frozen.format}, and this reseed reads up to ${planFormat}`
    : undefined;
}

/** A new runner repeats volatile steps in any state. */
function stepsLeft({ plan, steps }: JobRecord): PlannedStep[] {
  const states = new Map(steps.map(({ name, state }) => [name, state]));
  return plan.steps.filter((step) => step.volatile || !isPassed(states.get(step.name), step));
}

function stepTrouble({ title, work, input }: PlannedStep, works: StepWorks): string | undefined {
  const definition = works[work];
  if (!definition) return `its step "${title}" is of a kind that this reseed does not have (${work})`;
  const { error } = definition.input.safeParse(input);
  return error && `its step "${title}" has an input of another form than this reseed reads (${issueText(error)})`;
}
