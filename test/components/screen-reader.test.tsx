// What a screen reader reads: whole lines on every screen, and never more of them than the terminal has rows.
import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { fittingWindow } from '../../components/base/whole-lines.ts';
import { displayWidth } from '../../components/base/width.ts';
import type { LogView } from '../../src/fleet/log/follow.ts';
import type { ProcessesView } from '../../src/fleet/processes/watch.ts';
import { readProcesses } from '../../src/host/server/processes.ts';
import { recorded as printed, told } from '../host/recordings.ts';
import { emptyLog, openConsole, recorded } from './console.tsx';
import { recordedJobs } from './jobs.ts';

const trouble = recorded('trouble');
const { views } = recordedJobs();
const long = `2026-11-22T19:02:43.100000Z 0 [ERROR] [MY-010931] [Server] ${'a long line '.repeat(20)}and its end.`;
const log = createStore<LogView>(() => ({
  ...emptyLog,
  state: 'following',
  path: '/var/log/mysql/error.log',
  entries: [{ text: long }],
}));
const sessions = createStore<ProcessesView>(() => ({
  list: told(readProcesses(printed('mysql-9.7/processes').toString())),
  atMs: trouble.recordedAtMs,
}));

const opened = (columns: number, rows: number) =>
  openConsole({
    picture: trouble.picture,
    nowMs: trouble.recordedAtMs,
    look: { linear: true },
    columns,
    rows,
    jobs: views,
    log,
    jobLog: log,
    sessions,
    worstFirst: true,
  });

const rowsOf = (screen: string, columns: number) =>
  screen.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(displayWidth(line) / columns)), 0);

/** Of what is drawn for the eye alone. */
const drawn = /[…─█░▁▸]|~$/m;

test.each([
  [80, 24],
  [60, 30],
  [120, 40],
])('at %i x %i every screen is whole lines, and no taller than the terminal', async (columns, rows) => {
  const keys = { fleet: '1', host: '\r', sessions: 'Q', snapshots: '3', jobs: '4', job: '\r', schedules: '5' };
  const console = opened(columns, rows);
  await console.shows('selected, 1 of 6');
  for (const [name, key] of Object.entries(keys)) {
    const before = console.screen();
    console.press(key);
    if (name !== 'fleet') await expect.poll(() => console.screen(), { message: name }).not.toBe(before);
    const screen = console.screen();
    expect(screen, name).not.toMatch(drawn);
    expect(rowsOf(screen, columns), screen).toBeLessThanOrEqual(rows);
  }
});

test('the header is whole at 60 columns: the fleet, its trouble, and the operator', async () => {
  const console = opened(60, 30);
  const screen = await console.shows('selected, 1 of 6');
  expect(screen.split('\n')[0]).toMatch(/reseed {2}practice · 6 hosts .*critical.*READ-WRITE {2}ops@jump1/);
});

test('a long line of a log is whole, on as many rows as it needs', async () => {
  const console = opened(80, 40);
  await console.shows('selected, 1 of 6');
  console.press('\r');
  await console.shows('error log');
  expect(await console.shows('its end.')).not.toContain('…');
});

test('a plan is read to its end by keys: no line of it is out of reach', async () => {
  const console = openConsole({
    ...{ picture: recorded('calm').picture, nowMs: recorded('calm').recordedAtMs },
    look: { linear: true },
    columns: 60,
    rows: 24,
  });
  await console.shows('selected, 1 of 6');
  console.press('s');
  await console.shows('y does it');
  console.press('vG');
  await console.shows(/esc: no/);
  expect(console.screen()).not.toMatch(drawn);
});

test('of lines that take several rows as many are shown as fit, and the selected one is among them', () => {
  const rowsAt = (index: number) => (index === 2 ? 4 : 1);
  expect(fittingWindow({ count: 6, top: 0, height: 5, rowsAt })).toEqual([0, 2]);
  expect(fittingWindow({ count: 6, top: 0, height: 5, selected: 2, rowsAt })).toEqual([1, 3]);
  expect(fittingWindow({ count: 6, top: 2, height: 3, rowsAt })).toEqual([2, 3]);
  expect(fittingWindow({ count: 0, top: 0, height: 3, rowsAt })).toEqual([0, 0]);
});
