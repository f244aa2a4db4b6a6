// A runner whose job another jump host has taken up meanwhile: its hosts refuse it. What they do not see, it leaves too.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { Journal } from '../../src/job/journal/journal.ts';
import { openJobLog } from '../../src/job/journal/log-file.ts';
import type { PlannedStep } from '../../src/job/plan/plan.ts';
import { worksOf } from '../../src/job/plan/step-work.ts';
import { runJob } from '../../src/job/runner/runner.ts';
import { notDone } from '../../src/job/runner/step-end.ts';
import { endSentences } from '../../src/operations/jobs/words/end-words.ts';
import type { Remote } from '../../src/remote/remote.ts';
import { addJob } from './adding.ts';
import { jobStoreForEach } from './job-store.ts';
import { kindOf } from './kinds.ts';
import { exited, lineLost, printed } from './step-tools.ts';

const store = jobStoreForEach();
let folder: string;
let journal: Journal;
beforeEach(() => {
  ({ folder, journal } = store());
});

const jump = '/jump';
const step = (work: string, host: string, lane?: string): PlannedStep => {
  const command = (key: string) => ({ host, script: 'unit', args: [key, work], deadlineMs: 1000 }) as const;
  const acquires = { what: `what ${work} made on ${host}`, release: 'release', whenDone: 'release' } as const;
  return {
    name: `${work} ${host}`,
    title: `${work} ${host}`,
    host,
    work,
    input: {},
    commands: { take: command('take'), release: command('release') },
    ...(host.startsWith('db') && { acquires }),
    ...(work === 'lock' && { volatile: true }),
    ...(lane !== undefined && { lane }),
  };
};
const seeding = [step('lock', 'db2'), step('lock', 'db3'), step('work', 'db3')];

interface Running {
  readonly steps?: readonly PlannedStep[];
  readonly onFailure?: readonly PlannedStep[];
  readonly onSuccess?: readonly PlannedStep[];
  /** The step that has begun when the job is taken up; absent: the end of the last one. */
  readonly takenAt?: string;
  /** Hosts that do not answer from then on, but for the undo. */
  readonly away?: readonly string[];
  readonly fenced?: readonly string[];
  /** Where the lock of the job was taken away, by a cleaning or an unlock. */
  readonly forbidden?: readonly string[];
}

function added({ steps = seeding, onFailure = [], onSuccess = [] }: Running): number {
  const plan = {
    kind: 'seed',
    title: 'seed db2 → db3',
    hosts: ['db2', 'db3'],
    destroys: [],
    steps,
    onFailure,
    onSuccess,
  };
  return addJob(journal, { key: 'cafe', plan, targets: [], who: { account: 'ops', jumpHost: 'jump2' } }).id;
}

function refusedBy(host: string, fenced: readonly string[], forbidden: readonly string[]) {
  const taken = 'its job was taken up by jump1 (anna@jump1), since noon, and does nothing more on this host';
  if (fenced.includes(host)) return { ...exited(91, taken), host };
  const cleaned = 'further commands of the job are refused on this host by anna@jump1 (reseed clean), since noon';
  return forbidden.includes(host) ? { ...exited(92, cleaned), host } : undefined;
}

/** What was done, by what and where. */
async function run(
  id: number,
  { takenAt, away = [], forbidden = [], fenced = forbidden.length > 0 ? [] : ['db2', 'db3'] }: Running,
): Promise<string[]> {
  const did: string[] = [];
  let gone = takenAt === '';
  const open = (host: string) =>
    ({
      exec: async (_: string, [verb, what]: readonly string[]) => {
        if (gone && away.includes(host) && verb === 'take') return lineLost;
        const refused = gone ? refusedBy(host, fenced, forbidden) : undefined;
        if (refused) return refused;
        if (verb !== 'take' || what !== 'lock') did.push(`${verb} ${what} ${host}`);
        return printed('');
      },
    }) as unknown as Remote;
  const acts = ['lock', 'work', 'hook'].map((kind) =>
    kindOf(kind, z.strictObject({}), async ({ run: runs, step: { name } }) => {
      if (name === takenAt) gone = true;
      const answer = await runs('take');
      return answer.ok ? { ok: true } : notDone(answer);
    }),
  );
  const last = kindOf('last', z.strictObject({}), async () => {
    gone = true;
    return { ok: true };
  });
  const works = worksOf([...acts, last]);
  await runJob(id, { journal, works, log: openJobLog(join(folder, 'log'), Date.now), open, nowMs: Date.now });
  return did;
}

