// What every verb about jobs starts with: the journal, and the processes that carry jobs out.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, statfsSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { dirname } from 'node:path';
import { isAlive } from '../../job/alive.ts';
import { type JobHome, jobHome } from '../../job/home.ts';
import { type Journal, type NewJob, openJournal } from '../../job/journal.ts';
import { openJobLog } from '../../job/log-file.ts';
import { isOver, type JobRecord, type Who } from '../../job/record.ts';
import { whoAsks, whoLine } from '../../job/who.ts';
import { cleanLine } from '../../text/clean.ts';
import { exitCodes } from '../answer.ts';
import type { Author } from './draft.ts';

export interface Desk {
  readonly home: JobHome;
  readonly journal: Journal;
}

/** undefined: it was said what is wrong, and the exit code is set. */
export function openDesk(): Desk | undefined {
  const desk = tryDesk();
  if (typeof desk !== 'string') return desk;
  process.stderr.write(`reseed: ${desk}\n`);
  process.exitCode = exitCodes.failed;
  return undefined;
}

/** The desk, or why there is none. */
export function tryDesk(): Desk | string {
  const home = jobHome(process.env);
  try {
    const journal = openJournal(home.journal, Date.now);
    return journal ? { home, journal } : `${home.journal} was written by a newer reseed; use that one`;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return `the journal of jobs can't be used: ${home.journal}: ${said}${isFull(home.journal) ? ': its disk is full' : ''}`;
  }
}

/** SQLite calls a full disk an I/O error where it is its shared memory that has no room. */
function isFull(path: string): boolean {
  if (!existsSync(path)) return false;
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize < 64 * 1024;
}

const whoIsHere = (): Who => whoAsks(process.env, userInfo().username, hostname());

/** Of a job that is about to be planned, by whoever is at this keyboard. */
export const author = (): Author => ({ key: randomBytes(4).toString('hex'), who: whoIsHere(), nowMs: Date.now() });

/** Writes an agreed job down and has it carried out. Throws where the journal's disk does: diskTrouble says it, nothing runs. */
export function launch(desk: Desk, job: NewJob): JobRecord {
  const record = desk.journal.add(job);
  try {
    // A disk that has no room for the log's first line has none for its second.
    openJobLog(desk.home.log(record.id), Date.now).write('', `asked for by ${whoLine(job.who)}`);
    startRunner(desk, record.id);
  } catch (error) {
    // It never began, and nobody is to find it waiting for a runner tomorrow.
    desk.journal.setJob(record.id, 'failed', `it was not begun: ${diskTrouble(error)}`);
    throw error;
  }
  return record;
}

/** What the disk or the file of the journal or of a log said, in one clean line. Whatever else is thrown is a bug, and thrown on. */
export function diskTrouble(error: unknown): string {
  if (error instanceof Error && ('errcode' in error || 'errno' in error)) return cleanLine(error.message);
  throw error;
}

/** A runner of its own, which outlives this process, its terminal and its connection. */
export function startRunner({ home }: Desk, id: number): void {
  const output = home.output(id);
  mkdirSync(dirname(output), { recursive: true, mode: 0o700 });
  const printed = openSync(output, 'a', 0o600);
  const [program = ''] = process.argv.slice(1);
  const child = spawn(process.execPath, [...process.execArgv, program, 'job', 'run', String(id)], {
    detached: true,
    stdio: ['ignore', printed, printed],
    cwd: '/',
  });
  child.unref();
  closeSync(printed);
}

/** A runner takes its lock within this time of the job being written down. */
export const startsWithinMs = 10_000;

/** Not over, and nobody carries it on. */
export function isAbandoned(home: JobHome, { id, state, createdMs }: JobRecord): boolean {
  if (isOver(state) || (state === 'planned' && Date.now() - createdMs < startsWithinMs)) return false;
  return !existsSync(home.alive(id)) || !isAlive(home.alive(id));
}

/** What an operator can do about an abandoned job. */
export const wayOn = (id: number) => `reseed job resume ${id} goes on, reseed job abort ${id} takes back what it made`;
