// The screen of one host, by its keys: a log that grows, is stopped, searched and filtered.
import { expect, test } from 'vitest';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { displayWidth } from '../../components/base/width.ts';
import { type LogView, withUpdate } from '../../src/fleet/log/follow.ts';
import type { LogEntry } from '../../src/fleet/log/view.ts';
import type { FleetPicture } from '../../src/fleet/picture.ts';
import { folded } from '../../src/fleet/store.ts';
import { parseLogLine } from '../../src/host/log/error-log.ts';
import { emptyLog, hostLike, openConsole, recorded } from './console.tsx';

const trouble = recorded('trouble');
const inTrouble = { picture: trouble.picture, nowMs: trouble.recordedAtMs };

const levels = ['Note', 'Warning', 'ERROR', 'System'] as const;
const line = (number: number, level: string = levels[number % levels.length] ?? 'Note', words = 'something') =>
  parseLogLine(`2026-11-22T19:02:43.${100000 + number}Z 0 [${level}] [MY-010931] [Server] ${words} number ${number}.`);
const numbered = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => line(from + index));

/** The picture when the probe has found these lines at the end of the host's error log. */
function logged(picture: FleetPicture, host: string, lines: readonly LogEntry[]): FleetPicture {
  const value = { path: '/var/log/mysql/error.log', sizeBytes: 4711, lines };
  const report = { errorLog: { ok: true, value } } as const;
  return folded(picture, [{ kind: 'report', host, report, atMs: trouble.recordedAtMs }]);
}

function logOf(entries: readonly LogEntry[]): StoreApi<LogView> {
  return createStore<LogView>(() => ({ ...emptyLog, state: 'following', path: '/var/log/mysql/error.log', entries }));
}
function add(log: StoreApi<LogView>, entries: readonly LogEntry[], droppedLines = 0): void {
  log.setState((view) => withUpdate(view, { link: { state: 'following' }, entries, droppedLines, skippedBytes: 0 }));
}

async function openHost(log: StoreApi<LogView>, host = 'db1', options: { columns?: number; rows?: number } = {}) {
  const console = openConsole({ ...inTrouble, log, ...options });
  await console.shows('db6');
  console.press(`${'j'.repeat(Number(host.slice(2)) - 1)}\r`);
  await console.shows('error log');
  return console;
}

test.each([
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 200, rows: 60 },
  { columns: 40, rows: 12 },
])('every host fits $columns x $rows, whichever pane has the keys', async ({ columns, rows }) => {
  const wide = { text: `漢字 ${'very long '.repeat(100)}`, severity: 'error' } as const;
  const log = logOf([...numbered(0, 300), wide]);
  for (const host of ['db1', 'db3', 'db4', 'db5', 'db6']) {
    const console = await openHost(log, host, { columns, rows });
    await console.shows('漢字');
    for (const _ of ['log', 'mysql', 'replication', 'disk', 'snapshots', 'jobs']) {
      const lines = console.lines();
      expect(lines).toHaveLength(rows);
      for (const text of lines) expect(displayWidth(text), text).toBeLessThanOrEqual(columns);
      const before = console.screen();
      console.press('\t');
      await expect.poll(() => console.screen() !== before).toBe(true);
    }
  }
});

test('the log grows at its end, with severity as a letter', async () => {
  const log = logOf(numbered(0, 50));
  const console = await openHost(log);
  await console.shows('number 49.');
  add(log, [line(50, 'ERROR')]);
  expect(await console.shows('number 50.')).toMatch(/▸ E .*\[ERROR\].*number 50\./);
  expect(console.screen()).toContain('follow · 51 lines');
});

test('moving up holds it still, lines that come are counted, G follows again', async () => {
  const log = logOf(numbered(0, 100));
  const console = await openHost(log);
  await console.shows('number 99.');
  console.press('kk');
  await console.shows(/▸ . .*number 97\./);
  add(log, numbered(100, 132));
  const still = await console.shows('paused, 32 new');
  expect(still).not.toContain('number 100.');
  // Far more lines than are kept: the lines that the operator reads stay.
  add(log, numbered(200, 6000));
  await console.shows('paused, 5,832 new');
  console.press('g');
  await console.shows(/▸ . .*number 0\./);
  console.press('G');
  await console.shows('number 5999.');
  expect(console.screen()).toContain('follow · 5,000 lines');
});

