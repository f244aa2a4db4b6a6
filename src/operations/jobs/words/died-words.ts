// Messages about a job whose runner died, or may have: when it was last heard of, by the journal, and what can be done.
// Pure except for the time zone.
import { heardMs, type JobRecord, toDo } from '../../../job/journal/record.ts';
import type { Carried } from '../../../job/lease/runner-state.ts';
import { cleanLine } from '../../../text/clean.ts';
import { clockText } from '../../../text/times.ts';

type Told = Pick<JobRecord, 'id' | 'state' | 'abortRequested' | 'createdMs' | 'startedMs' | 'plan' | 'steps' | 'lease'>;

/** For a job that is not known to be running. */
export const standstillText = (job: Told, { lapsed }: Carried): string => (lapsed ? lapsedText(job) : diedText(job));

/** `runner on jump2 has not renewed its lease since 14:35:17 UTC (clock of jump2), and may run or not. ...` */
export function lapsedText(job: Told): string {
  const { id } = job;
  const machine = machineOf(job);
  const take = (verb: string) => `reseed job ${verb} ${id} --take-from ${machine}`;
  const { words, isOnly } = controlWords(job);
  const means = isOnly ? `${words}: ${take('resume')}` : `${take('resume')}, or ${take('abort')}`;
  return `runner on ${machine} ${notRenewedText(job)}, and may run or not. Look there; if it does not run${isOnly ? ', ' : ': '}${means}`;
}

/** `has not renewed its lease since 14:35:17 UTC (clock of jump2)` */
export const notRenewedText = (job: Told): string =>
  `has not renewed its lease since ${clockText(new Date(job.lease?.renewedMs ?? heardMs(job)))} (clock of ${machineOf(job)})`;

export const machineOf = ({ lease }: Pick<JobRecord, 'lease'>): string => cleanLine(lease?.holder.machine.name ?? '?');

/**
 * `runner died (last heard of 14:35:17 UTC). Resume: ...`. Later lines of other processes in its log, as of `job
 * limit`, are not the runner's.
 */
export function diedText(job: Told): string {
  const { id } = job;
  const { words, isOnly } = controlWords(job);
  const resume = `${words.replace(/^./, (first) => first.toUpperCase())}: reseed job resume ${id}`;
  return `runner died (${heardText(job)}). ${isOnly ? resume : `Resume: reseed job resume ${id}. Abort: reseed job abort ${id}`}`;
}

/** What a resume would do. `isOnly`: an abort would do the same. */
export function controlWords(job: Pick<JobRecord, 'state' | 'abortRequested' | 'plan' | 'steps'>) {
  const words = { steps: 'resume it', undo: 'go on undoing it', release: 'go on releasing what it holds' };
  const next = toDo(job);
  return { words: words[next], isOnly: next !== 'steps' };
}

/** What an operator agrees to when taking a job from its runner, by typing the machine's name. */
export const takeSentence = (job: Told): string =>
  `runner on ${machineOf(job)} ${notRenewedText(job)}, and may run or not: if it still runs there, two runners work on the same hosts`;

/** The console's keys: `r: resume it. a: abort it, and undo what it made`. */
export function controlKeys(job: Parameters<typeof controlWords>[0]): string {
  const { words, isOnly } = controlWords(job);
  return isOnly ? `r: ${words}` : `r: ${words}. a: abort it, and undo what it made`;
}

/** `last heard of 14:35:17 UTC` */
export const heardText = (job: Parameters<typeof heardMs>[0]) => `last heard of ${clockText(new Date(heardMs(job)))}`;
