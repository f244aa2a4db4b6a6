// What is said of a job whose runner died, or may have: when it was heard of last, by the journal, and what can be done. Pure but for the
// time zone.
import { type JobRecord, toDo } from '../../../job/journal/record.ts';
import type { Carried } from '../../../job/lease/runner-state.ts';
import { cleanLine } from '../../../text/clean.ts';
import { clockText } from '../../../text/times.ts';

type Told = Pick<JobRecord, 'id' | 'state' | 'abortRequested' | 'createdMs' | 'startedMs' | 'steps' | 'lease'>;

/** Of a job that is not known to go on. */
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

/** `runner died (last heard of 14:35:17 UTC). Resume: ...`. What others wrote to its log since, as `job limit` does, is not its own. */
export function diedText(job: Told): string {
  const { id } = job;
  const { words, isOnly } = controlWords(job);
  const resume = `${words.replace(/^./, (first) => first.toUpperCase())}: reseed job resume ${id}`;
  return `runner died (${heardText(job)}). ${isOnly ? resume : `Resume: reseed job resume ${id}. Abort: reseed job abort ${id}`}`;
}

/** What carrying the job on is. `isOnly`: an abort would be no other thing. */
export function controlWords(job: Pick<JobRecord, 'state' | 'abortRequested' | 'steps'>) {
  const words = { steps: 'resume it', undo: 'go on undoing it', release: 'go on releasing what it holds' };
  const next = toDo(job);
  return { words: words[next], isOnly: next !== 'steps' };
}

/** What an operator agrees to who takes a job from its runner: by the machine's name, which is typed. */
export const takeSentence = (job: Told): string =>
  `runner on ${machineOf(job)} ${notRenewedText(job)}, and may run or not: if it still runs there, two runners work on the same hosts`;

/** The console's: `r: resume it. a: abort it, and undo what it made`. */
export function controlKeys(job: Parameters<typeof controlWords>[0]): string {
  const { words, isOnly } = controlWords(job);
  return isOnly ? `r: ${words}` : `r: ${words}. a: abort it, and undo what it made`;
}

/** `last heard of 14:35:17 UTC` */
export const heardText = (job: Parameters<typeof heardMs>[0]) => `last heard of ${clockText(new Date(heardMs(job)))}`;

/** When its runner wrote the last word of it that has a time. */
export const heardMs = ({
  createdMs,
  startedMs,
  steps,
}: Pick<JobRecord, 'createdMs' | 'startedMs' | 'steps'>): number =>
  Math.max(
    ...[createdMs, startedMs, ...steps.flatMap((step) => [step.startedMs, step.endedMs, step.toldMs])].filter(
      (ms) => ms !== undefined,
    ),
  );
