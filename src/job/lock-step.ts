// The first step of every job: the lock that gives dangerous work on a datadir one owner at a time, across all jump
// hosts.

import { endLockWords, takeLockWords } from '../scripts/host-lock-words.ts';
import type { Who } from './journal/record.ts';
import type { PlannedCommand } from './plan/plan.ts';
import { defineStep, noInput, noResult, type StepEnd, type StepTools } from './plan/step-work.ts';
import { whoLine } from './who.ts';

const deadlineMs = 30_000;

interface LockWish {
  readonly host: string;
  /** Absolute path; empty if unknown: then the whole host is locked, with every other server on it. */
  readonly datadir: string;
  /** The job's key. */
  readonly job: string;
  readonly who: Who;
  readonly lane?: string;
}

export const lockHost = defineStep({
  kind: 'lock',
  input: noInput,
  result: noResult,
  plan: ({ host, datadir, job, who, lane }: LockWish) => {
    const lock = { job, datadir: datadirName(datadir) };
    return {
      name: `lock ${host}`,
      title: `lock ${host}`,
      host,
      lane,
      volatile: true,
      input: {},
      commands: {
        take: command(host, takeLockWords({ ...lock, who: whoLine(who) })),
        release: command(host, endLockWords('release', lock)),
      },
      acquires: { what: `the lock of ${host}`, release: 'release', whenDone: 'release' },
    };
  },
  run: takeLock,
});

const command = (host: string, args: string[]): PlannedCommand => ({ host, script: 'host-lock', args, deadlineMs });

/** One spelling of a path: a server reports its datadir with a trailing slash, an option file without. */
export const datadirName = (path: string): string => path.replace(/\/+/g, '/').replace(/(?<=.)\/$/, '');

async function takeLock({ run, step }: StepTools): Promise<StepEnd> {
  const answer = await run('take');
  if (answer.ok) return { ok: true };
  if (answer.kind !== 'exit' || answer.code !== 3) return { ok: false, message: answer.message, advice: answer.advice };
  const [lock] = readLocks(answer.stderr);
  const whose = `${step.host} is locked by job ${lock?.job ?? '?'} of ${lock?.who ?? '?'}`;
  return {
    ok: false,
    isOthers: true,
    message: lock?.datadir === '' ? `${whose}, which has the whole host` : whose,
    advice: `wait for it; if it will not come back: reseed unlock ${step.host}`,
  };
}

export interface HostLock {
  readonly job: string;
  /** `anna@jump2, since 2026-11-26 18:03:11 UTC` */
  readonly who: string;
  /** Empty: the lock is of the whole host. */
  readonly datadir: string;
}

/** Reads the output of `host-lock.sh show`: three lines a lock. Clean the texts before showing them. */
export function readLocks(text: string): HostLock[] {
  const lines = text.split('\n');
  const locks: HostLock[] = [];
  for (let at = 0; (lines[at] ?? '') !== ''; at += 3) {
    locks.push({ job: lines[at] ?? '', who: lines[at + 1] ?? '', datadir: lines[at + 2] ?? '' });
  }
  return locks;
}
