// temp-tables.sh with a client that answers as servers do: which sessions' temporary tables a copy would lack.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);

/** What it says, where the server answers with these values. */
async function said(values: Record<string, string>, own = '1'): Promise<string> {
  const fragment = await readFile(new URL('../../src/scripts/temp-tables.sh', import.meta.url), 'utf8');
  const rows = Object.entries(values).map(([name, value]) => `${name}\t${value}\n`);
  const client = 'sql_client() { printf "%s" "$ROWS"; }';
  const script = `${client}\n${fragment}\nsession_temp_tables '' '' "$1"`;
  const { stdout } = await run('sh', ['-c', script, 'sh', own], { env: { ...process.env, ROWS: rows.join('') } });
  return stdout.trim();
}

const maria = {
  version: '10.11.19-MariaDB-log',
  log_bin: 'ON',
  binlog_format: 'MIXED',
  origin_binlog_format: 'CONFIG',
  Threads_connected: '4',
  dumps: '1',
};
const mysql = {
  version: '9.7.4',
  log_bin: 'ON',
  binlog_format: 'STATEMENT',
  origin_binlog_format: 'GLOBAL',
  Threads_connected: '4',
  dumps: '1',
  sessions_STATEMENT: '3',
};
/** Of a MySQL that logs rows. */
const { sessions_STATEMENT: _, ...untold } = { ...mysql, binlog_format: 'ROW', Com_create_table: '9' };
const rows = { ...untold, sessions_ROW: '3' };
const byHand = { ...rows, origin_binlog_format: 'SQL' };

test.each<[string, Record<string, string>, string]>([
  ['a MariaDB that made some, with sessions', { ...maria, Com_create_temporary_table: '3' }, 'unknown MIXED 2'],
  ['a MariaDB that never made one', { ...maria, Com_create_temporary_table: '0' }, 'none MIXED'],
  ['a MariaDB without sessions', { ...maria, Com_create_temporary_table: '3', Threads_connected: '2' }, 'none MIXED'],
  ['a MariaDB that logs rows', { ...maria, binlog_format: 'ROW', Com_create_temporary_table: '3' }, 'none ROW'],
  ['a MariaDB without a binary log', { ...maria, log_bin: 'OFF', Com_create_temporary_table: '3' }, 'none MIXED'],
  [
    'a MariaDB whose MIXED logs none',
    {
      ...maria,
      Com_create_temporary_table: '3',
      create_tmp_table_binlog_formats: 'STATEMENT',
      origin_create_tmp_table_binlog_formats: 'CONFIG',
    },
    'none MIXED',
  ],
  ['a MySQL with some of InnoDB open', { ...mysql, Com_create_table: '9', open: '2' }, 'open STATEMENT 2'],
  ['a MySQL whose other engines are not told', { ...mysql, Com_create_table: '9', open: '0' }, 'unknown STATEMENT 2'],
  ['a MySQL whose login lacks PROCESS', { ...mysql, Com_create_table: '9' }, 'unknown STATEMENT 2'],
  [
    'a MySQL with MIXED, which logs none',
    { ...untold, binlog_format: 'MIXED', sessions_MIXED: '3', open: '2' },
    'none MIXED',
  ],
  [
    'a MySQL 5.7 with MIXED, which logs them',
    { ...mysql, version: '5.7.44', binlog_format: 'MIXED', open: '2' },
    'open MIXED 2',
  ],
  ['a server that did not answer', {}, 'unknown ? ?'],
  ['a MySQL that logs rows, of all sessions', { ...rows, open: '2' }, 'none ROW'],
  ['a MySQL that was set to ROW, where all sessions logged in anew', { ...byHand, open: '2' }, 'none ROW:ROW'],
  [
    'a MySQL that was set to ROW, of which a session keeps STATEMENT: it was told as one that logs rows',
    { ...byHand, sessions_ROW: '2', sessions_STATEMENT: '1', open: '2' },
    'open ROW:STATEMENT 2',
  ],
  [
    'a MySQL with ROW of which a session has set STATEMENT, and tables of other engines are not told',
    { ...rows, sessions_ROW: '2', sessions_STATEMENT: '1', open: '0' },
    'unknown ROW:STATEMENT 1',
  ],
  [
    'a MySQL with MIXED of which a session has set STATEMENT',
    { ...rows, binlog_format: 'MIXED', sessions_ROW: '1', sessions_MIXED: '1', sessions_STATEMENT: '1', open: '1' },
    'open MIXED:STATEMENT 1',
  ],
  [
    'a MySQL 5.7 with ROW of which a session has set MIXED',
    { ...rows, version: '5.7.44', sessions_ROW: '2', sessions_MIXED: '1', open: '1' },
    'open ROW:MIXED 1',
  ],
  ['a MySQL that tells no formats of sessions, with tables open', { ...untold, open: '2' }, 'unknown ROW:? 2'],
  ['a MySQL that tells formats of some sessions', { ...rows, sessions_ROW: '1', open: '2' }, 'unknown ROW:? 2'],
  ['a MySQL that tells no formats of sessions, without open tables', { ...untold, open: '0' }, 'none ROW:?'],
  ['a MySQL that made no table', { ...untold, Com_create_table: '0', open: '2' }, 'none ROW:?'],
  [
    'a MariaDB that was set to ROW: sessions keep what they began with, and it tells of none',
    { ...maria, binlog_format: 'ROW', origin_binlog_format: 'SQL', Com_create_temporary_table: '3' },
    'unknown ROW:? 2',
  ],
  [
    'a MariaDB that was set to ROW and never made one',
    { ...maria, binlog_format: 'ROW', origin_binlog_format: 'SQL', Com_create_temporary_table: '0' },
    'none ROW:?',
  ],
  [
    'a MariaDB whose MIXED was set to log none: sessions keep what they began with',
    {
      ...maria,
      Com_create_temporary_table: '3',
      create_tmp_table_binlog_formats: 'STATEMENT',
      origin_create_tmp_table_binlog_formats: 'SQL',
    },
    'unknown MIXED:? 2',
  ],
])('%s', async (_name, values, expected) => {
  expect(await said(values)).toBe(expected);
});
