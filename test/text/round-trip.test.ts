// Sizes, durations and times that a writer prints, a reader reads back, within what the writer rounds away.
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { bytesIn, msIn, shortDuration, shortSize } from '../../src/text/amounts.ts';
import {
  clockDuration,
  clockText,
  dayText,
  exactDuration,
  isoTime,
  msOfIso,
  showUtc,
  stepDuration,
  timeOfDay,
} from '../../src/text/times.ts';

const bytes = fc.oneof(fc.integer({ min: 1024, max: 2 ** 52 }), fc.integer({ min: 1024, max: 2 ** 21 }));
const ms = fc.oneof(fc.integer({ min: 0, max: 200_000 }), fc.integer({ min: 0, max: 400 * 86_400_000 }));

describe.each([1024, 1000] as const)('a size of %i', (base) => {
  test('is read back within what is rounded away: a twentieth of its unit where it is small, else half of it', () => {
    fc.assert(
      fc.property(bytes, (size) => {
        const text = shortSize(size, base);
        const read = bytesIn(text, base) ?? Number.NaN;
        const unit = base ** 'BKMGTP'.indexOf(text.at(-1) ?? '');
        expect(Math.abs(read - size)).toBeLessThanOrEqual(unit * (text.includes('.') ? 0.05 : 0.5) + 1);
        expect(shortSize(read, base)).toBe(text);
      }),
    );
  });
});

/** Of a screen: an option and the inventory take no clock for a length of time. */
function clockMs(text: string): number | undefined {
  const [, hours = '0', minutes, seconds] = /^(?:(\d+):)?(\d\d):(\d\d)$/.exec(text) ?? [];
  return minutes === undefined ? msIn(text) : ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}

test('a length of time is read back, never longer than it was, and by less than its unit', () => {
  const units = { s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };
  fc.assert(
    fc.property(ms, (length) => {
      const text = shortDuration(length);
      const left = length - (msIn(text) ?? Number.NaN);
      const unit = units[text.split(' ')[1] as keyof typeof units];
      expect(left).toBeGreaterThanOrEqual(0);
      expect(left).toBeLessThan(unit);
      expect(length - (clockMs(clockDuration(length)) ?? Number.NaN)).toBeLessThan(1000);
      expect(Math.abs(length - (msIn(exactDuration(length)) ?? Number.NaN))).toBeLessThanOrEqual(5);
      expect(Math.abs(length - (clockMs(stepDuration(length)) ?? Number.NaN))).toBeLessThan(
        length < 99_950 ? 51 : 1000,
      );
    }),
  );
});

test.each([
  ['3600', 's', 3_600_000],
  ['10min', 's', 600_000],
  ['2 h', 's', 7_200_000],
  ['7', 'd', 7 * 86_400_000],
  ['1.5d', 'd', 1.5 * 86_400_000],
  ['12h', 'd', 12 * 3_600_000],
] as const)('%s, alone of %s, is %i ms', (text, bare, wanted) => expect(msIn(text, bare)).toBe(wanted));

test.each(['', '5', '-1 s', '3 weeks', '1e3 s', 's', '5m', '1:2', '12:00', '1:02:14'])(
  "'%s' is no length of time",
  (text) => expect(msIn(text)).toBeUndefined(),
);

describe('a time', () => {
  const now = new Date(Date.UTC(2026, 10, 22, 14, 35, 17));
  const anyTime = fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true });

  test('of JSON and of logs is read back to the millisecond, and nothing else is taken for one', () => {
    fc.assert(
      fc.property(anyTime, (time) => {
        expect(msOfIso(isoTime(time.getTime()) ?? '')).toBe(time.getTime());
      }),
    );
    expect(isoTime(undefined)).toBeNull();
    for (const text of ['', '2026-11-22', '2026-11-22T14:35:17', '2026-11-22 14:35:17Z', '2026-13-40T99:00:00Z'])
      expect(msOfIso(text)).toBeUndefined();
  });

  test('alone has its zone, and its day where that is not today', () => {
    expect(clockText(now, now)).toMatch(/^\d\d:\d\d:\d\d \S+$/);
    expect(clockText(now, new Date(now.getTime() + 3 * 86_400_000))).toBe(dayText(now));
    expect(clockText(now, now).startsWith(timeOfDay(now))).toBe(true);
  });

  test('of the operator is of the clock of this machine', () => {
    fc.assert(
      fc.property(anyTime, (time) => {
        const read = new Date(dayText(time).replace(/ (\S+) \S+$/, 'T$1')).getTime();
        expect(Math.floor(time.getTime() / 1000) * 1000 - read).toBe(0);
      }),
    );
  });

  describe('with --utc', () => {
    afterAll(() => showUtc(false));

    test('is in UTC, wherever this machine is, and is read back to the second', () => {
      const zone = process.env.TZ;
      process.env.TZ = 'Asia/Kolkata';
      try {
        expect(dayText(now)).toBe('2026-11-22 20:05:17 GMT+5:30');
        showUtc();
        expect(dayText(now)).toBe('2026-11-22 14:35:17 UTC');
        expect(clockText(now, now)).toBe('14:35:17 UTC');
        fc.assert(
          fc.property(anyTime, (time) => {
            const read = msOfIso(dayText(time).replace(/ (\S+) UTC$/, 'T$1Z')) ?? Number.NaN;
            expect(time.getTime() - read).toBeLessThan(1000);
            expect(read).toBeLessThanOrEqual(time.getTime());
          }),
        );
      } finally {
        if (zone === undefined) delete process.env.TZ;
        else process.env.TZ = zone;
      }
    });
  });
});
