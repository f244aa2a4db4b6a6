// The times of a line of cron, in a time zone. The only file that knows croner. Pure.
//
// A line with a fixed hour and minute comes once a day, also where the clock is put forward over it (then right after) or back over it
// (then the first time). A line with * or / in them goes by elapsed time. So do Vixie's cron and systemd.
import { Cron } from 'croner';

export interface CronTimes {
  /** The next times after that one. Milliseconds since 1970. */
  next(afterMs: number, count: number): readonly number[];
  /** The last time that is not after `atMs`; undefined: it has not come yet. */
  last(atMs: number): number | undefined;
  /** Hour and minute are numbers: such a time is not repeated where the clock goes back. */
  readonly isFixed: boolean;
}

/** `instead`: what to write. `timezone`: of the IANA database; absent: this machine's. */
export function cronTimes(
  line: string,
  timezone?: string,
): { readonly times: CronTimes } | { readonly instead: string } {
  // croner puts the present minute, hour or day in its place, so that the line has other times at each reading.
  if (line.includes('?')) return { instead: 'write * in place of ?' };
  const read = cronOf(line, timezone);
  if ('instead' in read) return read;
  const { cron } = read;
  if (cron.nextRun(new Date(0)) === null) {
    return { instead: 'write a day that comes: no month of this line has it' };
  }
  const [minute = '', hour = ''] = line.trim().split(/\s+/);
  return {
    times: {
      next: (afterMs, count) => cron.nextRuns(count, new Date(afterMs)).map((time) => time.getTime()),
      // What is asked for is before the given second.
      last: (atMs) => cron.previousRuns(1, new Date((Math.floor(atMs / 1000) + 1) * 1000))[0]?.getTime(),
      isFixed: /^[\d,-]+$/.test(minute) && /^[\d,-]+$/.test(hour),
    },
  };
}

function cronOf(line: string, timezone: string | undefined): { readonly cron: Cron } | { readonly instead: string } {
  const fields = line.split(/\s+/).filter(Boolean);
  const refused = (why: string) => ({
    instead: `write minute, hour, day, month and weekday as in 30 2 * * * (${why})`,
  });
  const [, hour, minute] = /(?:^|\s)(\d{1,2}):(\d\d)(?:\s|$)/.exec(line) ?? [];
  if (hour !== undefined) return refused(`${hour}:${minute} each day is ${Number(minute)} ${Number(hour)} * * *`);
  // croner takes a colon behind the first character for a date.
  const foreign = /[^\w\s*/,#@+-]/.exec(line)?.[0];
  if (foreign !== undefined) return refused(`no field has ${foreign} in it`);
  try {
    const zone = timezone === undefined ? {} : { timezone };
    return { cron: new Cron(line.trim(), { mode: '5-part', fixedTimeRule: 'no-wildcard', ...zone }) };
  } catch (error) {
    // Of several classes, by what is wrong with the line.
    const said = error instanceof Error ? error.message.replace(/^Cron\w+: /, '') : String(error);
    return refused(
      fields.length === 5 ? said : `${fields.length} field${fields.length === 1 ? '' : 's'}, 5 are needed`,
    );
  }
}

export function isTimezone(text: string): boolean {
  // Node takes +01:00 too, which has no summer time.
  if (!/^[A-Za-z]/.test(text)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
