// What steps find out is checked when it is recorded and when another step reads it, both times by the kind of the step
// that found it out.
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Journal } from '../../src/job/journal/journal.ts';
import { openJobLog } from '../../src/job/journal/log-file.ts';
import type { Json, PlannedStep } from '../../src/job/plan/plan.ts';
import { defineStep, noInput, noResult, type StepDefinition, worksOf } from '../../src/job/plan/step-work.ts';
import { runJob } from '../../src/job/runner/runner.ts';
import type { Remote } from '../../src/remote/remote.ts';
import { addJob } from './adding.ts';
import { jobStoreForEach } from './job-store.ts';

const store = jobStoreForEach();
let folder: string;
let journal: Journal;
beforeEach(() => {
  ({ folder, journal } = store());
});

interface Where {
  readonly host: string;
  readonly lane?: string;
}
const planned = (name: string, { host, lane }: Where) => ({ name, title: name, host, lane, input: {}, commands: {} });
const noOne = (): Remote => {
  throw new Error('no host was to be asked');
};

/** Counts as `told` says, which may be no count at all. */
const counts = (told: () => unknown) =>
  defineStep({
    kind: 'counts',
    input: noInput,
    result: z.object({ files: z.number() }),
    plan: (where: Where) => planned(`count ${where.host}`, where),
    run: async () => ({ ok: true, result: told() as { files: number } }),
  });
/** Notes what was counted. */
const reads = (of: ReturnType<typeof counts>, at?: string) =>
  defineStep({
    kind: 'reads',
    input: noInput,
    result: noResult,
    plan: (where: Where) => planned('read', where),
    run: async ({ resultOf, note }) => {
      const counted = resultOf(of, at);
      note(counted === undefined ? 'nothing counted' : `counted ${counted.files + 1}`);
      return { ok: true };
    },
  });

async function ran(
  kinds: readonly StepDefinition[],
  steps: readonly PlannedStep[],
  before: Readonly<Record<string, Json>> = {},
) {
  const notes: string[] = [];
  const plan = { kind: 'test', title: 'a job', hosts: ['db1', 'db2'], destroys: [], steps };
  const { id } = addJob(journal, { key: 'cafe', plan, targets: [], who: { account: 'ops', jumpHost: 'jump1' } });
  for (const [step, result] of Object.entries(before)) journal.setStep(id, step, 'done', { result });
  const log = openJobLog(join(folder, 'log'), Date.now);
  const write: typeof log.write = (host, text) => {
    notes.push(text);
    log.write(host, text);
  };
  await runJob(id, { journal, log: { ...log, write }, works: worksOf(kinds), open: noOne, nowMs: Date.now });
  const job = journal.job(id);
  if (!job) throw new Error('the job is gone');
  return { job, notes };
}

describe('what a step finds out', () => {
  test('is read by the steps after it by the object of its kind', async () => {
    const count = counts(() => ({ files: 7 }));
    const read = reads(count);
    const { job, notes } = await ran([count, read], [count.plan({ host: 'db1' }), read.plan({ host: 'db1' })]);
    expect(job.state).toBe('done');
    expect(notes).toContain('counted 8');
  });

  test('is a failed step in plain words where it is not what its kind tells, and is not written down', async () => {
    const count = counts(() => ({ files: 'seven' }));
    const { job } = await ran([count], [count.plan({ host: 'db1' })]);
    expect(job).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('its result has another form than its kind of step gives (files: '),
    });
    expect(job.steps[0]?.result).toBeUndefined();
  });

  test('by another build, and does not fit this one, ends the step that reads it, and not the runner', async () => {
    const count = counts(() => ({ files: 7 }));
    const read = reads(count);
    const steps = [count.plan({ host: 'db1' }), read.plan({ host: 'db1' })];
    const { job } = await ran([count, read], steps, { 'count db1': { names: 7 } });
    expect(job).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('read: what "count db1" found out is not what this step reads (files: '),
    });
  });

  test('on one of several hosts is asked for by its host, and never guessed', async () => {
    const count = counts(() => ({ files: 1 }));
    const [guess, at] = [reads(count), reads(count, 'db2')];
    const steps = [count.plan({ host: 'db1' }), count.plan({ host: 'db2' })];
    const before = { 'count db1': { files: 1 }, 'count db2': { files: 2 } };
    expect((await ran([count, at], [...steps, at.plan({ host: 'db1' })], before)).notes).toContain('counted 3');
    expect((await ran([count, guess], [...steps, guess.plan({ host: 'db1' })], before)).job.error).toContain(
      'its plan has more than one step of the kind counts',
    );
  });
});

test('two kinds of steps that are called alike are no registry', () => {
  const count = counts(() => ({ files: 7 }));
  expect(() => worksOf([count, { ...count }])).toThrow('two kinds of steps have the same name');
});
