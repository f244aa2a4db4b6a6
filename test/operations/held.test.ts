// A host with the lock of a job of this journal: another job is refused before it is made. For a job of another
// journal, the host's lock decides.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { jobHome } from '../../src/job/journal/home.ts';
import { openJournal } from '../../src/job/journal/journal.ts';
import type { JobRecord } from '../../src/job/journal/record.ts';
import { holderHere } from '../../src/job/lease/lease.ts';
import type { Carried } from '../../src/job/lease/runner-state.ts';
import { lockHost } from '../../src/job/lock-step.ts';
import type { Plan } from '../../src/job/plan/plan.ts';
import { stakeOf } from '../../src/operations/jobs/locks/at-stake.ts';
import { heldRefusal, holderOf, holderRefusal } from '../../src/operations/jobs/locks/held.ts';
import { findLock } from '../../src/operations/jobs/locks/unlock.ts';
import type { Remote, RemoteTarget } from '../../src/remote/remote.ts';
import { lockedDatadir, takeLockWords } from '../../src/scripts/host-lock-words.ts';
import { jobNumbered, recordedJobs } from '../components/jobs.ts';
import { addJob } from '../job/adding.ts';

const { job: recorded } = jobNumbered(recordedJobs().views, 11);
const who = { account: 'ops', jumpHost: 'jump1' };
const target = (name: string, host = name): RemoteTarget => ({ name, host, transport: 'auto', sudo: false });

function planOf(title: string, ...locks: readonly (readonly [host: string, datadir: string])[]): Plan {
  const steps = locks.map(([host, datadir]) => lockHost.plan({ host, datadir, job: 'cafe', who }));
  return { kind: 'test', title, hosts: locks.map(([host]) => host), destroys: [], steps };
}
const stopDb3 = { plan: planOf('stop db3', ['db3', '/var/lib/mysql']), targets: [target('db3')] };
const seed: JobRecord = {
  ...recorded,
  id: 41,
  state: 'running',
  plan: planOf('seed db2 → db3', ['db2', '/var/lib/mysql'], ['db3', '/var/lib/mysql']),
  targets: [target('db2'), target('db3')],
  steps: [
    { name: 'lock db2', state: 'done' },
    { name: 'lock db3', state: 'done' },
  ],
  resources: ['db2', 'db3'].map((host) => ({ step: `lock ${host}`, what: `the lock of ${host}`, state: 'held' })),
};

test('a stop of a host that a seed works on is refused with the number of that job, and is no failed job with a key', () => {
  const holder = holderOf([seed], stopDb3);
  expect(holder && holderRefusal(holder, { abandoned: false })).toEqual({
    ok: false,
    message: 'db3 is locked by job 41 (seed db2 → db3), which runs',
    advice: 'wait for it (reseed job attach 41), or abort it: reseed job abort 41',
  });
});

test('a runner that misses its renewals is not said to run', () => {
  const lease = { holder: holderHere(), renewedMs: Date.now() - 60_000, renewals: 3, ended: false };
  const late = { ...seed, createdMs: 0, steps: [], lease };
  expect(holderRefusal({ host: 'db3', job: late }, { abandoned: false }).message).toMatch(
    /^db3 is locked by job 41 \(seed db2 → db3\), whose runner was last heard of .*:\d\d/,
  );
});

