// The sessions of a host's server on the screen, as real servers told them.
import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { displayWidth } from '../../components/base/width.ts';
import type { ProcessesView } from '../../src/fleet/processes/watch.ts';
import { readProcesses } from '../../src/host/server/processes.ts';
import { refused } from '../../src/remote/failure.ts';
import { recorded as printed, told } from '../host/recordings.ts';
import { openConsole, recorded } from './console.tsx';

const calm = recorded('calm');
const nowMs = calm.recordedAtMs;
const listOf = (name: string) => told(readProcesses(printed(name).toString()));
const sessionsOf = (view: Partial<ProcessesView> = {}) =>
  createStore<ProcessesView>(() => ({ list: listOf('mysql-9.7/processes'), atMs: nowMs - 1000, ...view }));

async function onProcesses(options: Partial<Parameters<typeof openConsole>[0]> = {}) {
  const console = openConsole({ picture: calm.picture, nowMs, sessions: sessionsOf(), ...options });
  await console.shows('▸ db1');
  console.press('jjQ');
  await console.shows('sessions of db3');
  return console;
}

test('Q shows what runs and for how long, the longest first, with open transactions; idle ones are hidden', async () => {
  const console = await onProcesses({ columns: 160 });
  const screen = await console.shows('11 sessions · 1 asleep · 1 open transaction, the oldest 19 s · 8 idle hidden');
  expect(screen).toMatch(/ID +USER +HOST +DB +COMMAND +TIME +TRX +LOCKED +CHANGED +STATE +STATEMENT/);
  expect(screen).toMatch(/105 +root +localhost +– +Sleep +19 s +19 s +3 +0 /);
  expect(screen).toMatch(/107 +root .* User sleep +SELECT SLEEP\(25\) \/\* 漢 IDENTIFIED \.\.\./);
  expect(screen).not.toContain('event_scheduler');
  expect(screen).not.toContain('hunter2');
});

test('I shows idle ones too, and hides them again', async () => {
  const console = await onProcesses();
  await console.shows('idle hidden');
  console.press('I');
  expect(await console.shows('event_scheduler')).toMatch(/ 8 idle/);
  console.press('I');
  await console.shows('idle hidden');
});

test('the statement under the cursor is whole below the list, and y copies it', async () => {
  const console = await onProcesses({ columns: 80, rows: 24 });
  await console.shows('▸');
  console.press('/sleep(25),\r');
  await console.shows('── session 106 · root from localhost');
  console.press('y');
  expect(console.copied[0]).toContain("SELECT 'a tab', SLEEP(25),");
});

test('an answer that is old says so, and why no newer one came', async () => {
  const failure = refused('db3: no answer within 15 s', '');
  const console = await onProcesses({ sessions: sessionsOf({ atMs: nowMs - 40_000, failure }) });
  expect(await console.shows('40 s old')).toContain('✖ db3: no answer within 15 s');
});

test('without an answer it says that it asks, or why there is none; no number of sessions is made up', async () => {
  const sessions = createStore<ProcessesView>(() => ({}));
  const console = await onProcesses({ sessions });
  await console.shows('sessions of db3  asking');
  sessions.setState({ failure: refused('its server told no sessions: ERROR 2002', '') });
  expect(await console.shows('✖ its server told no sessions')).not.toMatch(/\d+ sessions/);
});

test('nothing is asked any more once the screen is left', async () => {
  const console = await onProcesses();
  expect(console.sessionsClosed()).toBe(0);
  console.press('\x1b');
  await expect.poll(() => console.sessionsClosed()).toBe(1);
});

test.each([
  [80, 24],
  [120, 40],
  [40, 12],
])('it fits %i x %i', async (columns, rows) => {
  const console = await onProcesses({
    columns,
    rows,
    sessions: sessionsOf({ list: listOf('mariadb-10.11/processes') }),
  });
  console.press('I');
  await expect.poll(() => console.screen()).toContain('Master');
  expect(console.lines()).toHaveLength(rows);
  expect(Math.max(...console.lines().map(displayWidth))).toBeLessThanOrEqual(columns);
});
