// From a plan to a running job: the plan is shown, agreed to, recorded, and given to a runner of its own.

import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { jobHome } from '../../job/journal/home.ts';
import type { Plan } from '../../job/plan/plan.ts';
import { stepBadges } from '../../job/words/badges.ts';
import { type JobStore, launch, type PlannedJob, tryJobStore } from '../../operations/jobs/job-store.ts';
import { diskTrouble, reading } from '../../operations/jobs/job-trouble.ts';
import { heldRefusal } from '../../operations/jobs/locks/held.ts';
import { type Draft, graveSentences } from '../../operations/plans/draft.ts';
import { previewOf } from '../../operations/plans/preview.ts';
import { type Finding, findingBadges } from '../../seed/preflight/finding.ts';
import { signOf, unicodeSigns } from '../../text/badge.ts';
import { exitCodes, exitWith, printFailure, printJson, printLine } from '../answer.ts';
import { agreed, type PlanLine } from './agree.ts';
import { attach } from './job/attach.ts';
import { openJobStore } from './job/open-store.ts';

export interface BeginOptions {
  readonly dryRun?: boolean;
  /** The host's name, or true: the operator agrees in advance. */
  readonly yes?: string | boolean;
  readonly verbose?: boolean;
  readonly detach?: boolean;
  readonly json?: boolean;
}

type Refused = Extract<Draft['planned'], { ok: false }>;

/**
 * Sets the exit code. Returns true if the job was recorded and runs, or has run. `launching`: called once the operator
 * agrees, right before the job is recorded.
 */
export async function begin(
  draft: Draft,
  options: BeginOptions,
  launching: () => void = () => undefined,
): Promise<boolean> {
  const { planned, impact, name, kept = [], checks = [] } = draft;
  if (!planned.ok) {
    const holding = planned.lock && heldNow(draft, { steps: [planned.lock] });
    return sayUnplanned(holding ?? planned, checks, options);
  }
  const { plan } = planned;
  const held = heldNow(draft, plan);
  if (held) return sayUnplanned(held, checks, options);
  if (options.dryRun) {
    if (options.json) printJson('plan', { plan, impact, kept, checks });
    else for (const { text } of planLines(plan, draft, exactOf(options))) printLine(text);
    return false;
  }
  const sentences = graveSentences(plan, draft);
  const lines = planLines(plan, draft, exactOf(options));
  const why = await agreed({ sentences, name, yes: options.yes, lines, json: options.json });
  if (!why) {
    launching();
    return await launched(draft, plan, options);
  }
  refuse(options, why.message, why.advice);
  return false;
}

function sayUnplanned(
  { message, advice, nothingToDo }: Refused,
  checks: readonly Finding[],
  options: BeginOptions,
): false {
  if (!options.json) for (const check of checks) printLine(checkText(check));
  if (nothingToDo) sayNothingToDo(options, message);
  else refuse(options, message, advice);
  return false;
}

/** Without a journal there is no job, and looking must not make one. If the journal can't be opened, writing to it reports that. */
function heldNow({ targets }: Draft, plan: Pick<Plan, 'steps'>): Refused | undefined {
  const store = existsSync(jobHome(process.env).journal) ? tryJobStore() : undefined;
  if (store === undefined || typeof store === 'string') return undefined;
  try {
    const held = reading(store, () => heldRefusal(store, { plan, targets }));
    return typeof held === 'string' ? undefined : held;
  } finally {
    store.journal.close();
  }
}

async function launched(
  { key, targets, who, receivers = [] }: Draft,
  plan: Plan,
  options: BeginOptions,
): Promise<boolean> {
  const store = openJobStore(options.json);
  if (!store) return false;
  try {
    return await launchedAt(store, { key, plan, targets, who, receivers }, options);
  } finally {
    store.journal.close();
  }
}

async function launchedAt(store: JobStore, job: PlannedJob, options: BeginOptions): Promise<boolean> {
  const { detach, json } = options;
  // Another job may have begun while the operator read the plan.
  const held = reading(store, () => heldRefusal(store, job));
  if (typeof held === 'object') return sayUnplanned(held, [], options);
  const id = idOfLaunched(store, job, json);
  if (id === undefined) return false;
  if (detach || json) {
    if (json) printJson('job', { id, key: job.key });
    else printLine(`job ${id} runs; reseed job attach ${id}`);
  } else {
    await attach(store, id, { fromStart: true, commands: options.verbose === true });
    for (const { what } of store.journal.job(id)?.resources.filter(({ state }) => state === 'kept') ?? []) {
      printLine(`made: ${what}`);
    }
  }
  return true;
}

/** undefined: the reason why nothing runs was printed, and the exit code is set. */
function idOfLaunched(store: JobStore, job: PlannedJob, json: boolean | undefined): number | undefined {
  try {
    const { id, trouble } = launch(store, job);
    if (trouble !== undefined) process.stderr.write(`reseed: job ${id}: ${trouble}\n`);
    return id;
  } catch (error) {
    const message = `nothing was done: the job can't be written down: ${diskTrouble(error)}`;
    exitWith(exitCodes.failed);
    printFailure(json, {
      error: 'journal',
      message,
      advice: `see that there is room, and leave to write, below ${dirname(store.home.journal)}`,
    });
    return undefined;
  }
}

export const keptLine = (sentence: string): string => `${unicodeSigns.none} stays: ${sentence}`;

/** `✖ db3  no room: …; what to do` */
const checkText = ({ level, host, text, advice }: Finding): string =>
  `${signOf(findingBadges[level])} ${host.padEnd(6)} ${text}${level !== 'pass' && advice ? `; ${advice}` : ''}`;

const line = (text: string, isToRead = false): PlanLine => ({ text, isToRead });

type Exact = 'none' | 'cut' | 'whole';

function exactOf({ verbose, dryRun }: BeginOptions): Exact {
  if (verbose) return 'whole';
  return dryRun ? 'cut' : 'none';
}

/** Of a command: the SQL of a question may be a thousand characters. */
const cutAt = 160;
const cutText = (text: string) =>
  text.length > cutAt ? `${text.slice(0, cutAt).toWellFormed()}… (-v: all of it)` : text;

/** Losses come last, right above the prompt. `exact`: how the commands of the steps are shown. */
function planLines(plan: Plan, draft: Draft, exact: Exact): PlanLine[] {
  const { kept = [], checks = [] } = draft;
  const shown = exact === 'cut' ? cutText : (text: string) => text;
  const isExact = exact !== 'none';
  return [
    line(plan.title),
    ...checks.map((check) => line(checkText(check), check.level !== 'pass')),
    ...previewOf(plan).flatMap(({ title, commands, makes }) => [
      line(`${signOf(stepBadges.waiting)} ${title}`),
      ...(isExact ? commands.map(({ when = '', host, text }) => line(`    ${when}${host}  $ ${shown(text)}`)) : []),
      ...(isExact && makes ? [line(`    ${makes}`)] : []),
    ]),
    ...kept.map((sentence) => line(keptLine(sentence))),
    ...graveSentences(plan, draft).map((sentence) => line(`! ${sentence}`, true)),
  ];
}

function sayNothingToDo({ json }: BeginOptions, message: string): void {
  exitWith(exitCodes.done);
  if (json) printJson('plan', { plan: null, message });
  else printLine(message);
}

function refuse({ json }: BeginOptions, message: string, advice: string): void {
  exitWith(exitCodes.refused);
  printFailure(json, { error: 'refused', message, advice });
}
