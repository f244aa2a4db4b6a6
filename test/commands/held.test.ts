// A host that a job of this journal holds: another job is refused before it is made. And one of another journal: the lock on the host
// has to tell.
import { expect, test } from 'vitest';
import { holderOf, holderRefusal } from '../../src/commands/jobs/held.ts';
import { lockStep } from '../../src/job/lock-step.ts';
import type { Plan } from '../../src/job/plan.ts';
import type { JobRecord } from '../../src/job/record.ts';
import type { RemoteTarget } from '../../src/remote/remote.ts';
import { jobNumbered, recordedJobs } from '../components/jobs.ts';

const { job: recorded } = jobNumbered(recordedJobs().views, 11);
const who = { account: 'ops', jumpHost: 'jump1' };
const target = (name: string, host = name): RemoteTarget => ({ name, host, transport: 'auto', sudo: false });

function planOf(title: string, ...locks: readonly (readonly [host: string, datadir: string])[]): Plan {
  const steps = locks.map(([host, datadir]) => lockStep(host, datadir, 'cafe', who));
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
  expect(holder && holderRefusal(holder, false)).toEqual({
    ok: false,
    message: 'db3 is locked by job 41 (seed db2 → db3), which runs',
    advice: 'wait for it (reseed job attach 41), or abort it: reseed job abort 41',
  });
});

test('where the runner of that job died, it is resumed or aborted', () => {
  const refused = holderRefusal({ host: 'db3', job: seed }, true);
  expect(refused.message).toMatch(/^db3 is locked by job 41 \(seed db2 → db3\), whose runner died \(last heard of /);
  expect(refused.advice).toBe('resume it: reseed job resume 41; or abort it: reseed job abort 41');
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
  ['has the whole host', { plan: planOf('start db3', ['db3', '']) }, 'held'],
])('a job that %s: %s', (_, change, is) => {
  expect(holderOf([{ ...seed, ...change }], stopDb3) ? 'held' : 'free').toBe(is);
});
