// The tools of a step: how long it waits for a host that does not answer, by a clock that stops while this machine
// sleeps.
import { expect, test, vi } from 'vitest';
import { stepLines } from '../../src/commands/jobs/job/job-text.ts';
import { progressLine } from '../../src/commands/jobs/job/progress-line.ts';
import type { Journal } from '../../src/job/journal/journal.ts';
import type { JobRecord, StepProgress } from '../../src/job/journal/record.ts';
import type { PlannedStep } from '../../src/job/plan/plan.ts';
import { toolsFor } from '../../src/job/runner/tools.ts';
import { doingText } from '../../src/job/words/doing-words.ts';
import { failureOf, unreachable } from '../../src/remote/failure.ts';
import type { Remote } from '../../src/remote/remote.ts';
import { printed } from './step-tools.ts';

const away = failureOf(unreachable('no route to host', ''), 'db3', 'seed-start follow');

vi.mock('../../src/job/runner/pause.ts', () => ({ pause: async () => undefined }));

test('a snapshot whose host is away tells the try, the error and since when; it stood there with no word', async () => {
  const commands = { take: { host: 'db2', script: 'take-snapshot', args: ['take'], deadlineMs: 1000 } } as const;
  const step: PlannedStep = { name: 'snapshot', title: '', host: 'db2', work: 'take-snapshot', input: {}, commands };
  const plan = { kind: 'snapshot', title: '', hosts: ['db2'], destroys: [], steps: [step] };
  const job = { id: 1, plan, state: 'running', resources: [], steps: [] } as unknown as JobRecord;
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
  const nowMs = () => new Date().setHours(14, 35, 17, 0);
  const parts = { journal, log: { write: () => undefined }, open: () => remote, nowMs };
  const tools = toolsFor(job, step, parts, new AbortController().signal);
  tools.progress({ text: 'writes blocked' });
  expect(await tools.run('take')).toMatchObject({ ok: true });
  const words = (tries: string) => `no answer from db2 since 14:35:17 UTC (${tries}): no route to host`;
  expect(told.map((lines) => lines.filter((line) => line.includes(words('2 tries'))).length)).toEqual([0, 0, 3, 0]);
  expect(told[1]?.[1]).toBe(`writes blocked; ${words('1 try')}`);
  expect(progress).toEqual({ text: 'writes blocked' });
  // A new series of tries begins at one.
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
    steps: [],
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

/** A step with a command on each host; answers are found by the command's key. `before`: what the journal has of it. */
function working(
  answers: Readonly<Record<string, (typeof away | ReturnType<typeof printed>)[]>>,
  before?: StepProgress,
) {
  const command = (host: string, key: string) =>
    ({ host, script: 'seed-start', args: [key], deadlineMs: 1000 }) as const;
  const commands = Object.fromEntries(Object.keys(answers).map((key) => [key, command(key.split(' ')[0] ?? '', key)]));
  const step: PlannedStep = { name: 'copy', title: '', host: 'db2', work: 'copy', input: {}, commands };
  const told: StepProgress[] = before ? [before] : [];
  const job = {
    id: 1,
    plan: { kind: 'seed', title: '', hosts: ['db2', 'db3'], destroys: [], steps: [step] },
    state: 'running',
    resources: [],
  } as unknown as JobRecord;
  const progress = () => told.at(-1);
  const journal = {
    job: () => ({ ...job, steps: [{ name: 'copy', state: 'running', progress: progress() }] }),
    addCommand: () => undefined,
    setProgress: (_: number, __: string, now: StepProgress) => void told.push(now),
  } as unknown as Journal;
  const remote = {
    exec: async (_: string, args: readonly string[]) => {
      await Promise.resolve();
      return answers[args[0] ?? '']?.shift();
    },
  } as unknown as Remote;
  const parts = { journal, log: { write: () => undefined }, open: () => remote, nowMs: () => 0 };
  return { tools: toolsFor(job, step, parts, new AbortController().signal), told, progress };
}
const threeTries = () => [away, away, away];

test('a host that was given up is not told of in what the step tells later: it may answer by now', async () => {
  const { tools, told, progress } = working({
    db3: [...threeTries(), away, printed('there')],
    'db2 copy': [printed('')],
  });
  expect(await tools.run('db3')).toMatchObject({ ok: false });
  expect(told.map((now) => now.away?.[0]?.tries)).toEqual([1, 2, 3, undefined]);
  await tools.run('db2 copy');
  tools.progress({ text: 'copies without db3' }, true);
  expect(progress()).toEqual({ text: 'copies without db3' });
  // If it is asked again, the silence began at the same time.
  await tools.run('db3');
  expect(told.flatMap((now) => now.away?.map(({ tries }) => tries) ?? [])).toEqual([1, 2, 3, 4]);
  expect(progress()).toEqual({ text: 'copies without db3' });
});

test('two commands at once on a host that is away: three tries of each are three, not six', async () => {
  const { tools, told } = working({ 'db3 one': threeTries(), 'db3 two': threeTries() });
  await Promise.all([tools.run('db3 one'), tools.run('db3 two')]);
  const each = told.map((now) => now.away ?? []);
  expect(Math.max(...each.map(({ length }) => length))).toBe(1);
  expect(Math.max(...each.flat().map(({ tries }) => tries))).toBe(3);
});

test('a resumed copy whose host is away: what the runner before told of it stays', async () => {
  const before = { text: '12G of 287G', doneBytes: 12, totalBytes: 287 };
  const { tools, told, progress } = working({ db3: [away, printed('')] }, before);
  await tools.run('db3');
  expect(told[1]).toMatchObject({ ...before, away: [{ host: 'db3', tries: 1 }] });
  expect(progress()).toEqual(before);
});

test('of an undo whose runner died, a host that was away is said to have been so when it was last told', () => {
  const lost = [{ host: 'db3', sinceMs: 0, tries: 2, why: 'no route to host' }];
  const step = { name: 'copy', state: 'done' as const, toldMs: 0, progress: { text: '', away: lost } };
  expect(stepLines(step, true, 0)[0]).toMatch(/last told 1970-01-01 \S+ \S+; no answer from db3/);
  expect(stepLines(step, false, 0)[0]).not.toContain('last told');
});
