// How long a replica that does not answer, does not replicate or applies nothing is waited for: only time in which it was asked counts.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Json } from '../../../src/job/plan/plan.ts';
import { catchUp } from '../../../src/seed/replica/steps/catch-up.ts';
import { attachSteps } from '../../../src/seed/replica/steps.ts';
import { printed, stepTools } from '../../job/step-tools.ts';
import { plan } from './attaching.ts';

const minuteMs = 60_000;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance', 'setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const command = { host: 'db2', script: 'service', args: [], deadlineMs: minuteMs } as const;

/** The server never answers; `inLook` runs while it is asked. */
async function silentFor(inLook: (look: number) => void) {
  let looks = 0;
  const { tools } = stepTools({
    commands: { look: command },
    input: attachSteps(plan).catchUp.input,
    answer: () => {
      looks++;
      inLook(looks);
      return printed('');
    },
  });
  const startMs = Date.now();
  const end = await catchUp.run(tools);
  return { end, looks, minutes: (Date.now() - startMs) / minuteMs };
}

test('a server that takes every question to its deadline is given up after ten minutes, and not after two hours', async () => {
  const { end, minutes } = await silentFor(() => vi.advanceTimersByTime(minuteMs));
  expect(end).toMatchObject({ ok: false, message: 'the server of db2 has not answered for 11 min' });
  expect(minutes).toBe(11);
});

test('a machine that sleeps, and a process that is not scheduled, wait for no server meanwhile', async () => {
  const now = performance.now.bind(performance);
  let standsMs = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now() + standsMs);
  const { looks } = await silentFor((look) => {
    if (look === 2) vi.setSystemTime(Date.now() + 60 * minuteMs);
    if (look === 3) standsMs += 60 * minuteMs;
    vi.advanceTimersByTime(minuteMs / 2);
  });
  expect(looks).toBe(21);
});

const told = (name: string) => readFileSync(join(import.meta.dirname, `../../fixtures/mysql-9.7/${name}.txt`), 'utf8');
const replicates = told('standing-replica');
const away = told('standing-refused').replace('\t1045\t', '\t2003\t');

/** Asked once a minute: what it tells by then. */
async function followedFor(tellAt: (minute: number) => string, more: Readonly<Record<string, Json>> = {}) {
  let minute = 0;
  const { tools, notes } = stepTools({
    commands: { look: command },
    input: { ...Object(attachSteps(plan).catchUp.input), ...more },
    answer: () => {
      minute++;
      vi.advanceTimersByTime(minuteMs);
      return printed(tellAt(minute));
    },
  });
  const end = await catchUp.run(tools);
  return { end, notes, minutes: minute };
}
const late = replicates.replace('Waiting for source to send event', 'Queueing source event to the relay log');

test('a source that is restarted four hours after its replica began undoes no seed, and is told', async () => {
  const { end, notes } = await followedFor((minute) => {
    if (minute < 240) return late;
    return minute < 270 ? away : replicates;
  });
  expect(end).toMatchObject({ ok: true });
  expect(notes.slice(-3)).toEqual([
    expect.stringMatching(/^! db2: it gets nothing from its source: 2003: .*; it is waited for, 1 h at most$/),
    'db2 replicates again',
    expect.stringMatching(/^db2 replicates from db2/),
  ]);
});

test('a source that is away for short moments, again and again for hours, undoes no seed', async () => {
  const { end } = await followedFor((minute) => (minute < 300 ? ([away, late][minute % 2] ?? '') : replicates));
  expect(end).toMatchObject({ ok: true });
});

test('a source that does not come back within the hour ends it', async () => {
  const { end, minutes } = await followedFor((minute) => (minute < 10 ? late : away));
  expect(end).toMatchObject({
    ok: false,
    message: expect.stringMatching(/^db2: it gets nothing from its source: 2003/),
  });
  expect(minutes).toBe(71);
});

test('a replica of two sources, of which one does not come back, is not waited for without end because it applies what the other sends', async () => {
  const at = (minute: number) => {
    const [head = '', row = ''] = late.split('answer\nchannels\n')[1]?.split('\n') ?? [];
    const rowOf = (set: Readonly<Record<string, string>>) => {
      const names = head.split('\t');
      return row
        .split('\t')
        .map((value, place) => set[names[place] ?? ''] ?? value)
        .join('\t');
    };
    const own = rowOf({ Exec_Source_Log_Pos: String(minute * 1000) });
    const lost = { Replica_IO_Running: 'Connecting', Last_IO_Errno: '2003', Last_IO_Error: 'no route' };
    return late.replace(row, `${own}\n${rowOf({ Channel_Name: 'eu', ...lost })}`);
  };
  const channels = [{ name: 'eu', mark: '', source: 'db9 (10.77.0.19:3306)', runs: true }];
  const { end, minutes } = await followedFor((minute) => (minute < 200 ? at(minute) : ''), { channels });
  expect(end).toMatchObject({
    ok: false,
    message: 'db2: channel eu: it gets nothing from its source: 2003: no route',
  });
  expect(minutes).toBe(62);
});

test('an ALTER TABLE that the replica repeats for three hours undoes no seed, and is told each hour', async () => {
  const { end, notes } = await followedFor((minute) => (minute < 180 ? late : replicates));
  expect(end).toMatchObject({ ok: true });
  expect(notes.filter((one) => one.startsWith('! nothing was applied'))).toEqual([
    '! nothing was applied for 2 min: a large transaction, or a stall',
    '! nothing was applied for 1 h: a large transaction, or a stall',
    '! nothing was applied for 2 h: a large transaction, or a stall',
  ]);
});

test('a replica without GTIDs, whose lag grows while it applies a nightly batch, is not said to apply nothing', async () => {
  const at = (minute: number) => {
    const [head = '', row = ''] = late.split('answer\nchannels\n')[1]?.split('\n') ?? [];
    const [names, values] = [head.split('\t'), row.split('\t')];
    const set = {
      Exec_Source_Log_Pos: String(minute * 1000),
      Read_Source_Log_Pos: '9000000',
      Seconds_Behind_Source: String(minute),
    };
    const changed = values.map((value, place) => set[names[place] as keyof typeof set] ?? value);
    return late.replace(row, changed.join('\t'));
  };
  const { end, notes } = await followedFor((minute) => (minute < 180 ? at(minute) : replicates));
  expect(end).toMatchObject({ ok: true });
  expect(notes.filter((one) => one.startsWith('!'))).toEqual([]);
});
