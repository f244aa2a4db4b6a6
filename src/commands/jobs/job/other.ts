// reseed job show, log, attach of a job of another jump host, from the shared database.
import { setTimeout as sleep } from 'node:timers/promises';
import type { OtherName } from '../../../history/name.ts';
import type { LogPart, OtherJob, UnreadJob } from '../../../history/read.ts';
import { isOver } from '../../../job/journal/record.ts';
import { standsStill } from '../../../job/lease/runner-state.ts';
import { otherStillText } from '../../../operations/history/words.ts';
import type { JobStore } from '../../../operations/jobs/job-store.ts';
import { abortCommands, abortSentences, swapsBack } from '../../../operations/jobs/words/abort-words.ts';
import { endSentences } from '../../../operations/jobs/words/end-words.ts';
import type { Result } from '../../../operations/result.ts';
import { exitCodes, exitWith, printFailure, printJson, printLine, printRefusal } from '../../answer.ts';
import { untilSignalled } from '../../hosts/signals.ts';
import { chooseHosts } from '../../hosts/targets.ts';
import { agreed } from '../agree.ts';
import type { ControlOptions } from './control.ts';
import { otherJson } from './job-json.ts';
import { jobText } from './job-text.ts';

interface Options {
  readonly json?: boolean;
  readonly follow?: boolean;
}

const historyOf = async () =>
  await Promise.all([import('../../../operations/history/ask.ts'), import('../../../history/read.ts')]);

/** undefined: the reason was printed, and the exit code is set. */
async function asked(store: JobStore, name: OtherName, json?: boolean): Promise<OtherJob | undefined> {
  const [{ askHistory }, { otherJob }] = await historyOf();
  return told(name, await askHistory(store, async (database) => await otherJob(database, name)), json);
}

function told(name: OtherName, answer: Result<OtherJob | UnreadJob | undefined>, json?: boolean): OtherJob | undefined {
  const called = `${name.host}:${name.id}`;
  if (!answer.ok) exitWith(printRefusal(json, answer.refusal));
  else if (answer.value && 'job' in answer.value) return answer.value;
  else {
    const why = answer.value ? `job ${called} is not shown: ${answer.value.why}` : `there is no job ${called}`;
    exitWith(answer.value ? exitCodes.failed : exitCodes.usage);
    printFailure(json, { error: answer.value ? 'failed' : 'usage', message: why, advice: 'reseed jobs lists them' });
  }
  return undefined;
}

/** Sets the exit code. */
export async function showOther(store: JobStore, name: OtherName, { json }: Options): Promise<void> {
  const other = await asked(store, name, json);
  if (!other) return;
  const [{ askHistory }, { otherCommands }] = await historyOf();
  const ran = await askHistory(store, async (database) => await otherCommands(database, name));
  if (!ran.ok) return exitWith(printRefusal(json, ran.refusal));
  const commands = ran.value;
  if (json) {
    printJson('job', { ...otherJson(other), end: endSentences(other.job, commands, other.from), commands });
    return;
  }
  const still = otherStillText(other);
  for (const line of jobText(other.job, other, { name: other.name, commands, untold: [], still, from: other.from }))
    printLine(line);
  printLine(`log: reseed job log ${other.name}`);
}

const lookEveryMs = 1000;

/** Sets the exit code: followed, that of the job's end. */
export async function logOther(store: JobStore, name: OtherName, { follow = false }: Options): Promise<void> {
  exitWith(await untilSignalled((signal) => printed(store, name, follow, signal)));
}

async function printed(store: JobStore, name: OtherName, follow: boolean, signal: AbortSignal): Promise<number> {
  for (let from = 0; ; ) {
    const seen = await lookAtLog(store, name, from);
    if (typeof seen === 'number') return seen;
    printLeft(name, seen.part);
    process.stdout.write(seen.part.text);
    const isMore = seen.part.next > from;
    from = seen.part.next;
    if (signal.aborted) return exitCodes.interrupted;
    if (isMore) continue;
    const end = endOf(seen.job, follow);
    if (end !== undefined) return end;
    await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return exitCodes.interrupted;
  }
}

