// reseed job: shows, watches, ends or resumes one job.

import { existsSync, readFileSync } from 'node:fs';
import { Command } from 'commander';
import { present } from '../../../host/known.ts';
import { isOver, type JobRecord, type StepRecord, workedMs } from '../../../job/journal/record.ts';
import { standsStill } from '../../../job/lease/runner-state.ts';
import { everyStep } from '../../../job/plan/plan.ts';
import { whoLine } from '../../../job/who.ts';
import { jobBadge, jobBadges, resourceBadge, stepBadge, stepBadges } from '../../../job/words/badges.ts';
import { awayWords, troubleWords } from '../../../job/words/progress-words.ts';
import { carriedOn, type JobStore } from '../../../operations/jobs/job-store.ts';
import { troubleOf, untoldCommands } from '../../../operations/jobs/job-trouble.ts';
import { limitOf } from '../../../operations/jobs/limit.ts';
import { standstillText } from '../../../operations/jobs/words/died-words.ts';
import { endSentences } from '../../../operations/jobs/words/end-words.ts';
import type { Refusal } from '../../../operations/result.ts';
import { limitText, shortSize } from '../../../text/amounts.ts';
import { badgeText, signOf } from '../../../text/badge.ts';
import { clockDuration, clockText, dayText, stepDuration } from '../../../text/times.ts';
import { exampleText, exitWith, printJson, printLine, printRefusal } from '../../answer.ts';
import { chooseHosts, type HostOptions, inventoryFlag } from '../../hosts/targets.ts';
import { attach } from './attach.ts';
import { abort, type ControlOptions, resume } from './control.ts';
import { jobJson } from './job-json.ts';
import { limit } from './limit.ts';
import { openJobStore } from './open-store.ts';
import { runHere } from './run.ts';

interface JobOptions extends ControlOptions {
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
  ) =>
    group
      .command(name)
      .description(description)
      .argument('<id>', 'its number; see reseed jobs')
      .action(async (id: string, options: JobOptions) =>
        withJob(id, options, (store, job) => act(store, job, options)),
      );
  verb('show', 'its steps, what it holds, how it ended', show)
    .option('--json', 'answer in JSON')
    .addHelpText('after', exampleText(['reseed job show 17', 'reseed job show 17 --json | jq .state']));
  verb('log', 'everything that it ran', log)
    .option('-f, --follow', 'go on as it grows')
    .addHelpText('after', exampleText(['reseed job log 17', 'reseed job log 17 -f']));
  verb('attach', 'watch it to its end', ({ journal, home }, { id }) =>
    attach({ journal, home }, id, { fromStart: true }),
  ).addHelpText('after', exampleText(['reseed job attach 17']));
  verb('abort', 'end it, and undo what it made; of one that is over, what it left', abort)
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
  group
    .command('limit')
    .description('change the bandwidth of a seed that copies')
    .argument('<id>', 'its number; see reseed jobs')
    .argument('<bytes>', 'bytes a second on the wire, as compressed, that leave the donor in all: 20M; or none')
    .option('--json', 'answer in JSON')
    .option(...inventoryFlag)
    .addHelpText('after', exampleText(['reseed job limit 17 20M', 'reseed job limit 17 none']))
    .action(async (id: string, bytes: string, options: HostOptions) =>
      withJob(id, options, async (store, job) => {
        const chosen = await chooseHosts([], options);
        if (chosen) await limit(store, job, bytes, { inventory: chosen.inventory, json: options.json });
      }),
    );
  group
    .command('run', { hidden: true })
    .argument('<id>')
    .argument('[lease]')
    .action((id: string, leaseKey: string | undefined) => runHere(Number(id), leaseKey));
  return group.addHelpText('after', exampleText(['reseed job show 17', 'reseed job log 17 -f', 'reseed job abort 17']));
}

type Work = (store: JobStore, job: JobRecord) => void | Promise<void>;

async function withJob(id: string, options: HostOptions, work: Work): Promise<void> {
  const store = openJobStore(options.json);
  if (!store) return;
  try {
    const job = /^\d{1,9}$/.test(id) ? store.journal.job(Number(id)) : undefined;
    if (job) await work(store, job);
    else refuse(options, { kind: 'usage', message: `there is no job ${id}`, advice: 'reseed jobs lists them' });
  } catch (error) {
    const { message, advice } = troubleOf(store, error);
    refuse(options, { kind: 'failed', message: `job ${id} stays as it is: ${message}`, advice });
  }
  store.journal.close();
}

