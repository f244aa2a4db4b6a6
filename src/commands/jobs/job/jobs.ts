// reseed jobs: running and past jobs, and which operator started each.

import { Command, InvalidArgumentError } from 'commander';
import type { JobRecord } from '../../../job/journal/record.ts';
import { whoLine } from '../../../job/who.ts';
import { jobBadge } from '../../../job/words/badges.ts';
import { carriedOn } from '../../../operations/jobs/job-store.ts';
import { badgeText } from '../../../text/badge.ts';
import { dayText } from '../../../text/times.ts';
import { exampleText, printJson, printLine, tableLines } from '../../answer.ts';
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
  throw new InvalidArgumentError('a whole number, from 1');
}

function jobs({ json, limit }: JobsOptions): void {
  const store = openJobStore(json);
  if (!store) return;
  const { home, journal } = store;
  const found = journal.jobs(limit);
  if (json) {
    const withCommands = found.map((job) => ({
      ...jobJson(job, carriedOn(store, job)),
      log: home.log(job.id),
      commands: journal.commands(job.id),
    }));
    printJson('jobs', { jobs: withCommands });
  } else if (found.length === 0) printLine('no jobs yet');
  else {
    const rows = found.map((job) => [
      String(job.id),
      badgeText(jobBadge(job, carriedOn(store, job))),
      dayText(new Date(job.createdMs)),
      job.plan.title,
      whoLine(job.who),
      stepText(job),
    ]);
    for (const line of tableLines(['JOB', 'STATE', 'BEGUN', 'WHAT', 'WHO', 'STEP'], rows)) printLine(line);
  }
  journal.close();
}

/** The current step, or why the job ended there. */
function stepText({ steps, error, plan }: JobRecord): string {
  if (error) return error;
  const done = steps.filter(({ state }) => state === 'done').length;
  const running = steps.find(({ state }) => state === 'running');
  return `${done} of ${steps.length}${running ? ` · ${plan.steps.find(({ name }) => name === running.name)?.title ?? running.name}` : ''}`;
}
