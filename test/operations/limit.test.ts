// A bandwidth that is changed while a job copies.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { jobHome } from '../../src/job/journal/home.ts';
import { openJournal } from '../../src/job/journal/journal.ts';
import type { JobState, StepState } from '../../src/job/journal/record.ts';
import { PlanFault } from '../../src/job/plan/plan-fault.ts';
import { limitJob, limitOf } from '../../src/operations/jobs/limit.ts';
import type { Remotes } from '../../src/remote/open.ts';
import { limitedTo, wayWords } from '../../src/scripts/seed-way-words.ts';
import { cloneData } from '../../src/seed/methods/clone/clone-data.ts';
import { carryData } from '../../src/seed/methods/own-commands/carry-data.ts';

const closed: string[] = [];
vi.mock('../../src/remote/open.ts', () => ({
  openRemotes: (): Pick<Remotes, 'close'> & { open: () => object } => ({
    open: () => ({ close: async () => void closed.push('remote') }),
    close: async () => void closed.push('remotes'),
  }),
}));
beforeEach(() => {
  closed.length = 0;
});

type Stepping = readonly [name: string, work: string, state: StepState];

/** A job with these steps; the first has the command that sets its limit. */
async function jobOf(state: JobState, steps: readonly Stepping[]) {
  const folder = await mkdtemp(join(tmpdir(), 'reseed-limit-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const home = jobHome({ XDG_STATE_HOME: folder });
  const journal = openJournal(home.journal, Date.now);
  if (!journal) throw new Error('no journal');
  onTestFinished(() => journal.close());
  const limit = { host: 'db2', script: 'unit', args: ['limit', 'bytes=0'], deadlineMs: 1000 } as const;
  const { id } = journal.add({
    key: 'cafe',
    plan: {
      kind: 'seed',
      title: 'seed db2 → db3',
      hosts: ['db2'],
      steps: steps.map(([name, work], at) => ({
        ...{ name, title: name, host: 'db2', work, input: {} },
        commands: at === 0 ? { limit } : {},
      })),
      destroys: [],
    },
    freezing: { frozen: { format: 1, build: '0.0.0', scripts: {} }, texts: new Map() },
    targets: [{ name: 'db2', host: '10.77.0.12', transport: 'auto', sudo: false }],
    who: { account: 'ops', jumpHost: 'jump1' },
  });
  journal.setJob(id, state);
  for (const [name, , one] of steps) journal.setStep(id, name, one);
  const job = journal.job(id);
  if (!job) throw new Error('no job');
  return Object.assign(() => limitJob({ home, journal }, job, 1_000_000, { hosts: [] }), { journal, job });
}

/** A job that lists the donor's files, and then copies. */
const seeding = (state: JobState, list: StepState, copy: StepState) =>
  jobOf(state, [
    ['list', 'seed-list', list],
    ['copy', 'seed-copy', copy],
  ]);

test('a limit that the journal has no script for closes its connections all the same', async () => {
  const limited = await seeding('running', 'done', 'running');
  await expect(limited()).rejects.toThrow(PlanFault);
  expect(closed).toEqual(['remote', 'remotes']);
});

test.each<readonly [string, JobState, StepState, StepState, string]>([
  ['whose copy is over', 'running', 'done', 'done', 'job 1 has copied its data: there is nothing left to limit'],
  ['that has not begun its copy', 'running', 'waiting', 'waiting', 'job 1 begins its copy later'],
  ['that is ending', 'releasing', 'done', 'failed', 'job 1 is ending: it copies nothing any more'],
])('job limit of a job %s says so, and asks no host', async (_, state, list, copy, message) => {
  const limited = await seeding(state, list, copy);
  expect(await limited()).toMatchObject({ ok: false, refusal: { message } });
  expect(closed).toEqual([]);
});

test('job limit of a job that an older reseed planned is said in the words of that job: its own scripts run', () => {
  expect(limitedTo(['limit', '/run/x/seed', '0'], 500)).toEqual(['limit', '/run/x/seed', '500']);
  const [of, now] = [0, 500].map((bytes) => wayWords('limit', '/run/x/seed', { bytes }));
  expect(limitedTo(of ?? [], 500)).toEqual(now);
});

test('a clone that runs is limited by its own step', async () => {
  const limited = await jobOf('running', [['clone db2', cloneData.kind, 'running']]);
  await expect(limited()).rejects.toThrow(PlanFault);
  expect(closed).toEqual(['remote', 'remotes']);
});

test.each<readonly [string, StepState, string]>([
  ['is done', 'done', 'job 1 has copied its data: there is nothing left to limit'],
  ['has not begun', 'waiting', 'job 1 begins its copy later'],
])('job limit of a clone that %s says so', async (_, state, message) => {
  const limited = await jobOf('running', [['clone db2', cloneData.kind, state]]);
  expect(await limited()).toMatchObject({ ok: false, refusal: { message } });
});

test('job limit of data that commands of the inventory carry does not say that it limits them', async () => {
  const limited = await jobOf('running', [
    ['list', 'seed-list', 'done'],
    ['carry', carryData.kind, 'running'],
  ]);
  const message = 'commands of the inventory carry the data of job 1, and reseed does not limit them';
  expect(await limited()).toMatchObject({ ok: false, refusal: { message } });
});

test('job show tells the limit that the plan had, then the one that the operator set; and none where nothing is copied', async () => {
  const { job, journal } = await jobOf('running', [['clone db2', cloneData.kind, 'running']]);
  expect(limitOf(job, journal.commands(job.id))).toBe(0);
  const set = {
    step: 'clone db2',
    key: 'limit',
    host: 'db2',
    script: 'unit',
    scriptSha256: '',
    startedMs: 1,
    tookMs: 1,
  };
  journal.addCommand(job.id, { ...set, args: ['limit', 'bytes=4194304'], code: 0, said: '' });
  journal.addCommand(job.id, { ...set, args: ['limit', 'bytes=1'], code: 64, said: 'refused' });
  expect(limitOf(job, journal.commands(job.id))).toBe(4_194_304);
  const done = await jobOf('running', [['clone db2', cloneData.kind, 'done']]);
  expect(limitOf(done.job, [])).toBeUndefined();
});
