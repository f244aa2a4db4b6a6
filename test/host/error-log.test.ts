import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isCorruption } from '../../src/host/log/corruption.ts';
import { isCrash, parseLogLine } from '../../src/host/log/error-log.ts';
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

// Releases that the fleet does not run; the lines are from their manuals.
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

const recordedLines = (name: string) =>
  readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .map(parseLogLine);
const errorsIn = (name: string) => recordedLines(name).filter(({ severity }) => severity === 'error');

describe('a crash, whose lines name no severity, is E', () => {
  test('in a file of MySQL', () => {
    expect(errorsIn('mysql-9.7/error-log-crash.txt').map(({ text }) => text)).toEqual([
      '2026-11-26T17:59:08Z UTC - mysqld got signal 11 ;',
      'Attempting backtrace. You can use the following information to find out',
      'stack_bottom = 0 thread_stack 0x100000',
    ]);
  });

  test("in MySQL's JSON, which gives it the label System", () => {
    const [first] = errorsIn('mysql-9.7/error-log-json.txt').filter(({ text }) => isCrash(text));
    expect(first).toEqual({
      severity: 'error',
      time: '2026-11-26T17:59:08.000000Z',
      text: '2026-11-26T17:59:08.000000Z 0 [System] [MY-013951] [Server] 2026-11-26T17:59:08Z UTC - mysqld got signal 11 ;',
    });
  });

  test('in the journal of a MariaDB, with what systemd says of it', () => {
    expect(errorsIn('mariadb-10.11/journal-crash.txt')).toEqual([
      {
        severity: 'error',
        time: '261126 17:58:50',
        text: '261126 17:58:50 [ERROR] /usr/sbin/mariadbd got signal 11 ;',
      },
      expect.objectContaining({ text: expect.stringMatching(/Z mariadbd: Attempting backtrace\. Include this/) }),
      expect.objectContaining({ text: expect.stringMatching(/Z mariadbd: stack_bottom = 0x0 /) }),
      {
        severity: 'error',
        time: '2026-11-26T17:58:50.675804Z',
        text: '2026-11-26T17:58:50.675804Z systemd: mariadb.service: Main process exited, code=killed, status=11/SEGV',
      },
      expect.objectContaining({ text: expect.stringContaining("Failed with result 'signal'") }),
    ]);
  });

  test.each([
    '2026-11-26 17:58:50 0x7f InnoDB: Assertion failure in file /x/fil0fil.cc line 12',
    "mysqld: /x/sql_class.cc:3: void f(): Assertion `a == b' failed.",
    'InnoDB: Failing assertion: assertion (x > 0) failed',
    "terminate called after throwing an instance of 'std::bad_alloc'",
  ])('by its words: %s', (text) => expect(parseLogLine(text).severity).toBe('error'));
});

describe("MySQL's JSON sink", () => {
  test('is shown as its traditional sink would', () => {
    const lines = recordedLines('mysql-9.7/error-log-json.txt');
    expect(lines[0]).toEqual({
      severity: 'system',
      time: '2026-11-26T17:59:02.173845Z',
      text: '2026-11-26T17:59:02.173845Z 0 [System] [MY-015603] [Server] MySQL Server has access to 1 logical CPUs.',
    });
    expect(lines.filter(({ time }) => time === undefined)).toEqual([]);
  });

  test.each(['{ "msg" : "cut', '{}', '{ "msg": 1 }', '{ not json', '{"msg":"a\\u001b[31mb","time":"x"}'])(
    'or as it is, clean: %s',
    (text) => expect(parseLogLine(text).text).not.toContain('\u001b'),
  );
});

describe('a line of the journal', () => {
  test("has the server's time, or else the journal's", () => {
    const lines = recordedLines('mariadb-10.11/journal-crash.txt');
    expect(lines.filter(({ time }) => time === undefined)).toEqual([]);
    expect(lines).toContainEqual({
      severity: 'note',
      time: '2026-11-26 17:51:03',
      text: '2026-11-26 17:51:03 0 [Note] InnoDB: Using io_uring',
    });
    expect(lines[0]).toEqual({
      time: '2026-11-26T17:16:05.224031Z',
      text: '2026-11-26T17:16:05.224031Z systemd: Starting mariadb.service - MariaDB 10.11.19 database server...',
    });
  });
});

const of8 = '2026-11-26T10:00:00.000000Z 9 [ERROR]';
test.each([
  `${of8} [MY-013121] [Repl] Replica SQL for channel '': Relay log read failure: Could not parse relay log event entry. The possible reasons are: the source's binary log is corrupted (you can check this by running 'mysqlbinlog' on the binary log), the replica's relay log is corrupted (you can check this by running 'mysqlbinlog' on the relay log), a network problem, or a bug in the source's or replica's MySQL code. Error_code: MY-013121`,
  "2026-11-26 10:00:00 9 [ERROR] Slave SQL: Relay log read failure: Could not parse relay log event entry. The possible reasons are: the master's binary log is corrupted (you can check this by running 'mysqlbinlog' on the binary log), a network problem, Internal MariaDB error code: 1594",
  '2026-11-26 10:00:00 9 [ERROR] Event crc check failed! Most likely there is event corruption.',
  `${of8} [MY-011255] [Server] Password salt for user 'app' is corrupt`,
  `${of8} [MY-010584] [Repl] Worker 1: Duplicate entry. Error_code: MY-001062`,
])('a relay log that can not be read is no corrupt data: %s', (text) => {
  expect(isCorruption(parseLogLine(text))).toBe(false);
});

test.each([
  `${of8} [MY-012224] [InnoDB] Database page corruption on disk or a failed read of file ./drill/t1.ibd`,
  `${of8} [MY-010584] [Repl] Slave SQL: Error 'Index for table './a/b.MYI' is corrupt; try to repair it' on query. Error_code: MY-000126`,
  `${of8} [MY-012153] [InnoDB] Checksum mismatch in datafile: ./drill/t1.ibd`,
  '2026-11-26 10:00:00 9 [ERROR] InnoDB: Table `mysql`.`events` is corrupted, and the binary log too',
  "2026-11-26 10:00:00 9 [ERROR] mariadbd: Tabelle './shop/t1' ist als defekt markiert und sollte repariert werden",
  "2026-11-26 10:00:00 9 [ERROR] mysqld: Некорректный индексный файл для таблицы: './shop/t1.MYI'. Попробуйте восстановить его",
  `${of8} [MY-001194] [Server] Tabellen './shop/t1' har blitt ødelagt`,
  `${of8} [MY-010584] [Repl] Worker 1: Fehler auf Abfrage. Error_code: MY-000145`,
  '2026-11-26 10:00:00 9 [ERROR] Slave SQL: Fehler. Internal MariaDB error code: 1034',
  '{ "prio" : 1, "err_code" : 1195, "subsystem" : "Server", "msg" : "Tabelle defekt", "time" : "2026-11-26T10:00:00.0Z", "label" : "Error" }',
])('corrupt data: %s', (text) => {
  expect(isCorruption(parseLogLine(text))).toBe(true);
});
