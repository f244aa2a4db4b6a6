// Questions to a journal that has thousands of jobs.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { openJournal } from '../../src/job/journal/journal.ts';
import { ranMs } from '../../src/job/journal/record.ts';
import { holderHere } from '../../src/job/lease/lease.ts';
import { addJob } from './adding.ts';
import { jobStoreForEach } from './job-store.ts';
import { unitPlan } from './works.ts';

const store = jobStoreForEach();
const who = { account: 'ops', jumpHost: 'jump1' };
const add = (plan = unitPlan('one', 'passes')) => addJob(store().journal, { key: 'cafe', plan, targets: [], who });

/** Milliseconds, the best of ten: so other work of this machine does not count. */
function bestMs(work: () => unknown): number {
  const times = Array.from({ length: 10 }, () => {
    const startMs = performance.now();
    work();
    return performance.now() - startMs;
  });
  return Math.min(...times);
}

test('which jobs are not over is found without a walk through the plans of all that are', () => {
  const { journal, folder } = store();
  const plan = unitPlan('one', 'passes');
  const over = add({ ...plan, destroys: ['x'.repeat(30_000)] });
  journal.setJob(over.id, 'done');
  const open = add();
  journal.setJob(open.id, 'releasing');
  const database = new DatabaseSync(join(folder, 'jobs.sqlite'));
  database.exec(`INSERT INTO job (key, plan, targets, who, state, created_ms)
    WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 2000)
    SELECT key, plan, targets, who, state, created_ms FROM job, number WHERE id = ${over.id}`);
  const scan = database.prepare("SELECT count(*) FROM job NOT INDEXED WHERE state <> 'done'");
  const scannedMs = bestMs(() => scan.get());
  expect(journal.openJobs().map(({ id }) => id)).toEqual([open.id]);
  expect(bestMs(() => journal.openJobs())).toBeLessThan(scannedMs / 4);
  database.close();
});

test('the plan of a job is parsed once while the job is not over, and what changes is as the journal has it', () => {
  const { journal } = store();
  const { id, plan } = add();
  journal.setJob(id, 'running');
  journal.setStep(id, 'held', 'running');
  expect(journal.job(id)?.plan).toBe(plan);
  expect(journal.openJobs()[0]).toMatchObject({ state: 'running', steps: [{ state: 'running' }, {}, {}] });
  expect(journal.openJobs()[0]?.plan).toBe(plan);
});

test('states of steps, results and lost lanes are asked for without the rest of the job', () => {
  const { journal } = store();
  const { id } = add();
  journal.setStep(id, 'held', 'done', { result: { bytes: 7 }, lost: { db3: 'no space left' } });
  journal.setStep(id, 'middle', 'failed', { lost: { db4: 'gone' } });
  expect([...journal.stepStates(id)]).toEqual([
    ['held', 'done'],
    ['middle', 'failed'],
    ['product', 'waiting'],
  ]);
  expect(journal.stepResult(id, 'held')).toEqual({ bytes: 7 });
  expect(journal.stepResult(id, 'middle')).toBeUndefined();
  expect(journal.lostLanes(id)).toEqual({ db3: 'no space left', db4: 'gone' });
});

test('a host that was away when the runner was killed is not reported once the step begins again, nor when the job is over', () => {
  const { journal } = store();
  const { id } = add();
  const told = { text: 'half', away: [{ host: 'db2', sinceMs: 0, tries: 3, why: 'no route to host' }] };
  const progress = () => journal.job(id)?.steps[0]?.progress;
  journal.setJob(id, 'running');
  journal.setStep(id, 'held', 'running');
  journal.setProgress(id, 'held', told);
  expect(progress()).toEqual(told);
  journal.setStep(id, 'held', 'running');
  expect(progress()).toEqual({ text: 'half' });
  journal.setProgress(id, 'held', told);
  journal.setJob(id, 'failed');
  expect(progress()).toEqual({ text: 'half' });
});

test('the time between a runner that was last heard of and the next one is time without a runner', () => {
  let nowMs = 1000;
  const { folder } = store();
  const journal = openJournal(join(folder, 'idle.sqlite'), () => nowMs);
  if (!journal) throw new Error('no journal');
  const [first, second] = [holderHere(), holderHere()];
  const { id } = addJob(journal, { key: 'cafe', plan: unitPlan('one', 'passes'), targets: [], who, holder: first });
  nowMs = 6000;
  journal.renewLease(id, first.key);
  nowMs = 3_606_000;
  expect(journal.replaceLease(id, 'another', second)).toBe(false);
  expect(journal.job(id)?.idleMs).toBeUndefined();
  expect(journal.replaceLease(id, first.key, second)).toBe(true);
  nowMs = 3_607_000;
  journal.takeLease(id, second.key, holderHere());
  journal.setJob(id, 'done');
  const job = journal.job(id);
  expect(job?.idleMs).toBe(3_600_000);
  expect(job && ranMs(job, 0)).toBe(6000);
  journal.close();
});

test('of a step that runs for hours some hundreds of samples are kept, the first ones a second apart', () => {
  let now = Date.UTC(2026, 10, 28);
  const journal = openJournal(join(store().folder, 'sampled.sqlite'), () => now);
  if (!journal) throw new Error('no journal');
  const { id } = addJob(journal, { key: 'cafe', plan: unitPlan('one', 'passes'), targets: [], who });
  journal.setStep(id, 'held', 'running');
  const startMs = now;
  for (let told = 0; told < 7200; told++) {
    now += told < 100 ? 500 : 5000;
    journal.setProgress(id, 'held', { text: 'copying', doneBytes: told });
  }
  const samples = journal.samples(id);
  expect(samples.length).toBeGreaterThan(200);
  expect(samples.length).toBeLessThan(1500);
  expect(samples.slice(0, 3).map(({ atMs }) => atMs - startMs)).toEqual([500, 1500, 2500]);
  expect(samples.at(-1)?.atMs).toBeGreaterThan(now - 300_000);
  journal.setProgress(id, 'middle', { text: 'waits' });
  expect(journal.samples(id)).toHaveLength(samples.length);
  journal.close();
});