const hook = (name: string) => ({ ...step('hook', jump), name });

test('the hook after a failure does not put a host back that another jump host is rebuilding: none runs once a host has refused the job', async () => {
  const running = { takenAt: 'work db3', onFailure: [hook('back'), step('hook', 'proxy1')] };
  const id = added(running);
  expect(await run(id, running)).toEqual([]);
  expect(journal.job(id)).toMatchObject({
    state: 'failed',
    error: expect.stringContaining('db3: its job was taken up by jump1'),
  });
});

test('a hook on the jump host, or on a host without a lock, asks the hosts of the job before it runs', async () => {
  for (const one of [hook('before-stop'), step('hook', 'proxy1')]) {
    const running = { steps: [...seeding.slice(0, 2), step('last', 'db3'), one] };
    const id = added(running);
    expect(await run(id, running)).toEqual([]);
    expect(journal.job(id)).toMatchObject({ state: 'failed', error: expect.stringContaining('was taken up by jump1') });
  }
});

test('of a job that was taken up after its last step, no hook tells of success, and it has not succeeded', async () => {
  const running = { steps: [...seeding.slice(0, 2), step('last', 'db3')], onSuccess: [hook('after-success')] };
  const id = added(running);
  expect(await run(id, running)).toEqual([]);
  expect(journal.job(id)).toMatchObject({ state: 'failed', error: expect.stringContaining('was taken up by jump1') });
});

test('a hook after a failure runs all the same where a host of the job does not answer: that may be the failure', async () => {
  const running = { takenAt: 'work db3', away: ['db3'], fenced: [], onFailure: [hook('back')] };
  const id = added(running);
  journal.setJob(id, 'releasing', 'it failed');
  for (const { name, acquires } of seeding.slice(0, 2)) journal.setResource(id, name, acquires?.what ?? '', 'held');
  expect(await run(id, { ...running, takenAt: '' })).toContain('take hook /jump');
}, 60_000);

test('the other targets of a job that was taken up do not go on', async () => {
  const lanes = ['db3', 'db4'].map((host) => step('work', host, host));
  const running = { steps: [...seeding.slice(0, 2), step('lock', 'db4'), ...lanes], takenAt: 'work db3' };
  const id = added(running);
  expect(await run(id, running)).toEqual(['release lock db4']);
  expect(journal.job(id)?.state).toBe('failed');
});

test('the other targets of a job whose one target was cleaned go on, and are done; the hooks of the one put its alerts back', async () => {
  const lanes = ['db3', 'db4'].map((host) => step('work', host, host));
  const back = { ...hook('back'), lane: 'db3' };
  const locks = [step('lock', 'db2'), step('lock', 'db3', 'db3'), step('lock', 'db4', 'db4')];
  const running = { steps: [...locks, ...lanes], onFailure: [back], takenAt: 'work db3', forbidden: ['db3'] };
  const id = added(running);
  const did = await run(id, running);
  expect(did).toContain('take work db4');
  expect(did).toContain('take hook /jump');
  const job = journal.job(id);
  if (!job) throw new Error('no job');
  expect(job.steps.find(({ name }) => name === 'work db4')?.state).toBe('done');
  expect(job.error).toContain('db3: further commands of the job are refused on this host by anna@jump1 (reseed clean)');
  // What is on it, is for `reseed clean`.
  expect(journal.uncleanJobs()).toEqual([]);
});

test('a job that was taken up is over: what it left is the other jump host’s, and no abort of it is advised', async () => {
  const running = { takenAt: 'work db3' };
  const id = added(running);
  await run(id, running);
  const job = journal.job(id);
  if (!job) throw new Error('no job');
  expect(journal.uncleanJobs()).toEqual([]);
  const said = [...endSentences(job, journal.commands(id)), await readFile(join(folder, 'log'), 'utf8')].join('\n');
  expect(said).toContain('LEFT: what lock made on db2');
  expect(said).toContain('taken up by jump1');
  expect(said).not.toContain('reseed job abort');
});

test('an abort ends a job for good that an older reseed has left half undone since it was taken up', async () => {
  const id = added({});
  for (const { name, acquires } of seeding) journal.setResource(id, name, acquires?.what ?? '', 'left');
  journal.requestAbort(id);
  journal.setJob(id, 'releasing', 'work db3: it failed');
  expect(await run(id, { takenAt: '' })).toEqual([]);
  expect(journal.job(id)).toMatchObject({
    state: 'aborted',
    error: expect.stringMatching(/^work db3: it failed; db[23]: its job was taken up by jump1/),
  });
});
