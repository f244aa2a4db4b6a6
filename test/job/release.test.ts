// A job's resources are released at its end, also if their host does not answer for a while.
import { expect, test, vi } from 'vitest';
import type { Journal } from '../../src/job/journal/journal.ts';
import type { JobRecord, StepRecord } from '../../src/job/journal/record.ts';
import type { PlannedStep } from '../../src/job/plan/plan.ts';
import { releaseAll } from '../../src/job/runner/release.ts';
import { awayOfOthers, doingText } from '../../src/job/words/doing-words.ts';
import { failureOf, unreachable } from '../../src/remote/failure.ts';
import type { Remote } from '../../src/remote/remote.ts';
import { printed } from './step-tools.ts';

vi.mock('node:timers/promises', () => ({ setTimeout: async () => undefined }));

const commands = { free: { host: 'db2', script: 'host-lock', args: ['free'], deadlineMs: 1000 } } as const;
const lock: PlannedStep = {
  name: 'lock db2',
  title: '',
  host: 'db2',
  work: 'lock',
  input: {},
  commands,
  acquires: { what: 'the lock of db2', release: 'free', whenDone: 'release' },
};

test('an undo whose host is away says so, with the try, the error and since when, and forgets it when it is over', async () => {
  let steps: StepRecord[] = [{ name: 'lock db2', state: 'done', progress: { text: 'taken' } }];
  const job = {
    id: 1,
    state: 'releasing',
    plan: { kind: 'stop', title: '', hosts: ['db2'], destroys: [], steps: [lock] },
    resources: [{ step: 'lock db2', what: 'the lock of db2', state: 'held' }],
  } as unknown as JobRecord;
  const now = () => ({ ...job, steps });
  const told: string[] = [];
  const journal = {
    job: now,
    addCommand: () => undefined,
    setResource: () => undefined,
    setProgress: (_: number, name: string, progress: StepRecord['progress'] & object) => {
      steps = [{ name, state: 'done', progress }];
      told.push(doingText(now()));
    },
  } as unknown as Journal;
  const away = failureOf(unreachable('no route to host', ''), 'db2', 'host-lock free');
  const answers = [away, away, printed('')];
  const remote = { exec: async () => answers.shift() } as unknown as Remote;
  const nowMs = () => new Date().setHours(14, 35, 17, 0);
  expect(await releaseAll(now(), { journal, log: { write: () => undefined }, open: () => remote, nowMs })).toBe(true);
  const doing = 'releases what it holds';
  expect(told).toEqual([
    `${doing}, no answer from db2 since 14:35:17 UTC (1 try): no route to host`,
    `${doing}, no answer from db2 since 14:35:17 UTC (2 tries): no route to host`,
    doing,
  ]);
  expect(awayOfOthers(now())).toEqual([]);
  expect(steps[0]?.progress).toEqual({ text: 'taken' });
});

test('an undo after a runner that was killed while a host was away: the host that answers is not said to be away', async () => {
  const away = [{ host: 'db2', sinceMs: 0, tries: 3, why: 'no route to host' }];
  const copy: StepRecord = { name: 'copy', state: 'running', progress: { text: 'half', away } };
  let steps: StepRecord[] = [{ name: 'lock db2', state: 'done', progress: { text: 'taken', away } }, copy];
  const job = {
    id: 1,
    state: 'releasing',
    plan: { kind: 'seed', title: '', hosts: ['db2'], destroys: [], steps: [lock] },
    resources: [{ step: 'lock db2', what: 'the lock of db2', state: 'held' }],
  } as unknown as JobRecord;
  const now = () => ({ ...job, steps });
  const journal = {
    job: now,
    addCommand: () => undefined,
    setResource: () => undefined,
    setProgress: (_: number, name: string, progress: StepRecord['progress'] & object) => {
      steps = steps.map((step) => (step.name === name ? { ...step, progress } : step));
    },
  } as unknown as Journal;
  const heard: string[] = [];
  const remote = {
    exec: async () => {
      heard.push(doingText(now()));
      return printed('');
    },
  } as unknown as Remote;
  await releaseAll(now(), { journal, log: { write: () => undefined }, open: () => remote, nowMs: () => 0 });
  expect(heard).toEqual(['undoes its changes']);
  expect(steps.map(({ progress }) => progress)).toEqual([{ text: 'taken' }, { text: 'half' }]);
});
