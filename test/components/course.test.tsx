// The graphs of a host over the session: lag, threads and snapshots, with gaps where it did not answer.
import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { Course, Courses } from '../../src/fleet/course.ts';
import { openConsole, recorded } from './console.tsx';

const calm = recorded('calm');
const nowMs = calm.recordedAtMs;
const course: Course = {
  sinceMs: nowMs - 60_000,
  eachMs: 10_000,
  figures: {
    lagSeconds: [0, 41, undefined, undefined, 2, 0],
    threadsRunning: [2, 3, undefined, undefined, 9, 3],
    snapshotPercent: [undefined, 10, undefined, undefined, 40, 80],
  },
};

async function onHost(options: Partial<Parameters<typeof openConsole>[0]> = {}) {
  const courses = createStore<Courses>(() => new Map([['db2', course]]));
  const console = openConsole({ picture: calm.picture, nowMs, courses, columns: 120, rows: 50, ...options });
  await console.shows('▸ db1');
  console.press('j\r');
  await console.shows('error log');
  return console;
}

test('lag and running threads have their course with the highest figure; where the host did not answer is a gap', async () => {
  const console = await onHost();
  const screen = await console.shows('at most');
  expect(screen).toMatch(/course +▁█ {2}▁▁ +at most 41 s behind in 1 min/);
  expect(screen).toMatch(/course +▃▃ {2}█▃ +at most 9 running in 1 min/);
});

test('a host whose figures are not known yet has no course', async () => {
  const console = await onHost({ courses: createStore<Courses>(() => new Map()) });
  expect(console.screen()).not.toContain('at most');
});
