// What a step is given: how long a host that is away is waited for, by a clock that counts no time in which this machine slept.
import { expect, test, vi } from 'vitest';
import { stepLines } from '../../src/commands/jobs/job.ts';
import { progressLine } from '../../src/commands/jobs/progress-line.ts';
import { doingText } from '../../src/job/doing-words.ts';
import type { Journal } from '../../src/job/journal.ts';
import type { PlannedStep } from '../../src/job/plan.ts';
import type { JobRecord, StepProgress } from '../../src/job/record.ts';
import { toolsFor } from '../../src/job/tools.ts';
import { failureOf, unreachable } from '../../src/remote/failure.ts';
import type { Remote } from '../../src/remote/remote.ts';
import { printed } from './step-tools.ts';

const away = failureOf(unreachable('no route to host', ''), 'db3', 'seed-start follow');

vi.mock('../../src/job/pause.ts', () => ({ pause: async () => undefined }));

test('a snapshot whose host is away tells the try, the error and since when; it stood there with no word', async () => {
  const commands = { take: { host: 'db2', script: 'take-snapshot', args: ['take'], deadlineMs: 1000 } } as const;
  const step: PlannedStep = { name: 'snapshot', title: '', host: 'db2', work: 'take-snapshot', input: {}, commands };
  const plan = { kind: 'snapshot', title: '', hosts: ['db2'], destroys: [], steps: [step] };
  const job = { id: 1, plan, state: 'running', resources: [] } as unknown as JobRecord;
  let progress: StepProgress | undefined;
  const told: string[][] = [];
  const journal = {
    job: () => job,
    addCommand: () => undefined,
    setProgress: (_: number, name: string, now: StepProgress) => {
      progress = now;
      const steps = [{ name, state: 'running' as const, progress: now }];
      told.push([
        doingText({ ...job, steps }),
        progressLine({ steps }, []),
        ...stepLines({ ...steps[0], name } as never, false, 0),
      ]);
    },
  } as unknown as Journal;
  const answers = [away, away, printed('done'), away, printed('done')];
  const remote = { exec: async () => answers.shift() } as unknown as Remote;
  const nowMs = () => new Date(2026, 10, 27, 14, 35, 17).getTime();
  const parts = { journal, log: { write: () => undefined }, open: () => remote, nowMs };
  const tools = toolsFor(job, step, parts, new AbortController().signal);
  tools.progress({ text: 'writes blocked' });
  expect(await tools.run('take')).toMatchObject({ ok: true });
  const words = (tries: string) => `no answer from db2 since 14:35:17 (${tries}): no route to host`;
  expect(told.map((lines) => lines.filter((line) => line.includes(words('2 tries'))).length)).toEqual([0, 0, 3, 0]);
  expect(told[1]?.[1]).toBe(`writes blocked; ${words('1 try')}`);
  expect(progress).toEqual({ text: 'writes blocked' });
  // A new row of tries begins at one.
  await tools.run('take');
  expect(told[4]?.[1]).toBe(`writes blocked; ${words('1 try')}`);
});

test('a jump host that slept for an hour does not give up a host that starts again behind its swap', async () => {
  const step = (name: string, rest: Partial<PlannedStep> = {}): PlannedStep => {
    const commands = { run: { host: 'db3', script: 'seed-start', args: ['follow'], deadlineMs: 1000 } } as const;
    return { name, title: name, host: 'db3', lane: 'db3', work: 'seed-command', input: {}, commands, ...rest };
  };
  const swap = step('switch db3', { acquires: { what: 'the new data', release: 'run', whenDone: 'keep' } });
  const follow = step('follow db3');
  const job = {
    id: 1,
    plan: { kind: 'seed', title: '', hosts: ['db3'], destroys: [], steps: [swap, follow] },
    resources: [{ step: 'switch db3', what: 'the new data', state: 'held' }],
  } as unknown as JobRecord;
  const journal = { job: () => job, addCommand: () => undefined, setProgress: () => undefined } as unknown as Journal;
  let tries = 0;
  const remote = { exec: async () => (++tries < 5 ? away : printed('done')) } as unknown as Remote;
  let now = 0;
  const parts = {
    journal,
    log: { write: () => undefined },
    open: () => remote,
    nowMs: () => {
      now += 3_600_000;
      return now;
    },
  };
  const tools = toolsFor(job, follow, parts, new AbortController().signal);
  expect(await tools.run('run')).toMatchObject({ ok: true, stdout: 'done' });
});
