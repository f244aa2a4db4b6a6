// Times and lengths of time as an operator reads them: on this machine's clock with its zone, or in UTC on request. In
// JSON and in files they are ISO 8601 in UTC. Ages are in amounts.ts.

let inUtc = false;

/** From here on this process shows times in UTC (`--utc`). False, for tests: by this machine's clock again. */
export function showUtc(utc = true): void {
  inUtc = utc;
}

const two = (figure: number) => String(figure).padStart(2, '0');

/** `2026-11-22`, `14:35:17`. Not by Intl, which takes a hundred times as long: a log has a time on each line. */
function parts(time: Date): readonly [day: string, clock: string] {
  const shifted = inUtc ? time.getTime() : time.getTime() - time.getTimezoneOffset() * 60_000;
  const [day = '', clock = ''] = new Date(shifted).toISOString().slice(0, 19).split('T');
  return [day, clock];
}

/** `UTC`, `GMT+1`, `EST`. */
function zoneName(time: Date): string {
  return inUtc
    ? 'UTC'
    : (new Intl.DateTimeFormat('en', { timeZoneName: 'short' })
        .formatToParts(time)
        .find(({ type }) => type === 'timeZoneName')?.value ?? '');
}

/** `14:35:17`, for a column or a line of times. A time that stands alone has its zone (clockText). */
export const timeOfDay = (time: Date): string => parts(time)[1];

/** `14:35:17 UTC`; `2026-11-22 14:35:17 UTC` where the day is not today. */
export function clockText(time: Date, now = new Date()): string {
  return parts(time)[0] === parts(now)[0] ? nowText(time) : dayText(time);
}

/** `14:35:17 UTC`, for the present time. */
export const nowText = (now: Date): string => `${timeOfDay(now)} ${zoneName(now)}`;

/** `2026-11-22 14:35:17 UTC`. */
export const dayText = (time: Date): string => `${parts(time).join(' ')} ${zoneName(time)}`;

/** `2026-11-22T14:35:17.123Z`; null: unknown. */
export const isoTime = (ms: number | undefined): string | null =>
  ms === undefined ? null : new Date(ms).toISOString();

/** `2026-11-22 19:30:47 UTC`: for evidence, which goes to other places. */
export const utcText = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** Reads what isoTime wrote, to milliseconds since 1970. undefined: no such time. */
export function msOfIso(text: string): number | undefined {
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

/** `02:14`, `1:02:14`: for work that is being watched. */
export function clockDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${hours > 0 ? `${hours}:` : ''}${two(minutes)}:${two(seconds % 60)}`;
}

/** `0.3 s`, `12.9 s`, then as clockDuration(). */
export const stepDuration = (ms: number): string => (ms < 99_950 ? `${(ms / 1000).toFixed(1)} s` : clockDuration(ms));

/** `14 s`, `4 min 10 s`, `1 h 5 min`. */
export function twoPartDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `0.41 s`: for a command, and for blocked writes, where a tenth of a second is much. */
export const exactDuration = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