test('p pauses the log, and follows it again', async () => {
  const log = logOf(numbered(0, 100));
  const console = await openHost(log);
  await console.shows('number 99.');
  console.press('p');
  await console.shows('paused, 0 new');
  console.press('p');
  await console.shows('follow');
});

test('a search goes to the newest line found, n and N to the others, and each is marked', async () => {
  const log = logOf([
    ...numbered(0, 40),
    line(40, 'ERROR', 'needle'),
    ...numbered(41, 80),
    line(80, 'Note', 'Needle'),
    ...numbered(81, 90),
  ]);
  const console = await openHost(log);
  await console.shows('number 89.');
  console.press('/needle');
  await console.shows(/\* N .*Needle number 80/);
  console.press('\r');
  await console.shows(/▸ N .*Needle number 80/);
  console.press('N');
  await console.shows(/▸ E .*needle number 40/);
  console.press('N');
  await console.shows('no line above has needle');
  console.press('n');
  await console.shows(/▸ N .*Needle number 80/);
  console.press('/haystack\r');
  await console.shows('no line has haystack');
  console.press('/Needle\r');
  await console.shows('/Needle');
  console.press('N');
  await console.shows('no line above has Needle');
});

test('a search that is called off changes nothing', async () => {
  const console = await openHost(logOf(numbered(0, 40)));
  await console.shows('number 39.');
  console.press('/xyz');
  await console.shows('/xyz');
  console.press('\x1b');
  await expect.poll(() => console.screen().includes('/xyz')).toBe(false);
  console.press('n');
  await console.shows('nothing is searched yet');
});

test('by severity: without notes, errors, all again, and the label says which; a line of a stack trace is always shown', async () => {
  const console = await openHost(
    logOf([
      line(0, 'Note'),
      line(1, 'Warning'),
      line(3, 'System'),
      line(2, 'ERROR'),
      { text: '/usr/sbin/mysqld(+0x1)' },
    ]),
  );
  await console.shows('number 0.');
  console.press('l');
  const warnings = await console.shows(/follow · without notes · \d+ lines/);
  expect(warnings).toContain(
    'notes are left out: errors, warnings, system lines and lines without a severity are shown',
  );
  expect(warnings).toContain('number 3.');
  expect(warnings).toContain('number 1.');
  expect(warnings).not.toContain('number 0.');
  console.press('l');
  const errors = await console.shows('errors only');
  expect(errors).not.toContain('number 1.');
  expect(errors).toContain('number 2.');
  expect(errors).toContain('/usr/sbin/mysqld(+0x1)');
  console.press('l');
  await console.shows('number 0.');
});

test('W breaks long lines, t hides the times', async () => {
  const long = parseLogLine(`2026-11-22 19:02:43 0 [ERROR] ${'word '.repeat(60)}the-end`);
  const console = await openHost(logOf([...numbered(0, 30), long]), 'db1', { columns: 80, rows: 24 });
  await console.shows(/19:02:43 0 \[ERROR\] word/);
  expect(console.screen()).not.toContain('the-end');
  console.press('W');
  await console.shows('the-end');
  console.press('t');
  await console.shows(/▸ E 0 \[ERROR\] word/);
  expect(console.screen()).not.toContain('19:02:43 0');
});

test('y copies the line under the cursor, w opens all of it in the pager', async () => {
  const console = await openHost(logOf(numbered(0, 10)));
  await console.shows('number 9.');
  console.press('ky');
  await expect.poll(() => console.copied.length).toBe(1);
  expect(console.copied[0]).toMatch(/^2026-11-22T.*number 8\.$/);
  console.press('w');
  await expect.poll(() => console.paged.length).toBe(1);
  expect(console.paged[0]?.trim().split('\n')).toHaveLength(10);
});

test('events of the log are between its lines, and dropped lines are counted', async () => {
  const log = logOf(numbered(0, 5));
  const console = await openHost(log);
  await console.shows('number 4.');
  add(log, [{ event: 'rotated', text: 'rotated: a new file begins' }, line(5)], 1234);
  const screen = await console.shows('── rotated: a new file begins ──');
  expect(screen).toContain('1,234 left out');
});

