import { expect, onTestFinished, test, vi } from 'vitest';
import { logPrinter, type PrintOptions } from '../../src/commands/hosts/log-print.ts';
import type { LogEntry, LogUpdate } from '../../src/fleet/log/view.ts';
import { stampMs } from '../../src/host/log/stamp.ts';

const entries: readonly LogEntry[] = [
  { text: '2026-11-22 19:02:43 0 [Note] calm', severity: 'note', time: '2026-11-22 19:02:43' },
  { text: '2026-11-22 19:02:44 0 [ERROR] bad', severity: 'error', time: '2026-11-22 19:02:44' },
  { text: 'rotated: a new file begins', event: 'rotated' },
  { text: '/usr/sbin/mysqld(+0x1)[0x2]' },
];
const update: LogUpdate = {
  link: { state: 'following' },
  path: '/var/log/mysql/error.log',
  foundBy: 'server',
  // The server writes local times.
  utcOffsetSeconds: 7200,
  entries,
  droppedLines: 0,
  skippedBytes: 0,
};

function printed(options: PrintOptions, isTTY: boolean, environment: Record<string, string> = {}) {
  const said = { out: '', err: '' };
  const to = (name: 'out' | 'err') => ({
    isTTY,
    write: (text: string) => {
      said[name] += text;
    },
  });
  const printer = logPrinter('db1', options, { out: to('out'), err: to('err'), environment });
  printer.print(update);
  printer.print({ ...update, entries: [] });
  return said;
}

test('a pipe gets the log as it is, and what happened to it goes to stderr', () => {
  expect(printed({}, false)).toEqual({
    out: '2026-11-22 19:02:43 0 [Note] calm\n2026-11-22 19:02:44 0 [ERROR] bad\n/usr/sbin/mysqld(+0x1)[0x2]\n',
    err: 'reseed: db1: rotated: a new file begins\n',
  });
});

test('a terminal gets severity as a letter and a colour, and the path once', () => {
  const { out, err } = printed({}, true);
  expect(out).toBe(
    '\x1b[0mN 2026-11-22 19:02:43 0 [Note] calm\x1b[0m\n' +
      '\x1b[1;31mE 2026-11-22 19:02:44 0 [ERROR] bad\x1b[0m\n' +
      '  /usr/sbin/mysqld(+0x1)[0x2]\n',
  );
  expect(err).toContain('==> db1:/var/log/mysql/error.log (as the server says) <==\n');
  expect(err.split('==>')).toHaveLength(2);
});

test.each([{ NO_COLOR: '1' }, { TERM: 'dumb' }])('with %j the letter says it alone', (environment) => {
  const { out } = printed({}, true, environment);
  expect(out).toMatch(/^N .*\nE .*\n/);
  expect(out).not.toContain('\x1b');
});

test('with a severity, lines that name none are shown all the same', () => {
  expect(printed({ severity: 'error' }, false).out).toBe(
    '2026-11-22 19:02:44 0 [ERROR] bad\n/usr/sbin/mysqld(+0x1)[0x2]\n',
  );
});

test('--json is an object a line', () => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 22, 17, 3) });
  onTestFinished(() => void vi.useRealTimers());
  const { out, err } = printed({ json: true }, false);
  expect(err).toBe('');
  expect(
    out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([
    { kind: 'log', version: 1, host: 'db1', path: '/var/log/mysql/error.log', foundBy: 'server' },
    { kind: 'logLine', version: 1, host: 'db1', at: '2026-11-22T17:02:43.000Z', ...entries[0] },
    { kind: 'logLine', version: 1, host: 'db1', at: '2026-11-22T17:02:44.000Z', ...entries[1] },
    {
      kind: 'logEvent',
      version: 1,
      host: 'db1',
      at: '2026-11-22T17:03:00.000Z',
      event: 'rotated',
      text: 'rotated: a new file begins',
    },
    { kind: 'logLine', version: 1, host: 'db1', at: null, ...entries[3] },
  ]);
});

test.each([
  ['2026-11-22T18:45:56.123456Z', undefined, '2026-11-22T18:45:56.123Z'],
  ['2026-11-22T18:45:56.123456+02:00', undefined, '2026-11-22T16:45:56.123Z'],
  ['2026-11-22  8:45:56', 7200, '2026-11-22T06:45:56.000Z'],
  ['261122  8:45:56', -9000, '2026-11-22T11:15:56.000Z'],
])('a server that wrote %s, on a host %s s east of Greenwich, meant %s', (time, offset, meant) => {
  expect(new Date(stampMs(time, offset)).toISOString()).toBe(meant);
});

test('a local time of a host whose zone is unknown is no moment', () => {
  expect(stampMs('2026-11-22 18:45:56', undefined)).toBeNaN();
});