/** A number: why not was printed, and it is the exit code. */
async function lookAtLog(store: JobStore, name: OtherName, from: number) {
  const [{ askHistory }, { otherJob, otherLog }] = await historyOf();
  const answer = await askHistory(store, async (database) => {
    // The job first: if it is over now, its log has all of its lines.
    const job = await otherJob(database, name);
    return { job, part: await otherLog(database, name, from) };
  });
  if (!answer.ok) return printRefusal(false, answer.refusal);
  const { job, part } = answer.value;
  if (job) return { job, part };
  printFailure(false, { error: 'usage', message: `there is no job ${name.host}:${name.id}`, advice: '' });
  return exitCodes.usage;
}

function printLeft({ host }: OtherName, { left }: LogPart): void {
  if (left > 0) process.stdout.write(`... ${left} bytes before this are in its log on ${host} only\n`);
}

/** The exit code where no more comes; undefined: the job goes on. */
function endOf(job: OtherJob | UnreadJob, follow: boolean): number | undefined {
  if (!follow || 'why' in job) return exitCodes.done;
  if (isOver(job.job.state)) return job.job.state === 'done' ? exitCodes.done : exitCodes.failed;
  if (!standsStill(job)) return undefined;
  process.stderr.write(`reseed: job ${job.name}: ${otherStillText(job)}\n`);
  return exitCodes.failed;
}

/** Sets the exit code. Its own jump host ends it, if that answers. */
export async function abortOtherJob(store: JobStore, name: OtherName, options: ControlOptions): Promise<void> {
  const { json, yes } = options;
  if (options.takeFrom !== undefined) {
    return refuse(json, `--take-from is of a job of this jump host: ${name.host} knows where its runners are`);
  }
  // The inventory says whether its hosts may be changed from here.
  const chosen = await chooseHosts([], options);
  if (!chosen) return;
  const { abortOther, jobToAbort, readOnlyHere } = await import('../../../operations/history/abort-other.ts');
  const other = told(name, await jobToAbort(store, name), json);
  if (!other) return;
  const readOnly = readOnlyHere(other.job, chosen.inventory);
  if (readOnly !== undefined) return refuse(json, readOnly);
  if (isOver(other.job.state)) return refuse(json, `job ${other.name} is over: ${other.job.state}`);
  const [{ askHistory }, { otherCommands }] = await historyOf();
  const ran = await askHistory(store, async (database) => await otherCommands(database, name));
  if (!ran.ok) return exitWith(printRefusal(json, ran.refusal));
  const sentences = abortSentences(other.job, ran.value);
  const title = `abort job ${other.name}: ${other.job.plan.title}`;
  if (options.dryRun) return showAbort(other, title, sentences, json);
  const lines = [title, ...sentences].map((text) => ({ text, isToRead: false }));
  const why = await agreed({ sentences: swapsBack(other.job), name: other.name, yes, lines, json });
  if (why) return refuse(json, why.message, why.advice);
  exitWith(
    await untilSignalled(async (signal) => {
      const answer = await abortOther(store, other, signal);
      if (!answer.ok) return printRefusal(json, answer.refusal);
      if (json) printJson('abort', { name: other.name, from: other.from, answer: answer.value });
      else printLine(`${other.from}: ${answer.value}; reseed job log -f ${other.name} follows it`);
      return exitCodes.done;
    }),
  );
}

function showAbort({ name, job }: OtherJob, title: string, sentences: readonly string[], json?: boolean): void {
  const commands = abortCommands(job);
  if (json) printJson('abort-plan', { name, title: job.plan.title, sentences, grave: swapsBack(job), commands });
  else {
    for (const line of [title, ...sentences]) printLine(line);
    for (const { host, text } of commands) printLine(`    undo: ${host}  $ ${text}`);
  }
}

const refuse = (json: boolean | undefined, message: string, advice = ''): void =>
  exitWith(printRefusal(json, { kind: 'refused', message, advice }));
