// Jobs with several targets: a failed one does not stop the others, and each has an end of its own.
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { Journal } from '../../src/job/journal/journal.ts';
import { openJobLog } from '../../src/job/journal/log-file.ts';
import type { JobRecord } from '../../src/job/journal/record.ts';
import { isLost, lossText, lostLanes } from '../../src/job/lanes.ts';
import type { PlannedStep } from '../../src/job/plan/plan.ts';
import { type StepEnd, type StepWorks, worksOf } from '../../src/job/plan/step-work.ts';
import { runJob } from '../../src/job/runner/runner.ts';
import type { Remotes } from '../../src/remote/open.ts';
import { endUnitsWords } from '../../src/scripts/unit-words.ts';
import { addJob } from './adding.ts';
import { jobStoreForEach } from './job-store.ts';
import { kindOf } from './kinds.ts';

const store = jobStoreForEach();
let folder: string;
let journal: Journal;
let remotes: Remotes;
beforeEach(() => {
  ({ folder, journal, remotes } = store());
});

/** A unit of a job that does not exist: its release does nothing, and is recorded. */
const release = {
  host: 'here',
  script: 'unit',
  args: endUnitsWords('nobody', ['nothing']),
  deadlineMs: 20_000,
} as const;

const step = (name: string, lane?: string): PlannedStep => ({
  name,
  title: name,
  host: lane ?? 'donor',
  ...(lane !== undefined && { lane }),
  work: name,
  input: {},
  commands: { release },
  acquires: { what: `what ${name} made`, release: 'release', whenDone: 'keep' },
});

const steps = [
  step('donor'),
  step('first db3', 'db3'),
  step('first db6', 'db6'),
  step('copy'),
  step('last db3', 'db3'),
  step('last db6', 'db6'),
];
const done: StepEnd = { ok: true };
const failed: StepEnd = { ok: false, message: 'it was to fail', advice: '' };

async function ran(ends: Readonly<Record<string, StepEnd>>): Promise<JobRecord> {
  const works: StepWorks = worksOf(
    steps.map(({ work }) => kindOf(work, z.strictObject({}), async () => ends[work] ?? done)),
  );
  const plan = { kind: 'test', title: 'two targets', hosts: ['donor', 'db3', 'db6'], destroys: [], steps };
  const { id } = addJob(journal, { key: 'cafe', plan, targets: [], who: { account: 'ops', jumpHost: 'jump1' } });
  const remote = remotes.open({ name: 'here', host: 'localhost', transport: 'local', sudo: false });
  const log = openJobLog(join(folder, 'log'), Date.now);
  await runJob(id, { journal, log, works, open: () => remote, nowMs: Date.now });
  await remote.close();
  const job = journal.job(id);
  if (!job) throw new Error('the job is gone');
  return job;
}

const states = (job: JobRecord) => Object.fromEntries(job.steps.map(({ name, state }) => [name, state]));
const made = (job: JobRecord) => Object.fromEntries(job.resources.map(({ step: name, state }) => [name, state]));

test('a target that fails is left, what was made for it is taken away, and the other comes to its end', async () => {
  const job = await ran({ 'first db6': failed });
  expect(job).toMatchObject({ state: 'failed', error: 'db6: first db6: it was to fail' });
  expect(states(job)).toMatchObject({ 'first db6': 'failed', copy: 'done', 'last db3': 'done', 'last db6': 'skipped' });
  expect(made(job)).toEqual({
    donor: 'kept',
    'first db3': 'kept',
    'first db6': 'released',
    copy: 'kept',
    'last db3': 'kept',
  });
});

test("a target that a step of everybody's gives up is left there", async () => {
  const job = await ran({ copy: { ok: true, lost: { db3: 'no space left' } } });
  expect(job).toMatchObject({ state: 'failed', error: 'db3: no space left' });
  expect(states(job)).toMatchObject({ copy: 'done', 'last db3': 'skipped', 'last db6': 'done' });
  expect(made(job)).toMatchObject({ 'first db3': 'released', 'first db6': 'kept' });
});

test("a step of everybody's that did its work for no target has failed: it is never ✔", async () => {
  const lost = { db3: 'no space left', db6: 'no way' };
  const job = await ran({ copy: { ok: false, message: 'x', advice: '', lost } });
  expect(job).toMatchObject({ state: 'failed', error: 'db3: no space left; db6: no way' });
  expect(states(job)).toMatchObject({ copy: 'failed', 'last db3': 'waiting', 'last db6': 'waiting' });
  expect(job.steps.find(({ name }) => name === 'copy')).toMatchObject({ lost });
  expect(new Set(Object.values(made(job)))).toEqual(new Set(['released']));
});

test('with all targets lost the job goes no further, and keeps nothing', async () => {
  const job = await ran({ 'first db3': failed, 'first db6': failed });
  expect(job.state).toBe('failed');
  expect(states(job)).toMatchObject({ copy: 'waiting' });
  expect(new Set(Object.values(made(job)))).toEqual(new Set(['released']));
});

test("a step of everybody's that fails ends the job for all", async () => {
  const job = await ran({ copy: failed });
  expect(job).toMatchObject({ state: 'failed', error: 'copy: it was to fail' });
  expect(new Set(Object.values(made(job)))).toEqual(new Set(['released']));
});

test.each(['constructor', '__proto__', 'toString'])('a target named %s is given up only where it was', (lane) => {
  const steps = (lost: unknown) =>
    [{ name: 'copy', state: 'done', lost: JSON.parse(JSON.stringify(lost)) }] as JobRecord['steps'];
  expect(isLost(lostLanes({ steps: steps({ db3: 'no space left' }) }), lane)).toBe(false);
  const lost = lostLanes({
    steps: [...steps({ db3: 'no space left' }), ...steps(Object.fromEntries([[lane, 'no answer']]))],
  });
  expect([isLost(lost, lane), lossText(lost)]).toEqual([true, `db3: no space left; ${lane}: no answer`]);
});

test('what to do about several lost targets is said once, with their names; none of it is dropped', async () => {
  const advice = 'its old data is untouched: seed from a newer snapshot';
  expect(lossText({ db3: `db1 has purged 3; ${advice}`, db6: `db1 has purged 9; ${advice}` }, advice)).toBe(
    `db3: db1 has purged 3; db6: db1 has purged 9; db3, db6: ${advice}`,
  );
  expect(lossText({ db3: `same; ${advice}`, db6: `same; ${advice}` }, advice)).toBe(`db3, db6: same; ${advice}`);
  const lost = { db3: 'no answer', db6: 'no space' };
  const job = await ran({ copy: { ok: false, message: 'nothing came', advice: 'look at the network', lost } });
  expect(job.error).toBe('db3: no answer; db6: no space; db3, db6: look at the network');
});

test('the error texts of several lost targets stay whole, whatever marks they contain', () => {
  const lost = { db3: 'copy: exit 1; tar: a: gone; seed again', db6: 'copy: exit 1; tar: b: gone; seed again' };
  expect(lossText(lost)).toBe(
    'db3: copy: exit 1; tar: a: gone; seed again; db6: copy: exit 1; tar: b: gone; seed again',
  );
  expect(lossText({ db3: 'no space; free some', db6: 'no answer', db7: 'no space; free some' })).toBe(
    'db3, db7: no space; free some; db6: no answer',
  );
});
