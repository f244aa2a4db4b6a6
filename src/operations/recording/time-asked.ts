// A time of a recording as an operator types it. Pure except for the time zone.
import { msIn } from '../../text/amounts.ts';
import { clockText, timeOfDay } from '../../text/times.ts';

interface Played {
  readonly beginMs: number;
  readonly endMs: number;
  readonly nowMs: number;
}

const dayMs = 86_400_000;

/**
 * `14:03`, `14:03:20`: by the clock that is shown, the next such time of the recording, else the last one. `+5min`, `-30s`: from where it is. A
 * text: why it is none.
 */
export function timeAsked(asked: string, { beginMs, endMs, nowMs }: Played): number | string {
  const text = asked.trim();
  const by = /^[+-]/.test(text) ? msIn(text.slice(1), 's') : undefined;
  if (by !== undefined) return nowMs + (text.startsWith('-') ? -by : by);
  const seconds = secondsIn(text);
  if (seconds === undefined) return `"${text}" is no time: write 14:03, 14:03:20, +5min or -30s`;
  const begin = Math.floor(beginMs / 1000) * 1000;
  const first =
    begin + ((seconds - (secondsIn(timeOfDay(new Date(begin))) ?? 0) + dayMs / 1000) % (dayMs / 1000)) * 1000;
  if (first > endMs) {
    const [from, to] = [beginMs, endMs].map((ms) => clockText(new Date(ms), new Date(nowMs)));
    return `the recording has no ${text}: it is from ${from} to ${to}`;
  }
  const days = Math.floor((endMs - first) / dayMs);
  const all = Array.from({ length: days + 1 }, (_, day) => first + day * dayMs);
  return all.find((ms) => ms > nowMs) ?? all.at(-1) ?? first;
}

/** Since midnight. */
function secondsIn(text: string): number | undefined {
  const [, hours, minutes, seconds = '0'] = /^(\d{1,2}):(\d\d)(?::(\d\d))?$/.exec(text) ?? [];
  if (hours === undefined) return undefined;
  const [hour, minute, second] = [Number(hours), Number(minutes), Number(seconds)];
  return hour < 24 && minute < 60 && second < 60 ? (hour * 60 + minute) * 60 + second : undefined;
}
