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
  Threads_connected: '4',
  dumps: '1',
};
const mysql = { version: '9.7.4', log_bin: 'ON', binlog_format: 'STATEMENT', Threads_connected: '4', dumps: '1' };

test.each<[string, Record<string, string>, string]>([
  ['a MariaDB that made some, with sessions', { ...maria, Com_create_temporary_table: '3' }, 'unknown MIXED 2'],
  ['a MariaDB that never made one', { ...maria, Com_create_temporary_table: '0' }, 'none MIXED'],
  ['a MariaDB without sessions', { ...maria, Com_create_temporary_table: '3', Threads_connected: '2' }, 'none MIXED'],
  ['a MariaDB that logs rows', { ...maria, binlog_format: 'ROW', Com_create_temporary_table: '3' }, 'none ROW'],
  ['a MariaDB without a binary log', { ...maria, log_bin: 'OFF', Com_create_temporary_table: '3' }, 'none MIXED'],
  [
    'a MariaDB whose MIXED logs none',
    { ...maria, Com_create_temporary_table: '3', create_tmp_table_binlog_formats: 'STATEMENT' },
    'none MIXED',
  ],
  ['a MySQL with some of InnoDB open', { ...mysql, Com_create_table: '9', open: '2' }, 'open STATEMENT 2'],
  ['a MySQL whose other engines are not told', { ...mysql, Com_create_table: '9', open: '0' }, 'unknown STATEMENT 2'],
  ['a MySQL whose login lacks PROCESS', { ...mysql, Com_create_table: '9' }, 'unknown STATEMENT 2'],
  ['a MySQL with MIXED, which logs none', { ...mysql, binlog_format: 'MIXED', open: '2' }, 'none MIXED'],
  [
    'a MySQL 5.7 with MIXED, which logs them',
    { ...mysql, version: '5.7.44', binlog_format: 'MIXED', open: '2' },
    'open MIXED 2',
  ],
  ['a server that did not answer', {}, 'unknown ? ?'],
])('%s', async (_name, values, expected) => {
  expect(await said(values)).toBe(expected);
});