test('where the runner of that job died, it is resumed or aborted', () => {
  const refused = holderRefusal({ host: 'db3', job: seed }, { abandoned: true });
  expect(refused.message).toMatch(/^db3 is locked by job 41 \(seed db2 → db3\), whose runner died \(last heard of /);
  expect(refused.advice).toBe('resume it: reseed job resume 41; or abort it: reseed job abort 41');
  const undoing = holderRefusal({ host: 'db3', job: { ...seed, state: 'releasing' } }, { abandoned: true });
  expect(undoing.advice).toMatch(/^go on (undoing it|releasing what it holds): reseed job resume 41$/);
});

test('unlock of a host on which a job of this journal works, or is resumable, advises what stop does, and not the abort alone', async () => {
  const shown = 'cafe\nops@jump1, since noon\n/var/lib/mysql\n';
  const remote = { exec: async () => ({ ok: true, stdout: shown, stderr: '' }) } as unknown as Remote;
  const found = async (carried: Carried) =>
    await findLock(
      remote,
      { name: 'db3', datadir: '/var/lib/mysql' },
      stakeOf([{ job: { ...seed, key: 'cafe' }, carried }], []),
    );
  expect(await found({ abandoned: false })).toMatchObject({
    ok: false,
    refusal: {
      message: 'db3 is locked by job 41 (seed db2 → db3), which runs',
      advice: 'wait for it (reseed job attach 41), or abort it: reseed job abort 41',
    },
  });
  expect(await found({ abandoned: true })).toMatchObject({
    ok: false,
    refusal: { advice: 'resume it: reseed job resume 41; or abort it: reseed job abort 41' },
  });
});

test.each<readonly [string, Partial<JobRecord>, 'held' | 'free']>([
  ['is over', { state: 'failed' }, 'free'],
  ['has given the lock back', { resources: [{ step: 'lock db3', what: '', state: 'released' }] }, 'free'],
  ['is about to take the lock', { resources: [], steps: [{ name: 'lock db3', state: 'waiting' }] }, 'held'],
  ['could not take it', { resources: [], steps: [{ name: 'lock db3', state: 'failed' }] }, 'free'],
  [
    'ends before it took it',
    { state: 'releasing', resources: [], steps: [{ name: 'lock db3', state: 'waiting' }] },
    'free',
  ],
  ['works on another machine of that name', { targets: [target('db3', '10.9.9.9')] }, 'free'],
  ['works on another server of the host', { plan: planOf('stop db3b', ['db3', '/srv/b']) }, 'free'],
  ['spells its datadir another way', { plan: planOf('seed', ['db3', '/var//lib/mysql/']) }, 'held'],
  ['has the whole host', { plan: planOf('start db3', ['db3', '']) }, 'held'],
])('a job that %s: %s', (_, change, is) => {
  expect(holderOf([{ ...seed, ...change }], stopDb3) ? 'held' : 'free').toBe(is);
});

test('of a job that undoes its changes after an abort it is not said that it runs and can be aborted', () => {
  const aborting: JobRecord = { ...seed, state: 'releasing', abortRequested: true };
  expect(holderRefusal({ host: 'db3', job: aborting }, { abandoned: false })).toEqual({
    ok: false,
    message: 'db3 is locked by job 41 (seed db2 → db3), which is being aborted',
    advice: 'wait for it (reseed job attach 41)',
  });
});

test('a snapshot of db2, whose server says its datadir with a slash, is refused while a seed of db2 holds it without', () => {
  const snapshot = lockHost.plan({ host: 'db2', datadir: '/var/lib/mysql/', job: 'beef', who });
  expect(lockedDatadir(snapshot.commands.take?.args ?? [])).toBe('/var/lib/mysql');
  const slashed = {
    ...snapshot,
    commands: {
      take: { ...taken(snapshot), args: takeLockWords({ job: 'beef', who: '', datadir: '/var/lib/mysql/' }) },
    },
  };
  const plan: Plan = { ...stopDb3.plan, title: 'snapshot of db2', hosts: ['db2'], steps: [slashed] };
  const holder = holderOf([seed], { plan, targets: [target('db2')] });
  expect(holder && holderRefusal(holder, { abandoned: false }).message).toBe(
    'db2 is locked by job 41 (seed db2 → db3), which runs',
  );
});

function taken({ commands: { take } }: ReturnType<typeof lockHost.plan>) {
  if (!take) throw new Error('a lock step that takes nothing');
  return take;
}

test('a job that is not over is seen, however many newer ones there are', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reseed-held-'));
  try {
    const journal = openJournal(join(folder, 'journal'), Date.now);
    if (!journal) throw new Error('no journal');
    const add = () => addJob(journal, { key: 'cafe', plan: seed.plan, targets: seed.targets, who }).id;
    const old = add();
    journal.setJob(old, 'running');
    for (const state of ['done', 'failed', 'aborted', 'cleanup-needed'] as const)
      for (let count = 0; count < 51; count++) journal.setJob(add(), state);
    const store = { home: jobHome({ XDG_STATE_HOME: folder }), journal };
    expect(journal.openJobs().map(({ id }) => id)).toEqual([old]);
    expect(heldRefusal(store, stopDb3)?.message).toMatch(/^db3 is locked by job 1 /);
    journal.close();
  } finally {
    await rm(folder, { recursive: true });
  }
});
