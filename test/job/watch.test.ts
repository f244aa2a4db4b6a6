// What consoles see of jobs: a real journal, which one process writes and others watch.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { type Journal, openJournal } from '../../src/job/journal/journal.ts';
import { workedMs } from '../../src/job/journal/record.ts';
import { type JobsPicture, watchJobs } from '../../src/job/journal/watch.ts';
import type { RunnerState } from '../../src/job/lease/runner-state.ts';
import { currentRate, rates, remainingMs, type Sample, sampled } from '../../src/job/words/throughput.ts';
import { addJob } from './adding.ts';
import { unitPlan } from './works.ts';

let folder: string;
let journal: Journal;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-watch-'));
  journal = opened();
});
afterEach(async () => {
  journal.close();
  await rm(folder, { recursive: true });
});

function opened(): Journal {
  const found = openJournal(join(folder, 'jobs.sqlite'), Date.now);
  if (!found) throw new Error('no journal');
  return found;
}
const add = (word: string) =>
  addJob(journal, {
    key: word,
    plan: unitPlan(word, 'passes'),
    targets: [],
    who: { account: 'ops', jumpHost: 'jump1' },
  });

function watched(runnerOf: () => RunnerState = () => 'alive', open: () => Journal | string = opened) {
  const store = createStore<JobsPicture>(() => ({ jobs: [] }));
  const watch = watchJobs({ open, runnerOf, store, nowMs: Date.now });
  onTestFinished(() => watch.stop());
  return store;
}
const seen = (store: ReturnType<typeof watched>) => store.getState().jobs.map(({ job }) => `${job.key} ${job.state}`);

test('two consoles see a new job and each of its steps; what says the same stays the same object', async () => {
  const { id: over } = add('over');
  journal.setJob(over, 'done');
  const stores = [watched(), watched()];
  for (const store of stores) expect(seen(store)).toEqual(['over done']);
  const [before] = stores.map((store) => store.getState().jobs[0]);
  const { id } = add('new');
  journal.setJob(id, 'running');
  journal.setStep(id, 'held', 'running');
  journal.setProgress(id, 'held', { text: 'half', doneBytes: 50, totalBytes: 100 });
  for (const store of stores) {
    await vi.waitFor(() => expect(store.getState().jobs[0]?.job.steps[0]?.progress?.text).toBe('half'), 60_000);
    expect(seen(store)).toEqual(['new running', 'over done']);
  }
  expect(stores[0]?.getState().jobs[1]).toBe(before);
  journal.setJob(id, 'aborted');
  for (const store of stores) await vi.waitFor(() => expect(seen(store)[0]).toBe('new aborted'), 60_000);
});

test('a console with many past jobs has the newest at once, and reads the others a few at a time: each has its whole plan', async () => {
  const ids = Array.from({ length: 35 }, (_, at) => add(`job${at}`).id);
  for (const id of ids.slice(1)) journal.setJob(id, 'done');
  const reads: number[] = [];
  const counting = () => {
    const reader = opened();
    return {
      ...reader,
      jobs: (limit: number) => {
        reads.push(limit);
        return reader.jobs(limit);
      },
      jobsOf: (some: readonly number[]) => {
        reads.push(some.length);
        return reader.jobsOf(some);
      },
    };
  };
  const store = watched(() => 'alive', counting);
  const numbers = () => store.getState().jobs.map(({ job }) => job.id);
  // A job that is not over is shown at once, at any age.
  expect(numbers()).toEqual([...ids.toReversed().slice(0, 10), ids[0]]);
  await vi.waitFor(() => expect(numbers()).toEqual(ids.toReversed()), 60_000);
  expect(Math.max(...reads)).toBeLessThanOrEqual(10);
  const { id } = add('new');
  await vi.waitFor(() => expect(numbers()).toEqual([id, ...ids.toReversed()]), 60_000);
});

