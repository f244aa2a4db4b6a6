// What every verb about jobs starts with: the journal, and the processes that carry jobs out.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { dirname } from 'node:path';
import { isAlive } from '../../job/alive.ts';
import { type JobHome, jobHome } from '../../job/home.ts';
import { type Journal, openJournal } from '../../job/journal.ts';
import { isOver, type JobRecord, type Who } from '../../job/record.ts';
import { whoAsks } from '../../job/who.ts';
import { exitCodes } from '../answer.ts';

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
    return `the journal of jobs can't be used: ${home.journal}: ${error instanceof Error ? error.message : error}`;
  }
}

export const whoIsHere = (): Who => whoAsks(process.env, userInfo().username, hostname());

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
