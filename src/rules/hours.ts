// The hours of a day in which a rule may begin a job. Pure.
import type { Hours } from '../inventory/settings.ts';

/** By the clock on the wall there: where it is put forward or back, the hours go with it. `timezone` absent: this machine's. */
export function isWithin({ from, to }: Hours, timezone: string | undefined, nowMs: number): boolean {
  const minute = minuteOfDay(nowMs, timezone);
  return from < to ? minute >= from && minute < to : minute >= from || minute < to;
}

function minuteOfDay(nowMs: number, timezone: string | undefined): number {
  const how = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const format = new Intl.DateTimeFormat('en', timezone === undefined ? how : { ...how, timeZone: timezone });
  const parts = new Map(format.formatToParts(nowMs).map(({ type, value }) => [type, Number(value)]));
  return (parts.get('hour') ?? 0) * 60 + (parts.get('minute') ?? 0);
}

const two = (figure: number) => String(figure).padStart(2, '0');
const clock = (minute: number) => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;

/** `22:00-06:00 Europe/Berlin` */
export const hoursText = ({ from, to }: Hours, timezone?: string): string =>
  `${clock(from)}-${clock(to)}${timezone === undefined ? '' : ` ${timezone}`}`;