test('nothing new is published while nothing happens', async () => {
  const { id } = add('waits');
  journal.setJob(id, 'running');
  let looks = 0;
  const store = watched(() => {
    looks++;
    return 'alive';
  });
  let published = 0;
  store.subscribe(() => published++);
  await vi.waitFor(() => expect(looks).toBeGreaterThan(4), 60_000);
  expect(published).toBe(0);
});

test('a runner that dies is noticed, though nobody wrote anything', async () => {
  add('dies');
  let dead = false;
  const store = watched(() => (dead ? 'died' : 'alive'));
  expect(store.getState().jobs[0]?.abandoned).toBe(false);
  dead = true;
  await vi.waitFor(() => expect(store.getState().jobs[0]?.abandoned).toBe(true), 60_000);
});

test('a journal that can not be opened is said until it can', async () => {
  let why: string | undefined = 'the disk is full';
  add('one');
  const store = watched(
    () => 'alive',
    () => why ?? opened(),
  );
  expect(store.getState().trouble).toBe('the disk is full');
  why = undefined;
  await vi.waitFor(() => expect(store.getState().trouble).toBeUndefined(), 60_000);
  expect(seen(store)).toEqual(['one planned']);
});

test('the rate is that of the last seconds, and starts again with a step that counts from 0', () => {
  const tell = (figures: readonly number[]) =>
    figures.reduce((samples: readonly Sample[], bytes, at) => sampled(samples, bytes, at * 1000), []);
  expect(rates(tell([0, 10, 30]))).toEqual([10, 20]);
  expect(currentRate(tell([0, 10, 30]))).toBe(15);
  expect(currentRate(tell([5]))).toBeUndefined();
  expect(tell([0, 10, 3])).toHaveLength(1);
  expect(tell(Array.from({ length: 1000 }, (_, at) => at)).length).toBeLessThanOrEqual(240);
  // Earlier progress says nothing about the end.
  const stalled = tell([0, 10, 20, 30, 30, 30, 30, 30, 30]);
  expect(currentRate(stalled)).toBe(0);
  expect(remainingMs(30, 100, currentRate(stalled))).toBeUndefined();
  expect(currentRate(tell([0, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7]))).toBe(0);
  expect([remainingMs(50, 100, 25), remainingMs(50, undefined, 25), remainingMs(50, 100, 0)]).toEqual([
    2000,
    undefined,
    undefined,
  ]);
});

test('a step that a second runner continues has the time that runners worked on it, and not the hours between', () => {
  let clockMs = 1_000_000;
  const timed = openJournal(join(folder, 'timed.sqlite'), () => clockMs);
  if (!timed) throw new Error('no journal');
  const { id } = addJob(timed, {
    key: 'k',
    plan: unitPlan('k', 'passes'),
    targets: [],
    who: { account: 'ops', jumpHost: 'jump1' },
  });
  const step = () => {
    const found = timed.job(id)?.steps.find(({ name }) => name === 'held');
    if (!found) throw new Error('no step');
    return found;
  };
  timed.setStep(id, 'held', 'running');
  clockMs += 30_000;
  timed.setProgress(id, 'held', { text: 'half' });
  clockMs += 7_200_000;
  expect(workedMs(step(), true, clockMs)).toBe(30_000);
  timed.setStep(id, 'held', 'running');
  clockMs += 10_000;
  expect(workedMs(step(), false, clockMs)).toBe(40_000);
  timed.setStep(id, 'held', 'done');
  clockMs += 7_200_000;
  expect(workedMs(step(), false, clockMs)).toBe(40_000);
  timed.close();
});

test('an unfinished job is seen however many newer ones there are: by a console that opens, and by one that is open', async () => {
  add('old');
  const open = watched();
  for (let number = 0; number < 201; number++) journal.setJob(add(`new${number}`).id, 'done');
  expect(seen(watched()).at(-1)).toBe('old planned');
  await vi.waitFor(() => expect(seen(open)).toHaveLength(201), 60_000);
  expect(seen(open).at(-1)).toBe('old planned');
});
