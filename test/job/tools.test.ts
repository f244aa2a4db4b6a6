// What a step is given: how long a host that is away is waited for, by a clock that counts no time in which this machine slept.
import { expect, test, vi } from 'vitest';
import type { Journal } from '../../src/job/journal.ts';
import type { PlannedStep } from '../../src/job/plan.ts';
import type { JobRecord } from '../../src/job/record.ts';
import { toolsFor } from '../../src/job/tools.ts';
import { failureOf, unreachable } from '../../src/remote/failure.ts';
import type { Remote } from '../../src/remote/remote.ts';
import { printed } from './step-tools.ts';

vi.mock('../../src/job/pause.ts', () => ({ pause: async () => undefined }));

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
  const away = failureOf(unreachable('no route to host', ''), 'db3', 'seed-start follow');
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
