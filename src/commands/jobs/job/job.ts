// reseed job: shows, watches, ends or resumes one job.

import { existsSync, readFileSync } from 'node:fs';
import { Command } from 'commander';
import type { OtherName } from '../../../history/name.ts';
import { present } from '../../../host/known.ts';
import type { JobRecord } from '../../../job/journal/record.ts';
import { carriedOn, type JobStore } from '../../../operations/jobs/job-store.ts';
import { untoldCommands } from '../../../operations/jobs/job-trouble.ts';
import { limitOf } from '../../../operations/jobs/limit.ts';
import { endSentences } from '../../../operations/jobs/words/end-words.ts';
import { exampleText, printJson, printLine } from '../../answer.ts';
import { chooseHosts, type HostOptions, inventoryFlag } from '../../hosts/targets.ts';
import type { BeginOptions } from '../begin.ts';
import { jobFlags } from '../flags.ts';
import { attach } from './attach.ts';
import { abort, type ControlOptions, resume } from './control.ts';
import { jobJson } from './job-json.ts';
import { jobText } from './job-text.ts';
import { limit } from './limit.ts';
import { abortOtherJob, logOther, showOther } from './other.ts';
import { runHere } from './run.ts';
import { takeUpOther, takeUpOwn } from './take-up.ts';
import { withJob } from './with-job.ts';

interface JobOptions extends ControlOptions, Omit<BeginOptions, keyof ControlOptions> {
  readonly follow?: boolean;
}

const takeFromFlag = [
  '--take-from <machine>',
  'take the job from its runner on that machine, which does not renew its lease and, as you have seen there, does not run',
] as const;

export function jobCommand(): Command {
  const group = new Command('job').description('one job: show it, watch it, end it, resume it');
  const verb = (
    name: string,
    description: string,
    act: (store: JobStore, job: JobRecord, options: JobOptions) => void | Promise<void>,
    other?: (store: JobStore, name: OtherName, options: JobOptions) => Promise<void>,
  ) =>
    group
      .command(name)
      .description(description)
      .argument('<id>', 'its number, or jump2:4 for job 4 of another jump host; see reseed jobs')
      .action(async (id: string, options: JobOptions) =>
        withJob(id, options, {
          own: (store, job) => act(store, job, options),
          ...(other && { other: (store, name) => other(store, name, options) }),
        }),
      );
  verb('show', 'its steps, what it holds, how it ended', show, showOther)
    .option('--json', 'answer in JSON')
    .addHelpText(
      'after',
      exampleText(['reseed job show 17', 'reseed job show jump2:7', 'reseed job show 17 --json | jq .state']),
    );
  verb('log', 'everything that it ran', log, logOther)
    .option('-f, --follow', 'go on as it grows')
    .addHelpText('after', exampleText(['reseed job log 17', 'reseed job log 17 -f']));
  verb(
    'attach',
    'watch it to its end',
    ({ journal, home }, { id }, { verbose }) =>
      attach({ journal, home }, id, { fromStart: true, commands: verbose === true }),
    (store, name) => logOther(store, name, { follow: true }),
  )
    .option('-v, --verbose', 'with every command that runs, as job log -f')
    .addHelpText('after', exampleText(['reseed job attach 17']));
  verb('abort', 'end it, and undo what it made; of one that is over, what it left', abort, abortOtherJob)
    .option('--dry-run', 'show what each host ends up as, with the exact commands, and do nothing')
    .option('--yes [id]', 'agree in advance')
    .option('--json', 'answer in JSON, when the job is over; questions go to standard error')
    .option(...takeFromFlag)
    .option(...inventoryFlag)
    .addHelpText('after', `\nJSON: {kind, version, id, key, state, error, end}; with --dry-run, the plan.`)
    .addHelpText(
      'after',
      exampleText(['reseed job abort 17 --dry-run', 'reseed job abort 17', 'reseed job abort 17 --yes=17 --json']),
    );
  verb('resume', 'resume a job whose runner died', resume)
    .option('--json', 'answer in JSON, as soon as the job runs')
    .option(...takeFromFlag)
    .option(...inventoryFlag)
    .addHelpText('after', exampleText(['reseed job resume 17', 'reseed job resume 17 --take-from jump1']));
  jobFlags(
    verb(
      'take-up',
      'take up a job of another jump host that is gone: from then on its hosts refuse every command of it',
      takeUpOwn,
      takeUpOther,
    )
      .option(...inventoryFlag)
      .addHelpText('after', exampleText(['reseed job take-up jump2:7 --dry-run', 'reseed job take-up jump2:7'])),
  );
  group
    .command('limit')
    .description('change the bandwidth of a seed that copies')
    .argument('<id>', 'its number; see reseed jobs')
    .argument('<bytes>', 'bytes a second on the wire, as compressed, that leave the donor in all: 20M; or none')
    .option('--json', 'answer in JSON')
    .option(...inventoryFlag)
    .addHelpText('after', exampleText(['reseed job limit 17 20M', 'reseed job limit 17 none']))
    .action(async (id: string, bytes: string, options: HostOptions) =>
      withJob(id, options, {
        own: async (store, job) => {
          const chosen = await chooseHosts([], options);
          if (chosen) await limit(store, job, bytes, { inventory: chosen.inventory, json: options.json });
        },
      }),
    );
  group
    .command('run', { hidden: true })
    .argument('<id>')
    .argument('[lease]')
    .action((id: string, leaseKey: string | undefined) => runHere(Number(id), leaseKey));
  return group.addHelpText('after', exampleText(['reseed job show 17', 'reseed job log 17 -f', 'reseed job abort 17']));
}

function show(store: JobStore, job: JobRecord, { json }: JobOptions): void {
  const { home, journal } = store;
  const carried = carriedOn(store, job);
  const commands = journal.commands(job.id);
  const untold = untoldCommands(store, job.id);
  const limitBytesPerSecond = limitOf(job, commands);
  if (json) {
    const end = [...endSentences(job, commands), ...untold];
    printJson('job', {
      ...jobJson(job, carried),
      ...present('limitBytesPerSecond', limitBytesPerSecond),
      ...{ end, log: home.log(job.id), commands },
    });
    return;
  }
  for (const line of jobText(job, carried, { name: String(job.id), commands, untold, limitBytesPerSecond }))
    printLine(line);
  printLine(`log: ${home.log(job.id)}`);
}

async function log(store: JobStore, job: JobRecord, { follow }: JobOptions): Promise<void> {
  if (follow) return await attach(store, job.id, { fromStart: true, commands: true });
  const path = store.home.log(job.id);
  if (existsSync(path)) process.stdout.write(readFileSync(path));
}
