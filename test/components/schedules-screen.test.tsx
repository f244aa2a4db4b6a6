// The Schedules screen: what comes next, how it ended, what waits; a run by hand, and the switch.
import { expect, test, vi } from 'vitest';
import type { ScheduleView } from '../../src/schedule/picture.ts';
import { pictureOf, recorded } from '../live/pictures.ts';
import { openConsole } from './console.tsx';

const nowMs = recorded('up').atMs;
const minuteMs = 60_000;
const schedules: readonly ScheduleView[] = [
  {
    schedule: {
      name: 'nightly',
      cron: '30 2 * * *',
      timezone: 'Europe/Berlin',
      hosts: ['db1', 'db2'],
      act: { do: 'snapshot' },
      allow: {},
    },
    nextMs: nowMs + 3 * 60 * minuteMs,
    checkedMs: nowMs - 20_000,
    runs: [
      {
        id: 2,
        schedule: 'nightly',
        hosts: ['db2'],
        request: '',
        dueMs: nowMs - 12 * minuteMs,
        queuedMs: nowMs - 12 * minuteMs,
        missed: 0,
        state: 'waiting',
        why: 'db2: job 41 (seed db1 to db3) works there',
        badge: { sign: 'waiting', word: 'waits', tone: 'accent' },
      },
    ],
  },
  {
    schedule: {
      name: 'staging',
      cron: '0 5 * * 1',
      hosts: ['db6'],
      act: { do: 'seed', donor: 'db2', ends: 'standalone' },
      allow: {},
    },
    off: { sinceMs: nowMs - 60 * minuteMs, by: 'ops@jump1' },
    checkedMs: nowMs - 20_000,
    runs: [],
  },
];
const opened = (more: { readOnly?: boolean; schedules?: readonly ScheduleView[]; columns?: number } = {}) =>
  openConsole({ picture: pictureOf('up'), nowMs, schedules, ...more });

test('T lists the schedules; the one under the cursor says what waits, for how long, and for what', async () => {
  const { press, screen } = opened();
  press('T');
  await vi.waitFor(() => expect(screen()).toContain('schedules  2'));
  expect(screen()).toMatch(/▸ nightly +snapshot: db1, db2 +30 2 \* \* \* Europe\/Berlin +in 3 h +◌ waits/);
  expect(screen()).toMatch(/staging +seed from db2 standalone: db6 +0 5 \* \* 1 +– off +not yet/);
  expect(screen()).toContain('db2: waits 12 min: db2: job 41 (seed db1 to db3) works there');
  press('j');
  await vi.waitFor(() => expect(screen()).toMatch(/off since .*, by ops@jump1/));
});

test('b asks, and then begins what the schedule does', async () => {
  const { press, screen, scheduled } = opened();
  press('Tb');
  await vi.waitFor(() => expect(screen()).toContain('schedule nightly now: snapshot on db1, db2'));
  expect(scheduled).toEqual([]);
  press('y');
  await vi.waitFor(() => expect(screen()).toContain('nightly: job 17 on db2'));
  expect(scheduled).toEqual(['run nightly']);
});

test('b of a schedule that may replace data says so, and is begun by the name of its hosts alone', async () => {
  const allowed = schedules.map((view) => ({
    ...view,
    schedule: { ...view.schedule, allow: { 'replace-data': ['db6'] } },
  }));
  const { press, screen, scheduled } = opened({ schedules: allowed });
  press('Tj');
  press('b');
  await vi.waitFor(() => expect(screen()).toContain('db6: its data may be replaced (allow: replace-data)'));
  press('y');
  press('\r');
  expect(scheduled).toEqual([]);
  press('\x7f');
  press('db6');
  press('\r');
  await vi.waitFor(() => expect(scheduled).toEqual(['run staging']));
});

test('d switches a schedule off, and on again', async () => {
  const { press, screen, scheduled } = opened();
  press('Td');
  await vi.waitFor(() => expect(screen()).toContain('nightly is off'));
  press('jd');
  await vi.waitFor(() => expect(screen()).toContain('staging is on'));
  expect(scheduled).toEqual(['nightly off', 'staging on']);
});

test('with --read-only neither runs nor is switched', async () => {
  const { press, screen, scheduled } = opened({ readOnly: true });
  press('Tb');
  await vi.waitFor(() => expect(screen()).toMatch(/read-only/));
  press('d');
  expect(scheduled).toEqual([]);
});

test('a fleet whose schedules nothing looks at says so, and one without schedules has none', async () => {
  const quiet = schedules.map((view) => ({ ...view, checkedMs: nowMs - 3 * 60 * minuteMs }));
  const { press, screen } = opened({ schedules: quiet });
  press('T');
  await vi.waitFor(() => expect(screen()).toContain('! no tick for 3 h: they begin no job; reseed schedule install'));
  const none = opened({ schedules: [] });
  none.press('T');
  await vi.waitFor(() => expect(none.screen()).toContain('schedules  the inventory has none'));
  none.press('b');
  await vi.waitFor(() => expect(none.screen()).toContain('there is no schedule'));
});

test('it fits a narrow terminal', async () => {
  const { press, lines } = opened({ columns: 60 });
  press('T');
  await vi.waitFor(() => expect(lines().join('\n')).toContain('nightly'));
  expect(Math.max(...lines().map((line) => line.length))).toBeLessThanOrEqual(60);
});
