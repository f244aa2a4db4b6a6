// temp-tables.sh with a client that answers as servers do: which sessions' temporary tables a copy would lack.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const run = promisify(execFile);

/**
 * What it prints if the server answers with these rows. A second list is for when it is asked again; its last rows are
 * repeated.
 */
async function said(answers: readonly (readonly string[])[], own = '1'): Promise<{ said: string; asked: number }> {
  const fragment = await readFile(new URL('../../src/scripts/temp-tables.sh', import.meta.url), 'utf8');
  const folder = await mkdtemp(join(tmpdir(), 'reseed-temp-tables-'));
  try {
    for (const [index, rows] of answers.entries()) {
      await writeFile(join(folder, `${index}.rows`), [...rows, 'end\t1'].map((row) => `${row}\n`).join(''));
    }
    // A second row of a name is told where it is asked for a second time.
    const client = `sql_client() {
      n=$(ls -- *.asked 2>/dev/null | wc -l)
      cat >"$n.asked"
      [ -e "$n.rows" ] || cp "$LAST.rows" "$n.rows"
      for name in Threads_connected dumps; do grep "^$name" "$n.rows" | head -n "$(grep -c "'$name'" "$n.asked")"; done
      grep -vE '^(Threads_connected|dumps)' "$n.rows"
    }`;
    const script = `${client}\n${fragment}\nsession_temp_tables '' '' "$1"`;
    const env = { ...process.env, LAST: String(answers.length - 1) };
    const { stdout } = await run('sh', ['-c', script, 'sh', own], { env, cwd: folder });
    const asked = (await readdir(folder)).filter((name) => name.endsWith('.asked')).length;
    return { said: stdout.trim(), asked };
  } finally {
    await rm(folder, { recursive: true });
  }
}

const rowsOf = (values: Record<string, string>) => Object.entries(values).map(([name, value]) => `${name}\t${value}`);

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
  ['a MariaDB that made some, with sessions', { ...maria, Com_create_temporary_table: '3' }, 'unknown MIXED 2 ?'],
  ['a MariaDB that never made one', { ...maria, Com_create_temporary_table: '0' }, 'none MIXED never'],
  [
    'a MariaDB without sessions',
    { ...maria, Com_create_temporary_table: '3', Threads_connected: '2' },
    'none MIXED alone',
  ],
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
  ['a MySQL whose other engines are not told', { ...mysql, Com_create_table: '9', open: '0' }, 'unknown STATEMENT 2 0'],
  ['a MySQL whose login lacks PROCESS', { ...mysql, Com_create_table: '9' }, 'unknown STATEMENT 2 ?'],
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
  ['a server that did not answer', {}, 'unknown ? ? ?'],
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
    'unknown ROW:STATEMENT 1 0',
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
  ['a MySQL that tells no formats of sessions, with tables open', { ...untold, open: '2' }, 'unknown ROW:own 2 2'],
  ['a MySQL that tells formats of some sessions', { ...rows, sessions_ROW: '1', open: '2' }, 'unknown ROW:own 2 2'],
  ['a MySQL that tells no formats of sessions, without open tables', { ...untold, open: '0' }, 'none ROW:own'],
  ['a MySQL that made no table', { ...untold, Com_create_table: '0', open: '2' }, 'none ROW:own never'],
  [
    'a MariaDB that was set to ROW: sessions keep what they began with, and it tells of none',
    { ...maria, binlog_format: 'ROW', origin_binlog_format: 'SQL', Com_create_temporary_table: '3' },
    'unknown ROW:? 2 ?',
  ],
  [
    'a MariaDB that was set to ROW and never made one',
    { ...maria, binlog_format: 'ROW', origin_binlog_format: 'SQL', Com_create_temporary_table: '0' },
    'none ROW:? never',
  ],
  [
    'a MariaDB whose MIXED was set to log none: sessions keep what they began with',
    {
      ...maria,
      Com_create_temporary_table: '3',
      create_tmp_table_binlog_formats: 'STATEMENT',
      origin_create_tmp_table_binlog_formats: 'SQL',
    },
    'unknown MIXED:? 2 ?',
  ],
])('%s', async (_name, values, expected) => {
  expect((await said([rowsOf(values)])).said).toBe(expected);
});

