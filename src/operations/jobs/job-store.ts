// What every verb about jobs starts with: the journal, and the processes that carry jobs out.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, statfsSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { dirname } from 'node:path';
import { type JobHome, jobHome } from '../../job/journal/home.ts';
import { type Journal, type NewJob, openJournal } from '../../job/journal/journal.ts';
import { openJobLog } from '../../job/journal/log-file.ts';
import { privateFolder } from '../../job/journal/private-folder.ts';
import { type JobRecord, type Who, withOpen } from '../../job/journal/record.ts';
import { type Holder, holderHere } from '../../job/lease/lease.ts';
import { processOf } from '../../job/lease/process-id.ts';
import { type Carried, carriedBy, type RunnerState, runnerState } from '../../job/lease/runner-state.ts';
import { freeze } from '../../job/plan/frozen.ts';
import { whoAsks, whoLine } from '../../job/who.ts';
import { readScript } from '../../scripts/script.ts';
import { olderPlan } from '../../seed/older-plans.ts';
import { cleanLine } from '../../text/clean.ts';
import { version } from '../../version.ts';
import type { Author } from '../plans/draft.ts';
import type { Past } from '../plans/past.ts';

export interface JobStore {
  readonly home: JobHome;
  readonly journal: Journal;
}

/** SQLite's words, and journal.ts's. */
const damaged = /malformed|not a database|cut off/;

/** The store, or why there is none. */
export function tryJobStore(): JobStore | string {
  const home = jobHome(process.env);
  try {
    const exposed = privateFolder(dirname(home.log(0)));
    if (exposed !== undefined) return `the folder of jobs can't be used: ${exposed}`;
    const journal = openJournal(home.journal, Date.now, { older: olderPlan });
    return journal ? { home, journal } : `${home.journal} was written by a newer reseed; use that one`;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const full = isFull(home.journal) ? ': its disk is full' : '';
    const advice = damaged.test(said)
      ? `; put back a copy of it, or move ${home.journal}* away: a new one is made, and reseed clean HOST finds what jobs left`
      : '';
    return `the journal of jobs can't be used: ${home.journal}: ${said}${full}${advice}`;
  }
}

/** The newest jobs, and every one that is not over, however old: for plans that go by what was before and what works now. None where there is no journal that can be read: a plan is made without. */
export function pastJobs(): Past {
  const store = existsSync(jobHome(process.env).journal) ? tryJobStore() : undefined;
  if (store === undefined || typeof store === 'string') return [];
  try {
    const { journal } = store;
    return withOpen(withOpen(journal.jobs(pastJobsAtMost), journal.openJobs()), journal.uncleanJobs());
  } finally {
    store.journal.close();
  }
}

const pastJobsAtMost = 200;

/** SQLite calls a full disk an I/O error where it is its shared memory that has no room. */
function isFull(path: string): boolean {
  if (!existsSync(path)) return false;
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize < 64 * 1024;
}

const whoIsHere = (): Who => whoAsks(process.env, userInfo().username, hostname());

/** Of a job that is about to be planned, by the operator at this keyboard. */
export const author = (): Author => ({ key: randomBytes(4).toString('hex'), who: whoIsHere(), nowMs: Date.now() });

/** A job that is agreed to, before it is written down. */
export type PlannedJob = Omit<NewJob, 'freezing' | 'holder'>;

/** A runner was started. */
export interface Begun {
  readonly begun: true;
  /** The journal could not be told who it is: the runner tells it again. Clean words. */
  readonly trouble?: string;
}

/** Writes an agreed job down and has it carried out. Throws where the journal's disk does: diskTrouble says it, nothing runs. */
export function launch(store: JobStore, job: PlannedJob): Begun & Pick<JobRecord, 'id'> {
  const holder = holderHere();
  const freezing = freeze(job.plan, version, readScript);
  const record = store.journal.add({ ...job, freezing, holder });
  try {
    // A disk that has no room for the log's first line has none for its second.
    openJobLog(store.home.log(record.id), Date.now).write('', `asked for by ${whoLine(job.who)}`);
    return { id: record.id, ...startRunner(store, record.id, holder) };
  } catch (error) {
    // It never began, and it must not wait for a runner tomorrow.
    store.journal.setJob(record.id, 'failed', `it was not begun: ${diskTrouble(error)}`);
    throw error;
  }
}

/** What the disk or the file of the journal or of a log said, in one clean line. Whatever else is thrown is a bug, and thrown on. */
export function diskTrouble(error: unknown): string {
  if (error instanceof Error && ('errcode' in error || 'errno' in error)) return cleanLine(error.message);
  throw error;
}

/**
 * Starts a runner in place of the one that has ended, or that the operator takes the job from: it outlives this process, its terminal
 * and its connection. `prepare`: done before it starts. `begun: false`: another process is starting one. Throws where it can't be started: diskTrouble says why.
 */
export function replaceRunner(
  store: JobStore,
  { id, lease }: JobRecord,
  prepare?: () => void,
): Begun | { readonly begun: false } {
  const holder = holderHere();
  if (!store.journal.takeLease(id, lease?.holder.key, holder)) return { begun: false };
  prepare?.();
  return startRunner(store, id, holder);
}

function startRunner({ home, journal }: JobStore, id: number, holder: Holder): Begun {
  const output = home.output(id);
  mkdirSync(dirname(output), { recursive: true, mode: 0o700 });
  const printed = openSync(output, 'a', 0o600);
  const [program = ''] = process.argv.slice(1);
  const child = spawn(process.execPath, [...process.execArgv, program, 'job', 'run', String(id), holder.key], {
    detached: true,
    stdio: ['ignore', printed, printed],
    cwd: '/',
  });
  closeSync(printed);
  // Without a pid it was not started; why comes by the event.
  child.once('error', () => undefined);
  if (child.pid === undefined) throw Object.assign(new Error("the runner's process can't be started"), { errno: 0 });
  child.unref();
  const started = processOf(child.pid);
  const trouble = started && appoint(journal, id, { ...holder, process: started });
  return { begun: true, ...(trouble !== undefined && { trouble }) };
}

/**
 * Until this is written the launcher counts as the runner. The runner takes the lease from it when it has its lock. Text: why it is not
 * written; the runner has begun, and a full disk here is no reason to say that it was not.
 */
function appoint(journal: Journal, id: number, holder: Holder): string | undefined {
  try {
    journal.rewriteLease(id, holder);
    return undefined;
  } catch (error) {
    return diskTrouble(error);
  }
}

/**
 * How it stands with the runner of a job. One that is only starting, however slowly, has not died: its process is watched, and no clock.
 */
export function runnerOf({ home, journal }: JobStore, job: JobRecord): RunnerState {
  const state = runnerState(job, home.alive(job.id), Date.now());
  if (state === 'alive') return state;
  // It may have come to its end, or have been resumed, since the record was read.
  const now = journal.job(job.id);
  return now ? runnerState(now, home.alive(job.id), Date.now()) : 'alive';
}

export const carriedOn = (store: JobStore, job: JobRecord): Carried => carriedBy(runnerOf(store, job));
