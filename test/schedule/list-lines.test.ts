// What `reseed schedule list` prints.
import { beforeEach, expect, test } from 'vitest';
import { listLines } from '../../src/commands/schedule/list.ts';
import { given } from '../../src/operations/result.ts';
import { scheduleViews } from '../../src/operations/schedules/view.ts';
import { showUtc } from '../../src/text/times.ts';
import { inventoryOf } from '../inventory/reading.ts';
import { draftFor, path, sceneForEach } from './ticking.ts';

const scene = sceneForEach();
beforeEach(() => showUtc());

const inventory = `hosts: { db1: {}, db2: {}, stg1: {} }
schedules:
  nightly: { cron: 30 2 * * *, timezone: UTC, do: snapshot, hosts: [db1, db2] }
  staging: { cron: 0 5 * * 5, timezone: UTC, do: seed, donor: db2, hosts: stg1, ends: standalone }
`;
const lines = () => {
  const { store, nowMs } = scene();
  return listLines(scheduleViews(store, inventoryOf(inventory), path, nowMs()), nowMs());
};

test('before the first tick it says that nothing begins jobs', () => {
  scene().at('2026-05-01T02:29:00Z');
  expect(lines()).toEqual([
    'SCHEDULE  WHEN            DOES                      HOSTS    NEXT                     LAST',
    'nightly   30 2 * * * UTC  snapshot                  db1,db2  2026-05-01 02:30:00 UTC  not yet',
    'staging   0 5 * * 5 UTC   seed from db2 standalone  stg1     2026-05-01 05:00:00 UTC  not yet',
    '! no tick yet: schedules begin no job; reseed schedule install, or reseed schedule daemon',
  ]);
});

test('it says what runs, what waits and for what, and what was refused and missed', async () => {
  const { at, tick, end, answers, store } = scene();
  at('2026-05-01T02:29:00Z');
  await tick(inventory);
  at('2026-05-01T02:30:00Z');
  await tick(inventory);
  at('2026-05-01T05:00:00Z');
  answers(async (run, by) =>
    given(draftFor(run, by, { impact: run.schedule.name === 'staging' ? ['stg1 is in use'] : [] })),
  );
  store.journal.setJob(2, 'done');
  await tick(inventory);
  at('2026-05-02T02:30:00Z');
  await tick(inventory);
  store.journal.setJob(3, 'failed', 'no room for a snapshot');
  at('2026-05-02T04:32:00Z');
  await tick(inventory);
  expect(lines().slice(1)).toEqual([
    'nightly   30 2 * * * UTC  snapshot                  db1,db2  2026-05-03 02:30:00 UTC  ✖ failed (1 of 2), 1 waiting',
    'staging   0 5 * * 5 UTC   seed from db2 standalone  stg1     2026-05-08 05:00:00 UTC  ✖ refused',
    'nightly db2  ✖ failed job 3 (2026-05-02 02:30:00 UTC): no room for a snapshot',
    'nightly db1  ◌ waits 2 h: db1: job 1 (snapshot of db1) works there',
    // What it waits for is a job of its own: the newest that it began is told too.
    'nightly db1  ! runner died job 1 (2026-05-01 02:30:00 UTC)',
    'staging stg1  ✖ refused (2026-05-01 05:00:00 UTC): an operator would be asked: stg1 is in use; if that is meant each time, write into schedule staging: allow: { losses: [stg1] }',
  ]);
  end();
});

test('a schedule that is off, and ticks that have stopped, are said', async () => {
  const { at, tick, store, nowMs } = scene();
  at('2026-05-01T02:29:00Z');
  await tick(inventory);
  store.journal.schedules.switch(path, 'staging', 'ops@jump1', nowMs());
  at('2026-05-01T14:29:00Z');
  expect(lines().slice(2)).toEqual([
    'staging   0 5 * * 5 UTC   seed from db2 standalone  stg1     – off, by ops@jump1      not yet',
    '! no tick for 12 h: schedules begin no job; reseed schedule install, or reseed schedule daemon',
  ]);
});
