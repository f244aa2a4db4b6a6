// Times in JSON answers, as ISO 8601 in UTC beside the numbers that the journal and the hosts have. Pure.

/** Milliseconds or seconds since 1970, by their names; lengths of time have other names. The numbers stay: shapes only grow. */
const instants: ReadonlyMap<string, readonly [name: string, unitMs: number]> = new Map([
  ['createdMs', ['createdAt', 1]],
  ['startedMs', ['startedAt', 1]],
  ['endedMs', ['endedAt', 1]],
  ['toldMs', ['toldAt', 1]],
  ['renewedMs', ['renewedAt', 1]],
  ['sinceMs', ['sinceAt', 1]],
  ['clockMs', ['clockAt', 1]],
  ['dueMs', ['dueAt', 1]],
  ['queuedMs', ['queuedAt', 1]],
  ['decidedMs', ['decidedAt', 1]],
  ['checkedMs', ['checkedAt', 1]],
  ['nextMs', ['nextAt', 1]],
  ['createdSeconds', ['createdAt', 1000]],
]);

/** The last moment that a Date can tell. */
const lastMs = 8.64e15;

/** `createdAt: "2026-11-22T23:12:46.000Z"` beside `createdMs`, in every object of `value`. A name that is there already stays as it is. */
export function withIsoTimes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withIsoTimes);
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const entries = Object.entries(value);
  return Object.fromEntries([
    ...entries.flatMap(([name, one]) => isoTime(name, one)),
    ...entries.map(([name, one]) => [name, withIsoTimes(one)] as const),
  ]);
}

function isoTime(name: string, value: unknown): (readonly [string, string])[] {
  const [isoName, unitMs] = instants.get(name) ?? [];
  if (isoName === undefined || unitMs === undefined || typeof value !== 'number') return [];
  const ms = value * unitMs;
  return Math.abs(ms) <= lastMs ? [[isoName, new Date(ms).toISOString()]] : [];
}
