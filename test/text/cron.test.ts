// The times of lines of cron, above all where the clock is put forward or back.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cronTimes, isTimezone } from '../../src/text/cron.ts';

function timesOf(line: string, zone = 'UTC') {
  const read = cronTimes(line, zone);
  if ('instead' in read) throw new Error(read.instead);
  return read.times;
}
const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());
const after = (line: string, zone: string, from: string, count = 3) =>
  timesOf(line, zone).next(Date.parse(from), count).map(iso);

test('a nightly snapshot at an hour that summer time leaves out is taken right after it, and once', () => {
  expect(after('30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z')).toEqual([
    '2026-03-29T01:00:00.000Z',
    '2026-03-30T00:30:00.000Z',
    '2026-03-31T00:30:00.000Z',
  ]);
});

test('at an hour that comes twice it is taken once, also where the line has two hours', () => {
  expect(after('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', 2)).toEqual([
    '2026-10-25T00:30:00.000Z',
    '2026-10-26T01:30:00.000Z',
  ]);
  expect(after('30 2,14 * * *', 'Europe/Berlin', '2026-10-24T23:00:00Z', 3)).toEqual([
    '2026-10-25T00:30:00.000Z',
    '2026-10-25T13:30:00.000Z',
    '2026-10-26T01:30:00.000Z',
  ]);
});

test('each half hour is each half hour, also where the clock is put back', () => {
  const times = timesOf('*/30 * * * *', 'Europe/Berlin').next(Date.parse('2026-10-25T00:00:00Z'), 8);
  expect(new Set(times.slice(1).map((ms, at) => ms - (times[at] ?? 0)))).toEqual(new Set([1_800_000]));
});

test.each([
  ['0 0 30 2 *', 'write a day that comes: no month of this line has it'],
  ['0 0 31 4,6,9,11 *', 'write a day that comes: no month of this line has it'],
  ['? 2 * * *', 'write * in place of ?'],
  ['0 0 * *', 'write minute, hour, day, month and weekday as in 30 2 * * * (4 fields, 5 are needed)'],
  ['0 0 0 * * *', 'write minute, hour, day, month and weekday as in 30 2 * * * (6 fields, 5 are needed)'],
  ['61 * * * *', expect.stringMatching(/Invalid value for minute: 61/)],
  ['0 0 * * mo', expect.stringMatching(/^write minute/)],
  ['4:00', expect.stringMatching(/^write minute.*\(4:00 each day is 0 4 \* \* \*\)$/)],
  ['04:30 daily', expect.stringMatching(/\(04:30 each day is 30 4 \* \* \*\)$/)],
  ['0 4:00 * * *', expect.stringMatching(/\(4:00 each day is 0 4 \* \* \*\)$/)],
  ['2024-01-01 04:00:00', expect.stringMatching(/\(no field has : in it\)$/)],
  ['2026-12-01T04:00:00', expect.stringMatching(/\(no field has : in it\)$/)],
  ['', expect.stringMatching(/^write minute/)],
  ['@reboot', expect.stringMatching(/^write minute/)],
])('%s is no line of cron, or one that never comes', (line, instead) => {
  expect(cronTimes(line)).toEqual({ instead });
});

test('29 February comes in leap years', () => {
  expect(after('0 0 29 2 *', 'UTC', '2026-01-01T00:00:00Z', 2)).toEqual([
    '2028-02-29T00:00:00.000Z',
    '2032-02-29T00:00:00.000Z',
  ]);
});

test('a time is its own last one, and a moment before it the one before', () => {
  const times = timesOf('30 2 * * *');
  const at = Date.parse('2026-05-05T02:30:00.000Z');
  expect(iso(times.last(at))).toBe('2026-05-05T02:30:00.000Z');
  expect(iso(times.last(at + 999))).toBe('2026-05-05T02:30:00.000Z');
  expect(iso(times.last(at - 1))).toBe('2026-05-04T02:30:00.000Z');
});

test('looking forward and looking back find the same times, in every zone', () => {
  const lines = [
    '*/15 * * * *',
    '30 2 * * *',
    '0 0,12 * * *',
    '0 3 * * 0',
    '5 1-4 * * *',
    '0 */3 1 * *',
    '59 23 L * *',
  ];
  const zones = ['Europe/Berlin', 'America/Sao_Paulo', 'Australia/Lord_Howe', 'America/St_Johns', 'Asia/Tehran', 'UTC'];
  fc.assert(
    fc.property(
      fc.constantFrom(...lines),
      fc.constantFrom(...zones),
      fc.integer({ min: Date.parse('2015-01-01'), max: Date.parse('2035-01-01') }),
      (line, zone, fromMs) => {
        const times = timesOf(line, zone);
        const next = times.next(fromMs, 6);
        for (const [at, ms] of next.entries()) {
          expect(ms).toBeGreaterThan(next[at - 1] ?? fromMs);
          expect(iso(times.last(ms))).toBe(iso(ms));
          if (at > 0) expect(iso(times.last(ms - 1000))).toBe(iso(next[at - 1]));
        }
      },
    ),
    { numRuns: 400 },
  );
});

test('zones are those of the IANA database', () => {
  expect(['Europe/Berlin', 'UTC', 'Mars/Crater', '+01:00', ''].filter(isTimezone)).toEqual(['Europe/Berlin', 'UTC']);
});
