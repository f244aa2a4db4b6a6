// The step every job begins with: one owner at a time for the dangerous work on a datadir, whichever jump host the work comes from.
import { z } from 'zod';
import type { PlannedCommand, PlannedStep } from './plan.ts';
import type { Who } from './record.ts';
import { defineStep, type StepEnd, type StepTools } from './step-work.ts';
import { whoLine } from './who.ts';

const deadlineMs = 30_000;

/** `anyDatadir`: absolute path; empty where it is not known: then the whole host is locked, with every other server on it. */
export function lockStep(host: string, anyDatadir: string, job: string, who: Who): PlannedStep {
  const datadir = datadirName(anyDatadir);
  const command = (...args: string[]): PlannedCommand => ({ host, script: 'host-lock', args, deadlineMs });
  return {
    name: `lock ${host}`,
    title: `lock ${host}`,
    host,
    volatile: true,
    work: 'lock',
    input: {},
    commands: { take: command('take', job, whoLine(who), datadir), release: command('release', job, datadir) },
    acquires: { what: `the lock of ${host}`, release: 'release', whenDone: 'release' },
  };
}

/** One spelling of a path: a server says its datadir with a slash behind it, an option file without. */
export const datadirName = (path: string): string => path.replace(/\/+/g, '/').replace(/(?<=.)\/$/, '');

export const lockWork = defineStep(z.strictObject({}), lockHost);

async function lockHost({ run, step }: StepTools): Promise<StepEnd> {
  const answer = await run('take');
  if (answer.ok) return { ok: true };
  if (answer.kind !== 'exit' || answer.code !== 3) return { ok: false, message: answer.message, advice: answer.advice };
  const [lock] = readLocks(answer.stderr);
  const whose = `${step.host} is locked by job ${lock?.job ?? '?'} of ${lock?.who ?? '?'}`;
  return {
    ok: false,
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

/** What `host-lock.sh show` prints: three lines a lock. Clean them where they are shown. */
export function readLocks(text: string): HostLock[] {
  const lines = text.split('\n');
  const locks: HostLock[] = [];
  for (let at = 0; (lines[at] ?? '') !== ''; at += 3) {
    locks.push({ job: lines[at] ?? '', who: lines[at + 1] ?? '', datadir: lines[at + 2] ?? '' });
  }
  return locks;
}
