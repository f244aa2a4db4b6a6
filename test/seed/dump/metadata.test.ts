// Where mydumper's sessions began: its file `metadata`, as 0.10 and 1.0 wrote it on a MariaDB 10.11.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readMetadata } from '../../../src/seed/methods/dump/metadata.ts';
import { otherPlace, readLoaded } from '../../../src/seed/methods/dump/told.ts';

const recorded = (name: string) =>
  readFileSync(join(import.meta.dirname, `../../fixtures/mariadb-10.11/${name}.txt`), 'utf8');

test.each(['mydumper-0.10', 'mydumper-1.0'])('%s tells the file and position', (name) => {
  expect(readMetadata(recorded(name))).toEqual({ logFile: 'binlog.000001', logPosition: 9715965 });
});

test('between them it was a section with other names', () => {
  const text =
    "[config]\nquote_character = BACKTICK\n\n[master]\n# Channel_Name = ''\nFile = binlog.000007\nPosition = 4\n";
  expect(readMetadata(text)).toEqual({ logFile: 'binlog.000007', logPosition: 4 });
});

test('the position of a replica in its source is not taken for its own', () => {
  const text = recorded('mydumper-1.0')
    .replace(/^\[source\]\n(#.*\n)*/m, '')
    .replace('[config]', '[replication]\nSOURCE_LOG_FILE = "binlog.000003"\nSOURCE_LOG_POS = 5\n[config]');
  expect(readMetadata(text)).toBeUndefined();
  expect(readMetadata('SHOW SLAVE STATUS:\n\tHost: db1\n\tLog: binlog.000003\n\tPos: 5\n\tGTID:\n')).toBeUndefined();
});

test('a load is refused where mydumper began elsewhere than at the lock', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const row = '*************************** 1. row ***************************\n';
  const loaded = (position: number) => {
    const stands = `${row}File: binlog.000001\nPosition: ${position}\n${row}gtid_binlog_pos: 0-14-34\ngtid_slave_pos: \n`;
    const lines = ['rows 1 1', `metadata ${base64(recorded('mydumper-0.10'))}`, `stands ${base64(stands)}`, 'loaded'];
    const read = readLoaded(lines);
    if (!read) throw new Error('it was not read');
    return otherPlace(read);
  };
  expect(loaded(9715965)).toBeUndefined();
  expect(loaded(9715964)).toBe('binlog.000001:9715965');
});
