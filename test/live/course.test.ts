// Figures of hosts over a session: what was highest, when nothing was known, and that a long session takes no more memory.
import { expect, test } from 'vitest';
import { type Course, coursesAfter, courseUntil, withFigures } from '../../src/fleet/course.ts';
import type { HostPicture } from '../../src/fleet/picture.ts';
import { recorded } from '../components/console.tsx';

const calm = recorded('calm');
const startMs = calm.recordedAtMs;
const secondMs = 1000;

/** db2 as it answers at a moment, with that lag; undefined: its channel tells none. */
function replica(
  atMs: number,
  lagSeconds: number | undefined,
  link: HostPicture['link'] = { state: 'answering' },
): HostPicture {
  const found = calm.picture.hosts.find(({ host }) => host.name === 'db2');
  const { replication } = found?.report ?? {};
  if (!found || !replication?.ok) throw new Error('nothing was recorded of db2');
  const channels = replication.value.channels.map(({ lagSeconds: _, ...rest }) => ({
    ...rest,
    ...(lagSeconds !== undefined && { lagSeconds }),
  }));
  const partAtMs = Object.fromEntries(Object.keys(found.partAtMs).map((part) => [part, atMs]));
  return {
    ...found,
    link,
    partAtMs,
    report: { ...found.report, replication: { ok: true, value: { ...replication.value, channels } } },
  };
}

/** `[seconds since the begin, lag]`. */
const courseOf = (...told: readonly (readonly [number, number | undefined, HostPicture['link']?])[]): Course =>
  told.reduce<Course | undefined>((course, [seconds, lag, link]) => {
    const atMs = startMs + seconds * secondMs;
    return withFigures(course, replica(atMs, lag, link), atMs);
  }, undefined) as Course;

const lag = (course: Course, seconds: number, most = 1000) =>
  courseUntil(course, 'lagSeconds', startMs + seconds * secondMs, most);

test('each time has the highest of its figures: a peak between two draws is not lost', () => {
  expect(lag(courseOf([0, 0], [4, 41], [8, 2], [12, 3]), 19)).toEqual([41, 3]);
});

test('a time without an answer is a gap, and so is one whose lag is unknown: neither is 0', () => {
  const failed = { state: 'silent', sinceMs: startMs } as const;
  expect(lag(courseOf([0, 5], [12, 5, failed], [22, undefined], [31, 0]), 39)).toEqual([5, undefined, undefined, 0]);
  // Nothing has come since.
  expect(lag(courseOf([0, 5]), 35)).toEqual([5, undefined, undefined]);
});

test('an answer that is old by then is no figure of that time', () => {
  const old = replica(startMs, 7);
  const course = withFigures(undefined, old, startMs + 60 * secondMs);
  expect(courseUntil(course, 'lagSeconds', startMs + 61 * secondMs, 10)).toEqual([undefined]);
});

test('a day of answers takes no more room than an hour, and its peak is still there', () => {
  const told = Array.from({ length: 24 * 60 }, (_, minute) => [minute * 60, minute === 700 ? 99 : 1] as const);
  const course = courseOf(...told);
  const all = lag(course, 24 * 3600);
  expect(all.length).toBeLessThanOrEqual(361);
  expect(all.filter((figure) => figure === 99)).toHaveLength(1);
  expect(lag(course, 24 * 3600, 40).length).toBeLessThanOrEqual(40);
  expect(Math.max(...lag(course, 24 * 3600, 40).map((figure = 0) => figure))).toBe(99);
});

test('running threads and the fullest snapshot have courses too; without snapshots there is none', () => {
  const course = courseOf([0, 0]);
  expect(courseUntil(course, 'threadsRunning', startMs, 10)[0]).toBeGreaterThan(0);
  const found = replica(startMs, 0);
  const without: HostPicture = { ...found, report: { ...found.report, lvm: { ok: false, why: 'no LVM' } } };
  expect(withFigures(undefined, without, startMs).figures.snapshotPercent).toEqual([undefined]);
});

test('only hosts that changed get a figure: one that does not answer gets none', () => {
  const [one, other] = calm.picture.hosts;
  if (!one || !other) throw new Error('two hosts were recorded');
  const before = { ...calm.picture, hosts: [one, other] };
  const now = { ...before, hosts: [{ ...one }, other] };
  const courses = coursesAfter(new Map(), now, before, startMs);
  expect([...courses.keys()]).toEqual([one.host.name]);
  expect(coursesAfter(courses, now, now, startMs + 5000)).toBe(courses);
});