const refuse = ({ json }: HostOptions, refusal: Refusal) => exitWith(printRefusal(json, refusal));

function show(store: JobStore, job: JobRecord, { json }: JobOptions): void {
  const { home, journal } = store;
  const carried = carriedOn(store, job);
  const isStill = standsStill(carried);
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
  printLine(`job ${job.id} · ${job.plan.title} · ${badgeText(jobBadge(job, carried))}`);
  if (isStill) printLine(standstillText(job, carried));
  printLine(`asked for by ${whoLine(job.who)}; marked ${job.key} on its hosts`);
  printLine(timesLine(job));
  if (limitBytesPerSecond !== undefined) printLine(limitLine(job.id, limitBytesPerSecond));
  const titles = new Map(everyStep(job.plan).map(({ name, title }) => [name, title]));
  for (const step of job.steps) {
    for (const line of stepLines(
      { ...step, name: titles.get(step.name) ?? step.name },
      isStill,
      Date.now(),
      isOver(job.state),
    ))
      printLine(line);
  }
  for (const resource of job.resources) printLine(`  ${badgeText(resourceBadge(resource, isStill))}  ${resource.what}`);
  if (job.error) printLine(`${signOf(jobBadges.failed)} ${job.error}`);
  for (const sentence of [...endSentences(job, commands), ...untold]) printLine(sentence);
  printLine(`log: ${home.log(job.id)}`);
}

const limitLine = (id: number, bytes: number): string =>
  bytes === 0 ? `no limit: reseed job limit ${id} 20M sets one` : `at most ${limitText(bytes)}: reseed job limit ${id}`;

/** `begun 2026-11-28 02:10:11 UTC, ended 2026-11-28 02:14:02 UTC, 03:51 in all` */
export function timesLine({ createdMs, endedMs }: JobRecord): string {
  const begun = `begun ${dayText(new Date(createdMs))}`;
  if (endedMs === undefined) return begun;
  return `${begun}, ended ${dayText(new Date(endedMs))}, ${clockDuration(endedMs - createdMs)} in all`;
}

/**
 * `▶ copy db2 → db3  134.2 s  12G of 287G; try 3 of 3; no byte for 2 min`, why the previous try failed, and which lanes
 * failed. The clean name is in `step.name`.
 */
export function stepLines(step: StepRecord, abandoned: boolean, nowMs: number, over = false): string[] {
  const { name, state, progress, lost = {} } = step;
  const worked = state === 'waiting' || state === 'skipped' ? undefined : workedMs(step, abandoned, nowMs);
  const running = state === 'running' ? progress : undefined;
  const told = running
    ? [running.text, ...troubleWords(running), running.beside].filter(Boolean)
    : awayWords(progress?.away ?? []);
  const words = abandoned && (running || told.length > 0) ? [`last told${toldText(step)}`, ...told] : told;
  const sign = signOf(stepBadge(step, { isStill: abandoned, isOver: over }));
  return [
    [`${sign} ${name}`, worked === undefined ? '' : stepDuration(worked), words.join('; ')].filter(Boolean).join('  '),
    ...laneLines(running),
    ...(running?.lastError === undefined ? [] : [`    last error: ${running.lastError}`]),
    ...Object.entries(lost).map(([lane, why]) => `    ${signOf(stepBadges.failed)} ${lane}: ${why}`),
  ];
}

/** Where a step works for several targets, a line each: `db6: 87M of 313M; nothing has moved for 20 s; ...`. */
function laneLines(running: StepRecord['progress']): string[] {
  const lanes = Object.entries(running?.lanes ?? {});
  if (lanes.length < 2) return [];
  return lanes.map(([lane, { doneBytes, totalBytes, text }]) => {
    const far =
      doneBytes === undefined
        ? []
        : [`${shortSize(doneBytes)} of ${totalBytes === undefined ? '?' : shortSize(totalBytes)}`];
    return `    ${lane}: ${[...far, text].filter(Boolean).join('; ')}`;
  });
}

/** ` 14:35:17 UTC`; empty: unknown. */
const toldText = ({ toldMs }: StepRecord) => (toldMs === undefined ? '' : ` ${clockText(new Date(toldMs))}`);

async function log(store: JobStore, job: JobRecord, { follow }: JobOptions): Promise<void> {
  if (follow) return await attach(store, job.id, { fromStart: true });
  const path = store.home.log(job.id);
  if (existsSync(path)) process.stdout.write(readFileSync(path));
}
