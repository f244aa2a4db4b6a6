// From a plan to a running job: the plan shown, confirmed, written down, and given to a runner of its own.
import { dirname } from 'node:path';
import type { NewJob } from '../../job/journal.ts';
import type { Plan } from '../../job/plan.ts';
import type { Finding } from '../../seed/finding.ts';
import { exitCodes, printFailure, printJson, printLine } from '../answer.ts';
import { agreed } from './agree.ts';
import { attach } from './attach.ts';
import { type Desk, diskTrouble, launch, openDesk } from './desk.ts';
import type { Draft } from './draft.ts';
import { previewOf } from './preview.ts';

export interface BeginOptions {
  readonly dryRun?: boolean;
  /** The host's name, or true: the operator has agreed in advance. */
  readonly yes?: string | boolean;
  readonly detach?: boolean;
  readonly json?: boolean;
}

/** Sets the exit code. True: the job was written down and runs, or has run. */
export async function begin(draft: Draft, options: BeginOptions): Promise<boolean> {
  const { planned, impact, name, kept = [], checks = [] } = draft;
  if (!planned.ok) {
    if (!options.json) for (const check of checks) printLine(checkLine(check));
    refuse(options, planned.message, planned.advice);
    return false;
  }
  const { plan } = planned;
  if (options.dryRun) {
    if (options.json) printJson('plan', { plan, impact, kept, checks });
    else for (const line of planLines(plan, draft)) printLine(line);
    return false;
  }
  const sentences = [...plan.destroys, ...impact];
  const lines = planLines(plan, draft);
  const why = await agreed({ sentences, name, yes: options.yes, lines });
  if (!why) return await launched(draft, plan, options);
  refuse(options, why.message, why.advice);
  return false;
}

async function launched({ key, targets, who }: Draft, plan: Plan, { detach, json }: BeginOptions): Promise<boolean> {
  const desk = openDesk();
  if (!desk) return false;
  const id = idOfLaunched(desk, { key, plan, targets, who }, json);
  if (id === undefined) return false;
  if (detach || json) {
    if (json) printJson('job', { id, key });
    else printLine(`job ${id} runs; reseed job attach ${id}`);
  } else {
    await attach(desk, id, { fromStart: true });
  }
  desk.journal.close();
  return true;
}

/** undefined: it was said why nothing runs, and the exit code is set. */
function idOfLaunched(desk: Desk, job: NewJob, json: boolean | undefined): number | undefined {
  try {
    return launch(desk, job).id;
  } catch (error) {
    const message = `nothing was done: the job can't be written down: ${diskTrouble(error)}`;
    process.exitCode = exitCodes.failed;
    printFailure(json, {
      error: 'journal',
      message,
      advice: `see that there is room, and leave to write, below ${dirname(desk.home.journal)}`,
    });
    return undefined;
  }
}

export const keptLine = (sentence: string): string => `– stays: ${sentence}`;

const signs = { pass: '✔', warn: '!', refuse: '✖' } as const;

/** `✖ db3  no room: …; what to do` */
const checkLine = ({ level, host, text, advice }: Finding): string =>
  `${signs[level]} ${host.padEnd(6)} ${text}${level !== 'pass' && advice ? `; ${advice}` : ''}`;

function planLines(plan: Plan, { impact, kept = [], checks = [] }: Draft): string[] {
  return [
    plan.title,
    ...checks.map(checkLine),
    ...[...plan.destroys, ...impact].map((sentence) => `! ${sentence}`),
    ...previewOf(plan).flatMap(({ title, commands, makes }) => [
      `○ ${title}`,
      ...commands.map(({ host, text }) => `    ${host}  $ ${text}`),
      ...(makes ? [`    ${makes}`] : []),
    ]),
    ...kept.map(keptLine),
  ];
}

function refuse({ json }: BeginOptions, message: string, advice: string): void {
  process.exitCode = exitCodes.refused;
  printFailure(json, { error: 'refused', message, advice });
}
