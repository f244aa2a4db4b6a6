// Jobs that end, fail, are aborted, and whose runner is killed at every place between two of its actions.

import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Journal, openJournal } from '../../src/job/journal/journal.ts';
import type { JobRecord } from '../../src/job/journal/record.ts';
import { isAlive } from '../../src/job/lease/alive.ts';
import { addJob } from './adding.ts';
import { unitPlan } from './works.ts';

let folder: string;
let journal: Journal;
let word: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-job-'));
  const opened = openJournal(join(folder, 'jobs.sqlite'), Date.now);
  if (!opened) throw new Error('no journal');
  journal = opened;
  word = `test-${randomBytes(4).toString('hex')}`;
});
afterEach(async () => {
  journal.close();
  await rm(folder, { recursive: true });
  await rm(`/run/reseed/${word}`, { recursive: true, force: true });
});

const who = { account: 'ops', jumpHost: 'jump1' };
const add = (middle: Parameters<typeof unitPlan>[1]) =>
  addJob(journal, { plan: unitPlan(word, middle), targets: [], who, key: 'abcd' });
const runner = (id: number, place = -1) =>
  execa(process.execPath, ['--import', 'tsx', 'test/job/runner-process.ts', folder, String(id), String(place)], {
    reject: false,
  });
const recorded = (id: number): JobRecord => {
  const job = journal.job(id);
  if (!job) throw new Error(`no job ${id}`);
  return job;
};
const stands = (role: string) => existsSync(`/run/reseed/${word}/${role}`);
const states = ({ resources }: JobRecord) => Object.fromEntries(resources.map(({ step, state }) => [step, state]));

describe('a job', () => {
  test('that ends well keeps what it was for, and takes away the rest', async () => {
    const { id } = add('passes');
    await runner(id);
    const job = recorded(id);
    expect(job).toMatchObject({ state: 'done', key: 'abcd' });
    expect(states(job)).toEqual({ held: 'released', product: 'kept' });
    expect([stands('held'), stands('product')]).toEqual([false, true]);
  });

  test('that fails says why, and leaves nothing', async () => {
    const { id } = add('fails');
    await runner(id);
    const job = recorded(id);
    expect(job).toMatchObject({ state: 'failed', error: 'the middle: it was to fail; write another test' });
    expect(job.steps.map(({ state }) => state)).toEqual(['done', 'failed', 'waiting']);
    expect(stands('held')).toBe(false);
  });

  test('that is aborted from another process stops, and leaves nothing', async () => {
    const { id } = add('waits');
    const running = runner(id);
    await vi.waitFor(() => expect(recorded(id).steps[1]?.state).toBe('running'), 60_000);
    journal.requestAbort(id);
    await running;
    // The message about a host that did not answer said that the host had cancelled the command.
    expect(recorded(id)).toMatchObject({ state: 'aborted', error: 'the middle: aborted by the operator' });
    expect(stands('held')).toBe(false);
  });

  test('that could not take away what it made says so, and does when it is tried again', async () => {
    const { id } = add('waits');
    const running = runner(id);
    await vi.waitFor(() => expect(recorded(id).steps[1]?.state).toBe('running'), 60_000);
    // A unit that runs is not removed.
    const unit = `/run/reseed/${word}/held`;
    const hold = `exec 9>>${unit}/alive; flock 9; rm ${unit}/rc; echo held; read -r word`;
    const holder = execa('sh', ['-c', hold], { reject: false });
    await holder[Symbol.asyncIterator]().next();
    journal.requestAbort(id);
    await running;
    expect(recorded(id).state).toBe('cleanup-needed');
    expect(states(recorded(id))).toEqual({ held: 'left' });
    const log = await readFile(join(folder, `${id}.log`), 'utf8');
    expect(log).toMatch(/LEFT: unit .* \(.+\)\n.* reseed job abort \d+ undoes what is left/);
    holder.kill();
    await holder;
    journal.setJob(id, 'releasing');
    await runner(id);
    expect(recorded(id).state).toBe('aborted');
    expect(states(recorded(id))).toEqual({ held: 'released' });
    expect(stands('held')).toBe(false);
    const whole = await readFile(join(folder, `${id}.log`), 'utf8');
    expect(whole.slice(log.length)).toMatch(/^\S+ +undoes: two units of /);
  });

  test('ran the commands of its plan and no others, and its log has each with its end', async () => {
    const { id } = add('passes');
    await runner(id);
    const { plan } = recorded(id);
    const planned = plan.steps.flatMap(({ name, commands }) =>
      Object.entries(commands).map(([key, { script, args }]) => ({ step: name, key, script, args })),
    );
    const ran = journal.commands(id);
    expect(ran).toHaveLength(3);
    for (const { step, key, script, args } of ran) expect(planned).toContainEqual({ step, key, script, args });
    const log = await readFile(join(folder, `${id}.log`), 'utf8');
    expect(log).toMatch(
      /here {5}\$ unit\.sh start job=test-\w+ role=held by=setsid background=no mark=mark → 0 \(\d+\.\d\d s\)/,
    );
    expect(log).toMatch(/ done: two units of test-\w+\n$/);
  });

  test('has one runner at a time, and who looks sees whether it lives', async () => {
    const { id } = add('waits');
    const alive = join(folder, `${id}.alive`);
    const running = runner(id);
    await vi.waitFor(() => expect(recorded(id).steps[1]?.state).toBe('running'), 60_000);
    expect(isAlive(alive)).toBe(true);
    expect((await runner(id)).stderr).toContain('no lock');
    running.kill('SIGKILL');
    await running;
    expect(isAlive(alive)).toBe(false);
    journal.requestAbort(id);
    await runner(id);
    expect(recorded(id).state).toBe('aborted');
  });
});

