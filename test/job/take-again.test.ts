// A job that is undone by another runner than the one that ran its steps: what other jobs have locked meanwhile is left
// alone.
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { jobHome } from '../../src/job/journal/home.ts';
import type { Journal } from '../../src/job/journal/journal.ts';
import { openJobLog } from '../../src/job/journal/log-file.ts';
import type { PlannedStep } from '../../src/job/plan/plan.ts';
import { type StepEnd, worksOf } from '../../src/job/plan/step-work.ts';
import { runJob } from '../../src/job/runner/runner.ts';
import { replaceRunner } from '../../src/operations/jobs/job-store.ts';
import type { Remote } from '../../src/remote/remote.ts';
import { addJob } from './adding.ts';
import { jobStoreForEach } from './job-store.ts';
import { kindOf } from './kinds.ts';
import { printed } from './step-tools.ts';

const store = jobStoreForEach();
let folder: string;
let journal: Journal;
beforeEach(() => {
  ({ folder, journal } = store());
});

const step = (work: string, host: string): PlannedStep => ({
  name: `${work} ${host}`,
  title: `${work} ${host}`,
  host,
  work,
  input: {},
  commands: { release: { host, script: 'unit', args: ['end', 'cafe', work], deadlineMs: 1000 } },
  acquires: { what: `what ${work} made on ${host}`, release: 'release', whenDone: 'release' },
  ...(work === 'lock' && { volatile: true }),
});
const steps = [step('lock', 'db2'), step('lock', 'db3'), step('make', 'db2'), step('make', 'db3')];

const theirs: StepEnd = { ok: false, isOthers: true, message: 'db3 is locked by job beef of bob@jump2', advice: '' };

/** A job whose runner died after all steps, and that the operator has aborted. */
function died(): number {
  const plan = { kind: 'test', title: 'two hosts', hosts: ['db2', 'db3'], destroys: [], steps };
  const { id } = addJob(journal, { key: 'cafe', plan, targets: [], who: { account: 'ops', jumpHost: 'jump1' } });
  journal.setJob(id, 'running');
  for (const { name, acquires } of steps) {
    journal.setStep(id, name, name === 'make db3' ? 'running' : 'done');
    if (acquires) journal.setResource(id, name, acquires.what, 'held');
  }
  journal.setProgress(id, 'make db3', { text: '204M of 312M', streams: [1_300_000], beside: 'full in 28 min' });
  journal.requestAbort(id);
  return id;
}

/** Gives what was released on which host. */
async function run(id: number, lockOf: (host: string) => StepEnd): Promise<string[]> {
  const released: string[] = [];
  const remote = (host: string) =>
    ({
      exec: async (_: string, [, , what = '']: readonly string[]) => {
        released.push(`${what} ${host}`);
        return printed('');
      },
    }) as unknown as Remote;
  const works = worksOf([
    kindOf('lock', z.strictObject({}), async ({ step: { host } }) => lockOf(host)),
    kindOf('make', z.strictObject({}), async () => ({ ok: true })),
  ]);
  await runJob(id, { journal, works, log: openJobLog(join(folder, 'log'), Date.now), open: remote, nowMs: Date.now });
  return released;
}

const made = (id: number) =>
  Object.fromEntries(journal.job(id)?.resources.map(({ step: name, state }) => [name, state]) ?? []);

test('an abort does nothing on a host that another job has locked since, says whose lock it is, and undoes it when that is gone', async () => {
  const id = died();
  expect(await run(id, (host) => (host === 'db3' ? theirs : { ok: true }))).toEqual([
    'make db2',
    'lock db3',
    'lock db2',
  ]);
  expect(journal.job(id)).toMatchObject({
    state: 'cleanup-needed',
    error: expect.stringContaining(
      'db3 is locked by job beef of bob@jump2: nothing is undone there until that lock is released',
    ),
  });
  expect(made(id)).toMatchObject({ 'make db2': 'released', 'make db3': 'left' });
  journal.setJob(id, 'releasing');
  expect(await run(id, () => ({ ok: true }))).toEqual(['make db3', 'lock db3']);
  expect([journal.job(id)?.state, made(id)['make db3']]).toEqual(['aborted', 'released']);
});

test('a lock that can not be taken for another reason does not keep a job from undoing what it made', async () => {
  const id = died();
  expect(await run(id, () => ({ ok: false, message: 'no space left', advice: '' }))).toContain('make db3');
  expect(journal.job(id)?.state).toBe('aborted');
});

test('a step that its runner died in does not go on running when the job is over, and shows no rate of then', async () => {
  const id = died();
  await run(id, () => ({ ok: true }));
  const copied = journal.job(id)?.steps.find(({ name }) => name === 'make db3');
  expect(copied).toMatchObject({ state: 'failed', endedMs: copied?.toldMs, progress: { text: '204M of 312M' } });
  expect(copied?.progress).not.toHaveProperty('streams');
  expect(copied?.progress).not.toHaveProperty('beside');
});

test('a journal that can not be read for a moment ends no runner', async () => {
  const plan = { kind: 'test', title: 'two hosts', hosts: ['db2', 'db3'], destroys: [], steps };
  const { id } = addJob(journal, { key: 'cafe', plan, targets: [], who: { account: 'ops', jumpHost: 'jump1' } });
  const { abortRequested } = journal;
  let asked = 0;
  journal = {
    ...journal,
    abortRequested: (of) => {
      asked += 1;
      if (asked === 1) throw new Error('database is locked');
      return abortRequested(of);
    },
  };
  await run(id, () => ({ ok: true }));
  expect(journal.job(id)?.state).toBe('done');
});

test('a runner that can not be started does not leave its job to the console as a runner that lives', async () => {
  const id = died();
  journal.setJob(id, 'cleanup-needed');
  const before = process.execPath;
  process.execPath = '/no/such/node';
  try {
    const job = journal.job(id);
    if (!job) throw new Error('no job');
    const release = () => journal.setJob(id, 'releasing');
    expect(() => replaceRunner({ home: jobHome({ XDG_STATE_HOME: folder }), journal }, job, release)).toThrow();
  } finally {
    process.execPath = before;
  }
  const after = journal.job(id);
  expect([after?.state, after?.lease?.ended]).toEqual(['cleanup-needed', true]);
});

test('of an aborted job whose runner had died, the steps that ran are not said to be not run: their locks too', async () => {
  const id = died();
  await run(id, () => ({ ok: true }));
  const states = journal
    .job(id)
    ?.steps.filter(({ name }) => name !== 'make db3')
    .map(({ state }) => state);
  expect(new Set(states)).toEqual(new Set(['done']));
});
