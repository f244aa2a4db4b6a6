// How the state of a runner is known: by its process, its lock, its machine, and finally by its lease.
import { uptime } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openJournal } from '../../src/job/journal/journal.ts';
import { journalMode } from '../../src/job/journal/journal-file.ts';
import { type Holder, holderHere, type Lease } from '../../src/job/lease/lease.ts';
import { runnerState } from '../../src/job/lease/runner-state.ts';
import { addJob } from './adding.ts';
import { jobStoreForEach } from './job-store.ts';
import { unitPlan } from './works.ts';

const store = jobStoreForEach();
const who = { account: 'ops', jumpHost: 'jump1' };
const here = holderHere();
const hereNow = here.process;
if (!hereNow) throw new Error('this system has no /proc');
const bootMs = Date.now() - uptime() * 1000;
const before: Holder = { ...here, process: { ...hereNow, place: hereNow.place.replace(/^\S+/, 'another-boot') } };
const elsewhere: Holder = { ...before, machine: { name: 'jump2', id: 'another' } };

function stateOf(holder: Holder, lease: Partial<Lease>) {
  const { journal, folder } = store();
  const job = addJob(journal, { key: 'cafe', plan: unitPlan('one', 'passes'), targets: [], who });
  const whole: Lease = { holder, renewedMs: Date.now(), renewals: 3, ended: false, ...lease };
  const record = { ...job, lease: whole, ...(holder.process && { runner: holder.process }) };
  return runnerState(record, join(folder, 'no.alive'), Date.now());
}
const hourAgo = { renewedMs: Date.now() - 3_600_000 };
const beforeBoot = { renewedMs: bootMs - 60_000 };

test.each<readonly [string, string, Holder, Partial<Lease>]>([
  ['is on another machine and renews its lease', 'alive', elsewhere, {}],
  ['is on another machine and has not renewed it', 'lapsed', elsewhere, hourAgo],
  ['is on a machine whose clock is far ahead', 'lapsed', elsewhere, { renewedMs: Date.now() + 3_600_000 }],
  ['is on another machine, which was heard of before this one was started', 'lapsed', elsewhere, beforeBoot],
  ['is on another machine and wrote down that it ends', 'died', elsewhere, { ended: true }],
  ['was on a clone of this machine, and renewed its lease after this one was started', 'alive', before, {}],
  ['lives here and is late', 'alive', here, hourAgo],
  ['was another process of this boot', 'died', { ...here, process: { ...hereNow, startTicks: '1' } }, {}],
])('a runner that %s: %s', (_, state, holder, lease) => {
  expect(stateOf(holder, lease)).toBe(state);
});

test('a runner of this machine has died with the boot before; without a machine id it is not known to be of this one', () => {
  const known = { ...before, machine: { name: here.machine.name, id: 'x' } };
  expect(stateOf(before, beforeBoot)).toBe(here.machine.id === undefined ? 'lapsed' : 'died');
  expect(stateOf(known, beforeBoot)).toBe('lapsed');
});

test('a lease is taken by one of two that want it, and who lost it can not renew it', () => {
  const { journal } = store();
  const { id } = addJob(journal, { key: 'cafe', plan: unitPlan('one', 'passes'), targets: [], who, holder: here });
  expect(journal.takeLease(id, undefined, elsewhere)).toBe(false);
  const [first, second] = [holderHere(), holderHere()];
  expect(journal.takeLease(id, here.key, first)).toBe(true);
  expect(journal.takeLease(id, here.key, second)).toBe(false);
  expect([journal.renewLease(id, here.key), journal.renewLease(id, first.key)]).toEqual([false, true]);
});

test('on NFS, or where nothing is known of the file system, the journal is not in WAL mode; two connections see what each writes', () => {
  const [ext4, nfs] = [0xef53, 0x6969];
  expect([ext4, nfs, 1].map((type) => journalMode(type, 'linux'))).toEqual(['WAL', 'TRUNCATE', 'TRUNCATE']);
  const path = join(store().folder, 'shared.sqlite');
  const [one, other] = [
    openJournal(path, Date.now, { mode: 'TRUNCATE' }),
    openJournal(path, Date.now, { mode: 'TRUNCATE' }),
  ];
  if (!one || !other) throw new Error('no journal');
  const version = other.version();
  const { id } = addJob(one, { key: 'cafe', plan: unitPlan('one', 'passes'), targets: [], who });
  expect(other.version()).not.toBe(version);
  expect(other.job(id)?.state).toBe('planned');
  other.setJob(id, 'running');
  expect(one.job(id)?.state).toBe('running');
  one.close();
  other.close();
});
