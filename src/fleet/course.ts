// The course of a host's figures over the session: replication lag, running threads, the fullest snapshot. Memory stays bounded however long a
// session is: times grow coarser, and the highest figure of each is kept. A time without an answer is a gap, never 0. Pure.
import type { HostReport } from '../host/facts.ts';
import type { FleetPicture, HostPicture } from './picture.ts';
import { isOld } from './staleness.ts';
import { lagOf } from './topology/lag.ts';

export const courseNames = ['lagSeconds', 'threadsRunning', 'snapshotPercent'] as const;
export type CourseName = (typeof courseNames)[number];

/** undefined: nothing was known then. */
export type Figure = number | undefined;

export interface Course {
  /** The begin of the first time, in milliseconds since 1970. */
  readonly sinceMs: number;
  /** The length of each time. */
  readonly eachMs: number;
  /** The highest of each time, oldest first. */
  readonly figures: Readonly<Record<CourseName, readonly Figure[]>>;
}

/** By the name of the host. */
export type Courses = ReadonlyMap<string, Course>;

/** Two polls: one may be late without a gap. */
const firstEachMs = 10_000;
/** An hour at first; then two hours, and so on. */
const maxTimes = 360;

/** The figures of a host now, of parts that are not old. */
function figuresNow(picture: HostPicture, nowMs: number): Readonly<Record<CourseName, Figure>> {
  const { link, report } = picture;
  const none = { lagSeconds: undefined, threadsRunning: undefined, snapshotPercent: undefined };
  if (link.state !== 'answering') return none;
  const { server, replication, lvm } = report;
  const isNow = (part: 'server' | 'replication' | 'lvm') => !isOld(picture, part, nowMs);
  return {
    lagSeconds: replication?.ok && isNow('replication') ? knownLag(replication.value) : undefined,
    threadsRunning: server?.ok && isNow('server') ? server.value.threadsRunning : undefined,
    snapshotPercent: lvm?.ok && isNow('lvm') ? fullestOf(lvm.value) : undefined,
  };
}

type Replication = Extract<NonNullable<HostReport['replication']>, { ok: true }>['value'];
type Lvm = Extract<NonNullable<HostReport['lvm']>, { ok: true }>['value'];

/** Of a channel that is stopped none is known. */
function knownLag(replication: Replication): Figure {
  const lag = lagOf(replication);
  return lag === Number.POSITIVE_INFINITY ? undefined : lag;
}

/** Of classic snapshots, which are lost when they are full. */
function fullestOf({ volumes }: Lvm): Figure {
  const used = volumes.flatMap(({ kind, valid, usedPercent }) =>
    kind !== 'snapshot' ? [] : valid ? (usedPercent ?? []) : [100],
  );
  return used.length === 0 ? undefined : Math.max(...used);
}

/** The course with the figures of this moment. */
export function withFigures(course: Course | undefined, picture: HostPicture, nowMs: number): Course {
  const now = figuresNow(picture, nowMs);
  const before = course ?? {
    sinceMs: nowMs,
    eachMs: firstEachMs,
    figures: { lagSeconds: [], threadsRunning: [], snapshotPercent: [] },
  };
  const fitting = roomFor(before, nowMs);
  const at = timeAt(fitting, nowMs);
  const next = (name: CourseName) => put(fitting.figures[name], at, now[name]);
  return {
    ...fitting,
    figures: {
      lagSeconds: next('lagSeconds'),
      threadsRunning: next('threadsRunning'),
      snapshotPercent: next('snapshotPercent'),
    },
  };
}

/** A clock that was set back writes into the first time, and none before it. */
const timeAt = ({ sinceMs, eachMs }: Course, nowMs: number) => Math.max(0, Math.floor((nowMs - sinceMs) / eachMs));

/** Times twice as long, until the moment has a place. */
function roomFor(course: Course, nowMs: number): Course {
  if (timeAt(course, nowMs) < maxTimes) return course;
  const { figures } = course;
  const coarser = {
    ...course,
    eachMs: course.eachMs * 2,
    figures: {
      lagSeconds: inPairs(figures.lagSeconds),
      threadsRunning: inPairs(figures.threadsRunning),
      snapshotPercent: inPairs(figures.snapshotPercent),
    },
  };
  return roomFor(coarser, nowMs);
}

const inPairs = (figures: readonly Figure[]): readonly Figure[] =>
  Array.from({ length: Math.ceil(figures.length / 2) }, (_, at) => highest(figures.slice(2 * at, 2 * at + 2)));

/** Times without an answer in between stay gaps. */
function put(figures: readonly Figure[], at: number, figure: Figure): readonly Figure[] {
  const all = Array.from({ length: Math.max(figures.length, at + 1) }, (_, index) => figures[index]);
  all[at] = highest([all[at], figure]);
  return all;
}

/** undefined: none of them is known. */
export function highest(figures: readonly Figure[]): Figure {
  const known = figures.filter((figure) => figure !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

/** The courses after a change of the picture: of the hosts that changed. */
export function coursesAfter(courses: Courses, now: FleetPicture, before: FleetPicture, nowMs: number): Courses {
  const known = new Set(before.hosts);
  const changed = now.hosts.filter((one) => !known.has(one));
  if (changed.length === 0) return courses;
  const next = new Map(courses);
  for (const one of changed) next.set(one.host.name, withFigures(courses.get(one.host.name), one, nowMs));
  return next;
}

/** At most `most` figures until now, each the highest of its times: times without an answer at the end are gaps as well. */
export function courseUntil(course: Course, name: CourseName, nowMs: number, most: number): readonly Figure[] {
  const figures = course.figures[name];
  const count = Math.max(figures.length, Math.min(maxTimes, timeAt(course, nowMs)));
  const all = Array.from({ length: count }, (_, at) => figures[at]);
  const each = Math.ceil(count / Math.max(1, most));
  const groups: Figure[] = [];
  for (let end = count; end > 0; end -= each) groups.unshift(highest(all.slice(Math.max(0, end - each), end)));
  return groups;
}
