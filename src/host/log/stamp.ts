// The times that servers write into their error logs -> moments. Pure.

/**
 * MySQL: `2026-11-22T18:45:56.123456Z` or with `+02:00`; MariaDB: `2026-11-22 18:45:56`, before 10.2 `261122 18:45:56`, the hour without
 * its leading zero, in its host's local time without naming the zone. Milliseconds since 1970; NaN: no such time, or it names no zone and the host's is unknown.
 */
export function stampMs(time: string, utcOffsetSeconds: number | undefined): number {
  const [, day, hour, rest, zone] =
    /^(\d{4}-\d\d-\d\d)[T ]\s?(\d{1,2})(:\d\d:\d\d(?:\.\d+)?)\s*(Z|[+-]\d\d:?\d\d)?$/.exec(
      time.replace(/^(\d\d)(\d\d)(\d\d) /, '20$1-$2-$3 '),
    ) ?? [];
  if (!day || !hour || !rest) return Number.NaN;
  const ms = Date.parse(`${day}T${hour.padStart(2, '0')}${rest.replace(/(\.\d{3})\d+/, '$1')}${zone ?? 'Z'}`);
  return zone ? ms : ms - (utcOffsetSeconds ?? Number.NaN) * 1000;
}

/** What `date +%z` prints: `+0200`. Seconds east of Greenwich. */
export function utcOffsetIn(text: string): number | undefined {
  const [, sign, hours, minutes] = /^([+-])(\d\d)(\d\d)$/.exec(text) ?? [];
  if (hours === undefined) return undefined;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
}
