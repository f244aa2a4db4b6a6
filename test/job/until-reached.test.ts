// A host that does not answer in the middle of a job.
import { expect, test } from 'vitest';
import type { JobRecord, ResourceState, StepRecord } from '../../src/job/journal/record.ts';
import type { PlannedStep } from '../../src/job/plan/plan.ts';
import { patienceMs, untilReached } from '../../src/job/runner/until-reached.ts';
import { failureOf, unreachable } from '../../src/remote/failure.ts';

const away = failureOf(unreachable('no route to host', 'is the host up?'), 'db3', 'seed-start follow');
const there = { ok: true, stdout: 'done', stderr: '' } as const;

/** A host that does not answer for that long, by a clock that only waiting advances. */
async function asked(awayMs: number, patience: number) {
  let now = 0;
  const told: (readonly [string, number | undefined])[] = [];
  const answer = await untilReached(async () => (now < awayMs ? away : there), {
    patienceMs: () => patience,
    nowMs: () => now,
    pause: async (ms) => {
      now += ms;
    },
    signal: new AbortController().signal,
    onAway: ({ message }, givenUpAfterMs) => told.push([message, givenUpAfterMs]),
  });
  return { answer, told, now };
}

test('a host that restarts after its swap is waited for, and the job continues with its new data', async () => {
  const { answer, told } = await asked(180_000, 600_000);
  expect(answer).toBe(there);
  expect(told[0]).toEqual(['no route to host', 600_000]);
  expect(told.length).toBeGreaterThan(15);
});

test('one that stays away is given up, and never waited for again and again', async () => {
  const { answer, now } = await asked(Number.POSITIVE_INFINITY, 600_000);
  expect(answer).toBe(away);
  expect(now).toBeLessThan(620_000);
});

test('before there is anything to lose, a host that is away is given up after a few tries', async () => {
  expect(await asked(180_000, 0)).toMatchObject({ answer: away, now: 6000 });
  expect((await asked(180_000, 0)).told).toEqual(Array(3).fill(['no route to host', undefined]));
});

test('one answer that did not come in time undoes no seed of hours: it is asked again, and after ten minutes it is the answer', async () => {
  const late = { ...away, kind: 'timeout', deadlineMs: 60_000, message: 'db3 gave no answer within 60 s' } as const;
  const unasked = {
    ...away,
    kind: 'exit',
    code: 124,
    stdout: '',
    stderr: 'ERROR: my_print_defaults did not say',
  } as const;
  for (const answer of [late, unasked]) {
    const asks = async (lateMs: number, patience: number) => {
      let now = 0;
      const end = await untilReached(
        async () => {
          now += 60_000;
          return now < lateMs ? answer : there;
        },
        {
          patienceMs: () => patience,
          nowMs: () => now,
          pause: async (ms) => {
            now += ms;
          },
          signal: new AbortController().signal,
          onAway: () => undefined,
        },
      );
      return { end, now };
    };
    expect((await asks(180_000, 600_000)).end).toBe(there);
    expect(await asks(Number.POSITIVE_INFINITY, 600_000)).toMatchObject({ end: answer, now: 620_000 });
    // Before there is anything to lose it is told at once.
    expect(await asks(180_000, 0)).toEqual({ end: answer, now: 60_000 });
  }
});

const step = (name: string, lane: string, keeps = false): PlannedStep => ({
  name,
  title: name,
  host: lane,
  lane,
  work: 'seed-command',
  input: {},
  commands: {},
  ...(keeps && {
    acquires: { what: `the new data in place of the old on ${lane}`, release: 'down', whenDone: 'keep' },
  }),
});
const steps = [
  step('switch db3', 'db3', true),
  step('start db3', 'db3'),
  step('start db6', 'db6'),
  step('switch db6', 'db6', true),
];
const patience = (name: string, state: ResourceState) => {
  const found = steps.find((one) => one.name === name);
  if (!found) throw new Error(name);
  const plan = { kind: 'seed', title: '', hosts: [], destroys: [], steps };
  return patienceMs({ plan, steps: [], state: 'running', resources: [{ step: 'switch db3', what: '', state }] }, found);
};

test('it is waited for where its own new data is in place, and nowhere else', () => {
  expect(patience('start db3', 'held')).toBe(600_000);
  expect(patience('start db3', 'wanted')).toBe(0);
  expect(patience('start db6', 'held')).toBe(0);
});

test('a job that is resumed waits for a host whose lock it takes anew; one that only begins, or is undone, does not', () => {
  const lock: PlannedStep = { ...step('lock db2', 'db2'), volatile: true };
  const plan = { kind: 'seed', title: '', hosts: [], destroys: [], steps: [lock, step('copy', 'db3')] };
  const asks = (state: JobRecord['state'], copy: StepRecord['state']) =>
    patienceMs(
      {
        plan,
        state,
        resources: [],
        steps: [
          { name: 'lock db2', state: 'running' },
          { name: 'copy', state: copy },
        ],
      },
      lock,
    );
  expect([asks('running', 'running'), asks('running', 'waiting'), asks('releasing', 'failed')]).toEqual([
    600_000, 0, 0,
  ]);
});