describe('a runner killed at any point between two of its acts', () => {
  test.each(['passes', 'fails'] as const)(
    'is followed by one that ends the job as it would have: the middle %s',
    async (middle) => {
      const whole = add(middle);
      const { passed, end } = JSON.parse((await runner(whole.id)).stdout) as { passed: number; end: string };
      const expected = states(recorded(whole.id));
      expect(passed).toBeGreaterThan(8);
      for (let place = 0; place < passed; place++) {
        await rm(`/run/reseed/${word}`, { recursive: true, force: true });
        const { id } = add(middle);
        expect((await runner(id, place)).signal).toBe('SIGKILL');
        await runner(id);
        expect({ place, end: recorded(id).state, left: states(recorded(id)) }).toEqual({ place, end, left: expected });
        expect({ place, held: stands('held'), product: stands('product') }).toEqual({
          place,
          held: false,
          product: middle === 'passes',
        });
      }
    },
    300_000,
  );

  test('is followed by one that makes again what its host forgot meanwhile', async () => {
    const plan = unitPlan(word, 'passes');
    const steps = plan.steps.map((step) => (step.name === 'held' ? { ...step, volatile: true as const } : step));
    const { id } = addJob(journal, { plan: { ...plan, steps }, targets: [], who, key: 'abcd' });
    // In the step after it.
    expect((await runner(id, 5)).signal).toBe('SIGKILL');
    await rm(`/run/reseed/${word}`, { recursive: true });
    await runner(id);
    expect(recorded(id).state).toBe('done');
    expect(journal.commands(id).filter(({ step, key }) => step === 'held' && key === 'start')).toHaveLength(2);
  });

  test('leaves nothing when the job is aborted instead', async () => {
    const { passed } = JSON.parse((await runner(add('passes').id)).stdout) as { passed: number };
    for (let place = 0; place < passed; place += 3) {
      await rm(`/run/reseed/${word}`, { recursive: true, force: true });
      const { id } = add('passes');
      await runner(id, place);
      const allDone = recorded(id).steps.every(({ state }) => state === 'done');
      journal.requestAbort(id);
      await runner(id);
      expect({ place, state: recorded(id).state }).toEqual({ place, state: allDone ? 'done' : 'aborted' });
      expect({ place, held: stands('held'), product: stands('product') }).toEqual({
        place,
        held: false,
        product: allDone,
      });
    }
  }, 120_000);
});
