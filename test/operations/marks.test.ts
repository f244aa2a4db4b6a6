// What was marked as seen is kept between consoles and verbs.
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { statusCode } from '../../src/commands/hosts/status/status.ts';
import { createFleetStore, type FleetEvent, folded, markSeen } from '../../src/fleet/store.ts';
import type { LogLine } from '../../src/host/facts.ts';
import { parseLogLine } from '../../src/host/log/error-log.ts';
import { holdFile } from '../../src/job/lease/alive.ts';
import { setBrokenAside } from '../../src/operations/hosts/kept-file.ts';
import { keepMarks, readMarks } from '../../src/operations/hosts/marks.ts';
import { keepReports, readReports } from '../../src/operations/hosts/reports.ts';
import { inventoryOf } from '../live/pictures.ts';

async function place(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'marks-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, 'reseed', 'seen.json');
}

test('marks of hosts add up, and their file is of this account alone', async () => {
  const path = await place();
  expect(readMarks(path)).toEqual(new Map());
  expect(keepMarks(path, new Map([['db1', ['one']]]))).toBeUndefined();
  expect(
    keepMarks(
      path,
      new Map([
        ['db1', ['one', 'two']],
        ['db2', ['three']],
      ]),
    ),
  ).toBeUndefined();
  expect(readMarks(path)).toEqual(
    new Map([
      ['db1', ['one', 'two']],
      ['db2', ['three']],
    ]),
  );
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('a file that can not be read as marks marks nothing: the alert is there again', async () => {
  const path = await place();
  keepMarks(path, new Map([['db1', ['one']]]));
  await writeFile(path, '{"db1": 7, "db2": ["two", 3]');
  expect(readMarks(path)).toEqual(new Map());
  await writeFile(path, '{"db1": 7, "db2": ["two", 3]}');
  expect(readMarks(path)).toEqual(
    new Map([
      ['db1', []],
      ['db2', ['two']],
    ]),
  );
  expect(await readFile(path, 'utf8')).toContain('db2');
});

test('a folder that another account can write to keeps no marks, and says so', async () => {
  const path = await place();
  keepMarks(path, new Map([['db1', ['one']]]));
  const { chmod } = await import('node:fs/promises');
  await chmod(join(path, '..'), 0o777);
  expect(keepMarks(path, new Map([['db1', ['two']]]))).toMatch(/other accounts can write to/);
  // A file there may be another account's: it must silence no alert.
  expect(readMarks(path)).toEqual(new Map());
});

test('marks that another console is adding are not written over: what it says is to be tried again', async () => {
  const path = await place();
  keepMarks(path, new Map([['db1', ['one']]]));
  const other = holdFile(`${path}.lock`, 0);
  expect(keepMarks(path, new Map([['db1', ['two']]]))).toMatch(/seen\.json\.lock is held by another reseed/);
  expect(readMarks(path)).toEqual(new Map([['db1', ['one']]]));
  other?.release();
  expect(keepMarks(path, new Map([['db1', ['two']]]))).toBeUndefined();
  expect(readMarks(path)).toEqual(new Map([['db1', ['one', 'two']]]));
});

test('a report of corrupt data that was seen stays an alert of every reseed of this account, though its log is gone, until it is marked', async () => {
  const path = await place();
  const damaged = '2026-11-26T10:00:00.000000Z 9 [ERROR] [MY-012224] [InnoDB] Database page corruption on page 7';
  const log = (lines: LogLine[]): FleetEvent => ({
    kind: 'report',
    host: 'db1',
    atMs: 0,
    report: { errorLog: { ok: true, value: { path: '/e', sizeBytes: lines.length, lines } } },
  });
  const inventory = inventoryOf('db1', 'db2');
  const first = folded(createFleetStore(inventory, 0).getState(), [log([parseLogLine(damaged)])]);
  expect(keepReports(path, first)).toBeUndefined();
  // The log was rotated, and another process reads it.
  const next = createFleetStore(inventory, 0, { reports: readReports(path) });
  next.setState((picture) => folded(picture, [log([parseLogLine('a new log')])]), true);
  expect(next.getState().hosts.map(({ alerts }) => alerts.map(({ kind, level }) => `${level} ${kind}`))).toEqual([
    ['critical corruption'],
    [],
  ]);
  expect(statusCode(next.getState())).toBe(1);
  markSeen(next, 'db1');
  expect(keepReports(path, next.getState())).toBeUndefined();
  expect(readReports(path)).toEqual(new Map());
});

test('a broken file of reports is set aside, and reported until it is removed', async () => {
  const path = await place();
  keepMarks(path, new Map([['db1', ['one']]]));
  expect(setBrokenAside(path)).toBeUndefined();
  await writeFile(path, '{"db1": ["cut of');
  expect(setBrokenAside(path)).toContain(`kept as ${path}.bad`);
  expect(await readFile(`${path}.bad`, 'utf8')).toBe('{"db1": ["cut of');
  keepMarks(path, new Map([['db1', ['two']]]));
  expect(setBrokenAside(path)).toContain(`${path}.bad`);
  await rm(`${path}.bad`);
  expect(setBrokenAside(path)).toBeUndefined();
});

test('a report longer than what is kept of a line is the same when it is read back', async () => {
  const path = await place();
  const long = parseLogLine(`2026-11-26T10:00:00.000000Z 9 [ERROR] [MY-012224] corruption ${'x'.repeat(9000)}`);
  const errorLog = { ok: true, value: { path: '/e', sizeBytes: 1, lines: [long] } } as const;
  const report: FleetEvent = { kind: 'report', host: 'db1', atMs: 0, report: { errorLog } };
  keepReports(path, folded(createFleetStore(inventoryOf('db1'), 0).getState(), [report]));
  expect(readReports(path).get('db1')).toEqual([long]);
});
