// reseed jobs: running and past jobs, and which operator started each.

import { Command, InvalidArgumentError } from 'commander';
import type { JobRecord } from '../../../job/journal/record.ts';
import type { DamagedJob } from '../../../job/journal/row-damage.ts';
import { everyStep } from '../../../job/plan/plan.ts';
import { whoLine } from '../../../job/who.ts';
import { damagedBadge, jobBadge } from '../../../job/words/badges.ts';
import { carriedOn, type JobStore } from '../../../operations/jobs/job-store.ts';
import { damageTrouble, reading } from '../../../operations/jobs/job-trouble.ts';
import { badgeText } from '../../../text/badge.ts';
import { dayText } from '../../../text/times.ts';
import { exampleText, exitCodes, exitWith, printFailure, printJson, printLine, tableLines } from '../../answer.ts';
import { jobJson } from './job-json.ts';
import { openJobStore } from './open-store.ts';

interface JobsOptions {
  readonly json?: boolean;
  readonly limit: number;
}

export function jobsCommand(): Command {
  return new Command('jobs')
    .description('what runs, what has run, who asked for it and how it ended; the newest first')
    .option('--limit <n>', 'how many', countFrom, 20)
    .option('--json', 'answer in JSON: the audit trail, whole')
    .addHelpText(
      'after',
      exampleText(['reseed jobs', `reseed jobs --limit 1000 --json | jq '.jobs[] | {id, state, who}'`]),
    )
    .action(jobs);
}

function countFrom(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Write a whole number, from 1.');
}

function jobs({ json, limit }: JobsOptions): void {
  const store = openJobStore(json);
  if (!store) return;
  const listed = reading(store, () => (json ? jobsJson(store, limit) : jobsTable(store, limit)));
  if (typeof listed === 'string') {
    printFailure(json, { error: 'failed', message: listed, advice: '' });
    exitWith(exitCodes.failed);
  } else if (Array.isArray(listed)) for (const line of listed) printLine(line);
  else printJson('jobs', listed);
  for (const job of json ? [] : store.journal.damaged()) {
    printFailure(json, { error: 'failed', ...damageTrouble(store, job) });
  }
  store.journal.close();
}

/** `damaged`: jobs among them whose record can't be read. */
function jobsJson(store: JobStore, limit: number) {
  const { home, journal } = store;
  const jobs = journal.jobs(limit).map((job) => ({
    ...jobJson(job, carriedOn(store, job)),
    log: home.log(job.id),
    ...commandsOf(store, job),
  }));
  const damaged = journal.damaged().map((job) => ({ id: job.id, ...job.damage.at, ...damageTrouble(store, job) }));
  return { jobs, damaged };
}

/** Those that can be read; `commandsError`: others can't. */
function commandsOf({ journal }: JobStore, { id }: JobRecord) {
  const [damage] = journal.commandDamage(id);
  return { commands: journal.commands(id), ...(damage && { commandsError: damage.message }) };
}

function jobsTable(store: JobStore, limit: number): readonly string[] {
  const rows = [
    ...store.journal.jobs(limit).map((job) => ({ id: job.id, cells: jobCells(store, job) })),
    ...store.journal.damaged().map((job) => ({ id: job.id, cells: damagedCells(job) })),
  ].toSorted((one, other) => other.id - one.id);
  if (rows.length === 0) return ['no jobs yet'];
  const cells = rows.map(({ id, cells }) => [String(id), ...cells]);
  return tableLines(['JOB', 'STATE', 'BEGUN', 'WHAT', 'WHO', 'STEP'], cells);
}

const jobCells = (store: JobStore, job: JobRecord): readonly string[] => [
  badgeText(jobBadge(job, carriedOn(store, job))),
  dayText(new Date(job.createdMs)),
  job.plan.title,
  whoLine(job.who),
  stepText(job),
];

const damagedCells = ({ createdMs, title, damage }: DamagedJob): readonly string[] => [
  badgeText(damagedBadge),
  createdMs === undefined ? '?' : dayText(new Date(createdMs)),
  title ?? '?',
  '?',
  damage.message,
];

/** The current step, or why the job ended there. */
function stepText({ steps, error, plan }: JobRecord): string {
  if (error) return error;
  const done = steps.filter(({ state }) => state === 'done').length;
  const running = steps.find(({ state }) => state === 'running');
  return `${done} of ${steps.length}${running ? ` · ${everyStep(plan).find(({ name }) => name === running.name)?.title ?? running.name}` : ''}`;
}