test('a log that cannot be had says why and what to do', async () => {
  const log = createStore<LogView>(() => ({
    ...emptyLog,
    state: 'failed',
    failure: { kind: 'refused', message: 'no error log was found on db1', advice: 'set mysql.errorLog', printed: '' },
  }));
  const console = await openHost(log);
  expect(await console.shows('no error log was found on db1')).toContain('set mysql.errorLog');
});

test('tab gives a pane of facts the keys: it has the room that it needs, and scrolls', async () => {
  const console = await openHost(logOf(numbered(0, 50)), 'db1', { columns: 80, rows: 24 });
  await console.shows('43.100049Z');
  expect(console.screen()).not.toContain('server id');
  console.press('\t');
  expect(await console.shows('▸MySQL')).toContain('server id');
  console.press('y');
  await expect.poll(() => console.copied.length).toBe(1);
  expect(console.copied[0]).toMatch(/^unit +mysql/);
});

test('an error is seen when it was on the screen, and not when its host was opened; leaving ends the follow', async () => {
  const [first, last] = [line(0, 'ERROR'), line(300, 'ERROR')];
  const notes = Array.from({ length: 299 }, (_, index) => line(index + 1, 'Note'));
  const console = await openHost(logOf([first, ...notes, last]));
  await console.shows('number 300.');
  await expect.poll(() => console.shownErrors).toEqual([last.text]);
  console.press('g');
  await console.shows('number 0.');
  await expect.poll(() => console.shownErrors).toEqual([last.text, first.text]);
  console.press('\x1b');
  await console.shows('▸ db1');
  expect(console.logsClosed()).toBe(1);
});

test('a report of corrupt data stays an alert though it was on the screen, until A marks it as seen', async () => {
  const damaged = line(300, 'ERROR', 'InnoDB: Database page corruption on page 7');
  const log = logOf([...numbered(0, 300), damaged]);
  const console = await openHost(log);
  await console.shows('page 7');
  console.fleet.setState((picture) => logged(picture, 'db1', [damaged]), true);
  expect(await console.shows('corruption: ')).toMatch(/✖ .*corruption: .*page 7/);
  expect(await console.shows(/A mark seen/)).toMatch(/✖ .*corruption: /);
  console.press('A');
  await expect.poll(() => console.screen()).not.toMatch(/✖ .*corruption: /);
  expect(console.marked).toEqual(['db1']);
  console.press('A');
  await console.shows('A: its error log has no error that you have not seen');
});

test('a thousand lines a second leave the keys alone: only what is seen is drawn', async () => {
  const log = logOf([]);
  const console = await openHost(log);
  for (let batch = 0; batch < 20; batch++) {
    add(log, numbered(batch * 100, batch * 100 + 100));
    console.press(batch % 2 === 0 ? 'k' : 'G');
    await console.shows(batch % 2 === 0 ? 'paused' : 'follow');
  }
  add(log, numbered(2000, 2001));
  await console.shows('number 2000.');
});

test('a host with a name that fits nowhere keeps the screen in order', async () => {
  const name = 'ein-sehr-langer-名前-der-nirgends-hineinpasst-und-noch-viel-länger-01';
  const hosts = [hostLike(trouble.picture, 'db5', name)];
  const console = openConsole({
    ...inTrouble,
    picture: { ...trouble.picture, hosts },
    log: logOf(numbered(0, 9)),
    columns: 80,
    rows: 24,
  });
  await console.shows('1 host');
  console.press('\r');
  await console.shows('43.100008Z');
  for (const text of console.lines()) expect(displayWidth(text)).toBeLessThanOrEqual(80);
});

test('z gives the pane in focus the whole screen, tab the next one; z or esc shows all panes again', async () => {
  const console = await openHost(logOf(numbered(0, 300)));
  await console.shows('── MySQL');
  const lines = () => console.lines().filter((line) => / number \d+/.test(line)).length;
  const before = lines();
  console.press('z');
  await expect.poll(() => console.screen()).not.toContain('── MySQL');
  expect(lines()).toBeGreaterThan(before);
  console.press('\t');
  await console.shows('▸MySQL');
  expect(console.screen()).not.toMatch(/number \d+/);
  console.press('\u001b');
  await console.shows(/number \d+/);
  expect(console.screen()).toContain('▸MySQL');
  expect(console.screens.getState().stack).toHaveLength(2);
});