describe('a busy MySQL that logs rows: sessions that came and went while it was asked were taken for ones that may log statements', () => {
  const { Threads_connected: _connected, dumps: _dumps, ...still } = rows;
  const busy = (connected: number, more: Record<string, string> = {}) => [
    `Threads_connected\t${connected}`,
    'dumps\t1',
    ...rowsOf({ ...still, ...more }),
  ];

  test('a client quit meanwhile', async () => {
    expect(await said([[...busy(5, { open: '2' }), 'Threads_connected\t4', 'dumps\t1']])).toEqual({
      said: 'none ROW',
      asked: 1,
    });
  });

  test('a replica stopped reading meanwhile, and a client came', async () => {
    expect(await said([[...busy(4, { open: '2' }), 'Threads_connected\t5', 'dumps\t0']])).toMatchObject({ asked: 3 });
    expect(await said([[...busy(4, { open: '2' }), 'Threads_connected\t3', 'dumps\t0']])).toMatchObject({
      said: 'none ROW',
    });
  });

  test('a client is just logging in', async () => {
    expect((await said([busy(5, { open: '2', logging_in: '1' })])).said).toBe('none ROW');
  });

  test('it is asked again where some are not told', async () => {
    const short = busy(6, { open: '2' });
    expect(await said([short, short, busy(4, { open: '2' })])).toEqual({ said: 'none ROW', asked: 3 });
    const byOthers = await said([
      busy(6, { origin_binlog_format: 'SQL', open: '2' }),
      busy(4, { origin_binlog_format: 'SQL', open: '2' }),
    ]);
    expect(byOthers).toEqual({ said: 'none ROW:ROW', asked: 2 });
  });

  test('where some stay untold, the open tables are those of sessions that log rows', async () => {
    const of = (open: string, sessions: string) => [busy(6, { open, sessions_ROW: `3\t${sessions}` })];
    expect((await said(of('2\t#sql7a79_a_0,#sql7a79_1f_12', '10,31,4'))).said).toBe('none ROW:own');
    // Session 32 is not reported, a name belongs to no session, or some of the names are missing.
    expect((await said(of('2\t#sql7a79_a_0,#sql7a79_20_0', '10,31,4'))).said).toBe('unknown ROW:own 4 1');
    expect((await said(of('2\t#sql7a79_a_0,other', '10,31,4'))).said).toBe('unknown ROW:own 4 2');
    expect((await said(of('3\t#sql7a79_a_0,#sql7a79_1f_12', '10,31,4'))).said).toBe('unknown ROW:own 4 3');
    expect((await said(of('2\t#sql7a79_a_0,#sql7a79_1f_12', '10,31'))).said).toBe('unknown ROW:own 4 2');
  });

  test('threads that its performance schema lost are not taken for ones that quit', async () => {
    const lost = busy(5, { open: '2', Performance_schema_thread_instances_lost: '1' });
    expect((await said([[...lost, 'Threads_connected\t4', 'dumps\t1']])).said).toBe('unknown ROW:own 2 2');
  });

  test('pt-table-checksum has STATEMENT and no table: the tables of sessions that log rows were taken for its', async () => {
    const of = (open: string) => busy(4, { open, sessions_ROW: '2\t10,4', sessions_STATEMENT: '1\t31' });
    expect((await said([of('1\t#sql7a79_a_0')])).said).toBe('unknown ROW:STATEMENT 1 0');
    expect((await said([of('2\t#sql7a79_a_0,#sql7a79_1f_0')])).said).toBe('open ROW:STATEMENT 1');
  });
});
