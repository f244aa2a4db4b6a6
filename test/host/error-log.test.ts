import { describe, expect, test } from 'vitest';
import { parseLogLine } from '../../src/host/error-log.ts';
import { reportOf, told } from './recordings.ts';

const linesOf = (name: string) => told(reportOf(name).errorLog).lines;

describe('lines recorded from the fleet', () => {
  test('MySQL', () => {
    const lines = linesOf('mysql-9.7/probe-broken');
    expect(lines.filter(({ severity }) => severity === undefined)).toEqual([]);
    const failed = lines.find(({ severity }) => severity === 'error');
    expect(failed?.text).toMatch(/\[ERROR\] \[MY-\d+\] \[Repl\]/);
    expect(failed?.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  });

  test('MariaDB, whose lines go on without a time', () => {
    const lines = linesOf('mariadb-10.11/probe-broken');
    const failed = lines.find(({ severity }) => severity === 'error');
    expect(failed?.time).toMatch(/^\d{4}-\d\d-\d\d {1,2}\d{1,2}:\d\d:\d\d$/);
    const versions = lines.filter(({ text }) => text.startsWith('Version: '));
    expect(versions.length).toBeGreaterThan(0);
    expect(versions[0]).toEqual({ text: expect.stringContaining('10.11') });
  });
});

// Releases that the fleet does not run; lines as their manuals print them.
test.each([
  ['2026-11-22T18:45:56.123456Z 0 [Warning] TIMESTAMP with implicit DEFAULT value is deprecated.', 'warning'],
  ['2026-11-22T18:45:56.123456+02:00 12 [ERROR] [MY-012592] [InnoDB] Operating system error number 2', 'error'],
  ['2026-11-22  8:45:56 139901 [Note] InnoDB: Starting shutdown...', 'note'],
  ['261122  8:45:56 [ERROR] mysqld: Table is marked as crashed', 'error'],
  ['2026-11-22T18:45:56.123456Z 0 [System] [MY-010931] [Server] ready for connections.', 'system'],
])('%s', (text, severity) => {
  const line = parseLogLine(text);
  expect(line).toMatchObject({ severity, text });
  expect(text.startsWith(line.time ?? '-')).toBe(true);
});

test.each(['261122 18:45:56 mysqld_safe Starting mysqld', 'Thread pointer: 0x0', '  [ERROR is not here', ''])(
  'a line without a severity: %s',
  (text) => expect(parseLogLine(text)).not.toHaveProperty('severity'),
);

test('a long line is cut, and says by how much', () => {
  const { text } = parseLogLine(`2026-11-22 18:45:56 0 [ERROR] ${'x'.repeat(1_000_000)}`);
  expect(text.length).toBeLessThanOrEqual(4096);
  expect(text).toMatch(/x … \(99\d{4} more characters\)$/);
});
