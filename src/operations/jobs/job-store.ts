// The journal, and the processes that carry jobs out: the base of every verb about jobs.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { dirname } from 'node:path';
import type { Receiver } from '../../inventory/settings.ts';
import { type JobHome, jobHome } from '../../job/journal/home.ts';
import { type Journal, type NewJob, openJournal } from '../../job/journal/journal.ts';
import { openJobLog } from '../../job/journal/log-file.ts';
import { privateFolder } from '../../job/journal/private-folder.ts';
import { type JobRecord, type Who, withOpen } from '../../job/journal/record.ts';
import type { DamagedJob } from '../../job/journal/row-damage.ts';
import { type Holder, holderHere } from '../../job/lease/lease.ts';
import { processOf } from '../../job/lease/process-id.ts';
import { type Carried, carriedBy, type RunnerState, runnerState } from '../../job/lease/runner-state.ts';
import { freeze } from '../../job/plan/frozen.ts';
import { asJson } from '../../job/plan/step-work.ts';
import { whoAsks, whoLine } from '../../job/who.ts';
import { readScript } from '../../scripts/script.ts';
import { olderPlan } from '../../seed/older-plans.ts';
import { version } from '../../version.ts';
import type { Author } from '../plans/draft.ts';
import type { Past } from '../plans/past.ts';
import { diskTrouble, journalTrouble, reading } from './job-trouble.ts';

export interface JobStore {
  readonly home: JobHome;
  readonly journal: Journal;
}

/** The store, or why there is none. */
export function tryJobStore(): JobStore | string {
  const home = jobHome(process.env);
  try {
    const exposed = privateFolder(dirname(home.log(0)));
    if (exposed !== undefined) return `the folder of jobs can't be used: ${exposed}`;
    const journal = openJournal(home.journal, Date.now, { older: olderPlan });
    return journal ? { home, journal } : `${home.journal} was written by a newer reseed; use that one`;
  } catch (error) {
    return journalTrouble(home, error);
  }
}

/**
 * What `work` returns, with a connection of its own to the journal; else why that can't be used. `told` words the failure of a disk in the middle
 * of it.
 */
export function inJobStore<T>(
  work: (store: JobStore) => T,
  told: (trouble: string) => string = (trouble) => trouble,
): T | string {
  const store = tryJobStore();
  if (typeof store === 'string') return store;
  try {
    return work(store);
  } catch (error) {
    return told(diskTrouble(error));
  } finally {
    store.journal.close();
  }
}

/**
 * The newest jobs, and every unfinished one of any age, for plans that use past and present jobs. Empty if no journal
 * can be read: the plan is then made without it.
 */
export function pastJobs(): Past {
  const store = existsSync(jobHome(process.env).journal) ? tryJobStore() : undefined;
  if (store === undefined || typeof store === 'string') return [];
  try {
    const past = reading(store, (journal) =>
      withOpen(withOpen(journal.jobs(pastJobsAtMost), journal.openJobs()), journal.uncleanJobs()),
    );
    return typeof past === 'string' ? [] : past;
  } finally {
    store.journal.close();
  }
}

const pastJobsAtMost = 200;

const whoIsHere = (): Who => whoAsks(process.env, userInfo().username, hostname());

/** The author of a new job: the operator at this keyboard. */
export const author = (): Author => ({ key: randomBytes(4).toString('hex'), who: whoIsHere(), nowMs: Date.now() });

/** A job that was agreed to, before it is recorded. */
export interface PlannedJob extends Omit<NewJob, 'freezing' | 'holder' | 'receivers'> {
  /** Who is told of it; absent: no receiver is. */
  readonly receivers?: readonly Receiver[];
}

/** A runner was started. */
export interface Begun {
  readonly begun: true;
  /** The journal could not record the runner's process: the runner does that itself. Clean words. */
  readonly trouble?: string;
}

/**
 * Records an agreed job and starts its runner. Throws if the journal's disk fails: diskTrouble describes the error, and
 * nothing runs.
 */
export function launch(store: JobStore, job: PlannedJob): Begun & Pick<JobRecord, 'id'> {
  const holder = holderHere();
  const freezing = freeze(job.plan, version, readScript);
  const record = store.journal.add({ ...job, receivers: (job.receivers ?? []).map(asJson), freezing, holder });
  try {
    // If the disk is full, the log's first line already fails.
    openJobLog(store.home.log(record.id), Date.now).write('', `asked for by ${whoLine(job.who)}`);
    return { id: record.id, ...startRunner(store, record.id, holder) };
  } catch (error) {
    // It never began, and a runner must not resume it tomorrow.
    store.journal.setJob(record.id, 'failed', `it was not begun: ${diskTrouble(error)}`);
    throw error;
  }
}

/**
 * Starts a runner in place of one that has ended, or that the operator takes the job from. It outlives this process,
 * its terminal and its connection. `prepare`: called before it starts. `begun: false`: another process is starting one.
 * Throws if it can't be started: diskTrouble describes the error.
 */
export function replaceRunner(
  store: JobStore,
  { id, lease, state }: JobRecord,
  prepare?: () => void,
): Begun | { readonly begun: false } {
  const holder = holderHere();
  if (!store.journal.replaceLease(id, lease?.holder.key, holder)) return { begun: false };
  try {
    prepare?.();
    return startRunner(store, id, holder);
  } catch (error) {
    // This process must not count as the job's runner.
    store.journal.endLease(id, holder.key);
    store.journal.setJob(id, state);
    throw error;
  }
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
  // Without a pid it was not started; the event has the reason.
  child.once('error', () => undefined);
  if (child.pid === undefined) throw Object.assign(new Error("the runner's process can't be started"), { errno: 0 });
  child.unref();
  const started = processOf(child.pid);
  const trouble = started && appoint(journal, id, { ...holder, process: started });
  return { begun: true, ...(trouble !== undefined && { trouble }) };
}

/**
 * Until this is written the launcher counts as the runner. Once the runner has its lock, it takes the lease from the
 * launcher. Text: why it could not be written; the runner has begun all the same, even if the disk is full here.
 */
function appoint(journal: Journal, id: number, holder: Holder): string | undefined {
  try {
    journal.rewriteLease(id, holder);
    return undefined;
  } catch (error) {
    return diskTrouble(error);
  }
}

/** The state of a job's runner. A runner that starts slowly has not died: its process is checked, not the time. */
export function runnerOf({ home, journal }: JobStore, job: JobRecord): RunnerState {
  const state = runnerState(job, home.alive(job.id), Date.now());
  if (state === 'alive') return state;
  // The job may have ended, or been resumed, since the record was read.
  const now = journal.job(job.id);
  return now ? runnerState(now, home.alive(job.id), Date.now()) : 'alive';
}

export const carriedOn = (store: JobStore, job: JobRecord): Carried => carriedBy(runnerOf(store, job));

/** Whether the runner of a damaged job may live, as far as can still be read. */
export const damagedRunner = ({ home }: Pick<JobStore, 'home'>, job: DamagedJob): Carried =>
  carriedBy(runnerState({ ...job, state: job.state ?? 'running' }, home.alive(job.id), Date.now()));
