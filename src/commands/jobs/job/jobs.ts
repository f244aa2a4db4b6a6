// reseed jobs: running and past jobs, and which operator started each.

import { Command, InvalidArgumentError } from 'commander';
import type { OtherJobs } from '../../../history/read.ts';
import type { JobRecord } from '../../../job/journal/record.ts';
import type { DamagedJob } from '../../../job/journal/row-damage.ts';
import type { Carried } from '../../../job/lease/runner-state.ts';
import { everyStep } from '../../../job/plan/plan.ts';
import { whoLine } from '../../../job/who.ts';
import { damagedBadge, jobBadge } from '../../../job/words/badges.ts';
import { awayLine } from '../../../operations/history/joined.ts';
import { othersOf } from '../../../operations/history/others.ts';
import { carriedOn, type JobStore } from '../../../operations/jobs/job-store.ts';
import { damageTrouble, reading } from '../../../operations/jobs/job-trouble.ts';
import { badgeText } from '../../../text/badge.ts';
import { dayText } from '../../../text/times.ts';
import { exampleText, exitCodes, exitWith, printFailure, printJson, printLine, tableLines } from '../../answer.ts';
import { jobJson, otherJson } from './job-json.ts';
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

async function jobs({ json, limit }: JobsOptions): Promise<void> {
  const store = openJobStore(json);
  if (!store) return;
  const others = await othersOf(store, limit);
  const listed = reading(store, () => (json ? jobsJson(store, limit, others) : jobsTable(store, limit, others)));
  if (typeof listed === 'string') {
    printFailure(json, { error: 'failed', message: listed, advice: '' });
    exitWith(exitCodes.failed);
  } else if (Array.isArray(listed)) for (const line of listed) printLine(line);
  else printJson('jobs', listed);
  for (const job of json ? [] : store.journal.damaged()) {
    printFailure(json, { error: 'failed', ...damageTrouble(store, job) });
  }
  if (!json) sayHistory(store, others);
  store.journal.close();
}

/** What is not known of the jobs of other jump hosts. */
function sayHistory({ journal }: JobStore, { unread }: OtherJobs): void {
  const away = awayLine(journal);
  if (away !== undefined) process.stderr.write(`reseed: ${away}\n`);
  for (const { name, why } of unread) process.stderr.write(`reseed: job ${name} is not shown: ${why}\n`);
}

/** `damaged`: jobs among them whose record can't be read. */
function jobsJson(store: JobStore, limit: number, { jobs: others, unread }: OtherJobs) {
  const { home, journal } = store;
  const jobs = journal.jobs(limit).map((job) => ({
    ...jobJson(job, carriedOn(store, job)),
    log: home.log(job.id),
    ...commandsOf(store, job),
  }));
  const damaged = journal.damaged().map((job) => ({ id: job.id, ...job.damage.at, ...damageTrouble(store, job) }));
  const joined = journal.sharing.joined();
  if (!joined) return { jobs, damaged };
  const history = { name: joined.name, waiting: journal.sharing.waiting(), away: journal.sharing.away() ?? null };
  return { jobs, damaged, history, others: others.map(otherJson), unread };
}

/** Those that can be read; `commandsError`: others can't. */
function commandsOf({ journal }: JobStore, { id }: JobRecord) {
  const [damage] = journal.commandDamage(id);
  return { commands: journal.commands(id), ...(damage && { commandsError: damage.message }) };
}

function jobsTable(store: JobStore, limit: number, { jobs: others }: OtherJobs): readonly string[] {
  const own = [
    ...store.journal.jobs(limit).map((job) => ({ ...job, cells: jobCells(job, carriedOn(store, job)) })),
    ...store.journal.damaged().map((job) => ({ ...job, cells: damagedCells(job) })),
  ].toSorted((one, other) => other.id - one.id);
  const there = others.map((one) => ({ name: one.name, createdMs: one.job.createdMs, cells: jobCells(one.job, one) }));
  const rows = merged(
    own.map(({ id, createdMs, cells }) => ({ name: String(id), createdMs, cells })),
    there,
  );
  if (rows.length === 0) return ['no jobs yet'];
  const cells = rows.map(({ name, cells }) => [name, ...cells]);
  return tableLines(['JOB', 'STATE', 'BEGUN', 'WHAT', 'WHO', 'STEP'], cells);
}

interface TableRow {
  readonly name: string;
  readonly createdMs: number | undefined;
  readonly cells: readonly string[];
}

/** The newest first. Without others the numbers decide, as a clock may have been put back. */
function merged(own: readonly TableRow[], there: readonly TableRow[]): readonly TableRow[] {
  if (there.length === 0) return own;
  const timeOf = ({ createdMs = Number.POSITIVE_INFINITY }: TableRow) => createdMs;
  return [...own, ...there].toSorted((one, other) => (timeOf(one) < timeOf(other) ? 1 : -1));
}

const jobCells = (job: JobRecord, carried: Carried): readonly string[] => [
  badgeText(jobBadge(job, carried)),
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
