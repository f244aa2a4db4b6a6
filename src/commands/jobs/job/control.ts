// reseed job abort, resume: a job ended or resumed from this terminal.
import type { JobRecord } from '../../../job/journal/record.ts';
import { type Asked, abortJob, readOnlyJob, resumeJob } from '../../../operations/jobs/control.ts';
import type { JobStore } from '../../../operations/jobs/job-store.ts';
import { untoldCommands } from '../../../operations/jobs/job-trouble.ts';
import { isRenewed } from '../../../operations/jobs/take-from.ts';
import { abortCommands, abortSentences, isAbortable, swapsBack } from '../../../operations/jobs/words/abort-words.ts';
import { endSentences } from '../../../operations/jobs/words/end-words.ts';
import { exitCodes, exitWith, printJson, printLine, printRefusal } from '../../answer.ts';
import { chooseHosts, type HostOptions } from '../../hosts/targets.ts';
import { agreed } from '../agree.ts';
import { attach } from './attach.ts';

export interface ControlOptions extends HostOptions {
  /** Prints what it would do, and does nothing. */
  readonly dryRun?: boolean;
  /** The job's number, or true: the operator agrees in advance. */
  readonly yes?: string | boolean;
  /** The machine of a runner that the operator knows to be dead. */
  readonly takeFrom?: string;
}

/** Sets the exit code. */
export async function abort(store: JobStore, job: JobRecord, options: ControlOptions): Promise<void> {
  // The inventory says whether its hosts may be changed.
  const chosen = await chooseHosts([], options);
  if (!chosen) return;
  const readOnly = readOnlyJob(job, chosen.inventory);
  if (readOnly !== undefined) return refuse(options, readOnly);
  if (options.dryRun && isAbortable(job)) return showAbort(store, job, options);
  if (options.dryRun) return refuse(options, `job ${job.id} is over: ${job.state}`);
  if (isAbortable(job)) {
    const sentences = [...abortSentences(job, store.journal.commands(job.id)), ...untoldCommands(store, job.id)];
    const lines = [titleOf(job), ...sentences].map((text) => ({ text, isToRead: false }));
    const { yes, json } = options;
    const why = await agreed({ sentences: swapsBack(job), name: String(job.id), yes, lines, json });
    if (why) return refuse(options, why.message, why.advice);
  }
  const asked =
    (await isRenewed(store, job, options.takeFrom, sayWait)) ??
    abortJob(store, job, chosen.inventory, options.takeFrom);
  if (!asked.ok) return refuse(options, asked.why);
  sayTrouble(job, asked);
  await attach(store, job.id, { fromStart: false, silent: options.json === true });
  const after = store.journal.job(job.id);
  // The job was to be aborted, and it was: this verb succeeded. So it did if leftovers are gone now.
  const end = after?.state;
  if (end === 'aborted' || (end === 'failed' && job.state === 'cleanup-needed')) exitWith(exitCodes.done);
  if (options.json && after) {
    const { id, key, state, error = null } = after;
    const end = [...endSentences(after, store.journal.commands(id)), ...untoldCommands(store, id)];
    printJson('abort', { id, key, state, error, end });
  }
}

const titleOf = ({ id, plan }: JobRecord) => `abort job ${id}: ${plan.title}`;

function showAbort(store: JobStore, job: JobRecord, options: ControlOptions): void {
  const { id, key, state, plan } = job;
  const sentences = [...abortSentences(job, store.journal.commands(id)), ...untoldCommands(store, id)];
  const commands = abortCommands(job);
  if (options.json)
    printJson('abort-plan', { id, key, title: plan.title, state, sentences, grave: swapsBack(job), commands });
  else {
    for (const line of [titleOf(job), ...sentences]) printLine(line);
    for (const { host, text } of commands) printLine(`    undo: ${host}  $ ${text}`);
  }
}

/** Sets the exit code. */
export async function resume(store: JobStore, job: JobRecord, options: ControlOptions): Promise<void> {
  const chosen = await chooseHosts([], options);
  if (!chosen) return;
  const asked =
    (await isRenewed(store, job, options.takeFrom, sayWait)) ??
    resumeJob(store, job, chosen.inventory, options.takeFrom);
  if (!asked.ok) return refuse(options, asked.why);
  sayTrouble(job, asked);
  if (options.json) printJson('job', { id: job.id, key: job.key });
  else await attach(store, job.id, { fromStart: false });
}

const sayWait = (text: string) => void process.stderr.write(`reseed: ${text}\n`);

function sayTrouble({ id }: JobRecord, { trouble }: Extract<Asked, { ok: true }>): void {
  if (trouble !== undefined) process.stderr.write(`reseed: job ${id}: ${trouble}\n`);
}

function refuse({ json }: ControlOptions, message: string, advice = ''): void {
  exitWith(printRefusal(json, { kind: 'refused', message, advice }));
}
