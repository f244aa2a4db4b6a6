// What a server on copied data reports of itself, compared with its snapshot.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Expected, proofOf, readStarted, type Started } from '../../../src/seed/replica/proof/proof.ts';

const uuid = '07de3713-e6c4-11f1-b17e-525400770011';
const future =
  '2026-11-26T17:40:00.000000Z 0 [ERROR] [MY-011971] [InnoDB] Page [page id: space=4, page number=9] log sequence number 912 is in the future! Current system log sequence number 64.';

const recorded = readFileSync(join(import.meta.dirname, '../../fixtures/mysql-9.7/standing-replica.txt'), 'utf8');
/** What a practice host said, with these variables and this state of InnoDB. */
function started(variables: Readonly<Record<string, string>>, lsn = '20215626'): Started {
  const rows = Object.entries(variables).map(([name, value]) => `${name}\t${value}\n`);
  const others = recorded.replaceAll(/^(gtid_executed|gtid_mode|version)\t.*\n/gm, '');
  const text = others.replace('Variable_name\tValue\n', (header) => `${header}${version(variables)}${rows.join('')}`);
  const status = `Type\tName\tStatus\nInnoDB\t\t\\n=====\\nLOG\\n---\\nLog sequence number          ${lsn}\\nLog buffer`;
  const read = readStarted(`${text}answer\ninnodb\n${status}\n`);
  if (!read) throw new Error('not read');
  return read;
}
const version = (variables: Readonly<Record<string, string>>) => ('version' in variables ? '' : 'version\t9.7.4\n');

/** How a start begins in the log of a server that says nothing else. */
const began =
  '2026-11-26T17:39:59.000000Z 0 [System] [MY-010116] [Server] /usr/sbin/mysqld (mysqld 9.7.4-2) starting as process 846';

const mysql: Expected = {
  vendor: 'mysql',
  version: '9.7.4',
  dataName: 'the snapshot',
  gtid: `${uuid}:1-100`,
  lsn: 20_215_211n,
};
const troubles = (one: Started, expected: Expected, log: readonly string[] = []) =>
  proofOf(one, expected, [began, ...log]).troubles;
const executed = (gtid_executed: string) => started({ gtid_executed, gtid_mode: 'ON' });

describe('a MySQL at its first start', () => {
  test('has what the snapshot had', () => {
    const { troubles, notes } = proofOf(executed(`${uuid.toUpperCase()}:1-60:61-100`), mysql, [began]);
    expect(troubles).toEqual([]);
    expect(notes).toEqual([
      'gtid_executed is that of the snapshot',
      'InnoDB goes on at 20215626, the redo log of the snapshot reached 20215211',
    ]);
  });

  test('whose log was cut behind the beginning of its start is not proved by what is left of it', () => {
    const cut = 'reseed: this log was rotated, and what stood before this is not found';
    const ready = '/usr/sbin/mysqld: ready for connections.';
    const of = (...log: string[]) => proofOf(executed(`${uuid}:1-100`), mysql, log).troubles;
    expect(of(cut, ready)).toEqual([expect.stringMatching(/^neither its error log nor the server itself tells/)]);
    expect([of(cut, began, ready), of(ready)]).toEqual([[], []]);
  });

  test('that lacks transactions of the snapshot, or has others, is reported with them', () => {
    expect(troubles(executed(`${uuid}:1-88,aaaaaaaa-e6c4-11f1-b17e-525400770011:1-12`), mysql)).toEqual([
      `its gtid_executed is not that of the snapshot: it lacks 12 transactions (${uuid}:89-100) and has 12 transactions (aaaaaaaa-e6c4-11f1-b17e-525400770011:1-12) more`,
    ]);
    expect(troubles(executed(`${uuid}:1-101`), mysql)).toEqual([
      `its gtid_executed is not that of the snapshot: it has 1 transaction (${uuid}:101) more`,
    ]);
  });

  test('of a version whose tables lack the last GTIDs is not said to lack them', () => {
    const { troubles, notes } = proofOf(executed(`${uuid}:1-88`), { ...mysql, version: '8.0.16' }, [began]);
    expect(troubles).toEqual([]);
    expect(notes[0]).toBe('GTIDs: not all of them are in the tables of this version');
  });

  test('that recovered with its own old redo log is refuted by InnoDB’s log sequence number', () => {
    expect(troubles(started({ gtid_executed: `${uuid}:1-100` }, '20215210'), mysql)).toEqual([
      'InnoDB goes on at log sequence number 20215210, and the redo log of the snapshot reached 20215211: it is not the one that was read',
    ]);
  });

  test('says in its error log that pages are newer than its redo log, or damaged', () => {
    const damaged = '2026-11-26T17:40:00.000000Z 0 [ERROR] [MY-012224] [InnoDB] Tablespace is corrupted';
    const note = '2026-11-26T17:40:00.000000Z 0 [Note] [MY-012224] [InnoDB] no corrupt pages';
    const { gtid: _, ...plain } = mysql;
    expect(troubles(executed(''), plain, [note, future])).toEqual([`its error log says: ${future}`]);
    expect(troubles(executed(''), plain, [damaged, future])).toEqual([
      `its error log says: ${damaged} (and 1 lines like it)`,
    ]);
  });

  test('tells no password of a statement that failed for damage, as the server wrote it into its log', () => {
    const { gtid: _, ...plain } = mysql;
    const begins =
      "2026-11-27 9:10:11 0 [ERROR] Slave SQL: Error 'Index for table 'users' is corrupt; try to repair it' on query. Default database: 'shop'. Query: 'UPDATE users SET password";
    expect(troubles(executed(''), plain, [`${begins} = 'hunter2'', Internal MariaDB error code: 1034`])).toEqual([
      `its error log says: ${begins} ...`,
    ]);
  });

  test.each([
    "2026-11-27T09:10:11.000000Z 1 [Warning] [MY-012351] [InnoDB] Tablespace 5, name 'gx', file '/srv/gx/gx.ibd' is missing!",
    '2026-11-27T09:10:11.000000Z 1 [ERROR] [MY-012592] [InnoDB] Operating system error number 2 in a file operation.',
    "2026-11-27T09:10:11.000000Z 1 [ERROR] [MY-012216] [InnoDB] Cannot open datafile for read-only: '/srv/gx/gx.ibd' OS error: 71",
    '2026-11-27  9:10:11 0 [ERROR] InnoDB: Tablespace 5 was not found at ./shop/far.ibd.',
    '2026-11-27  9:10:11 0 [Warning] InnoDB: Ignoring tablespace for `shop`.`far` because it could not be opened.',
    '2026-11-27  9:10:11 0 [ERROR] InnoDB: Could not find a valid tablespace file for shop/far. See the manual',
  ])('that misses a tablespace of the donor is refuted, and its old data stays: %s', (line) => {
    const { gtid: _, ...plain } = mysql;
    expect(troubles(executed(''), plain, [line])).toEqual([`its error log says: ${line}`]);
  });

  test.each([
    "2026-11-27  9:10:11 0 [Note] InnoDB: Tablespace 5 was not found at './shop/gone.ibd', but there were no modifications either.",
    '2026-11-27T09:10:11.000000Z 0 [Warning] [MY-010068] [Server] CA certificate ca.pem is self signed.',
    '2026-11-27T09:10:11.000000Z 0 [Warning] [MY-013360] [Server] Plugin x is missing',
  ])('that says what any server may say is not refuted: %s', (line) => {
    const { gtid: _, ...plain } = mysql;
    expect(troubles(executed(''), plain, [line])).toEqual([]);
  });

  test.each([
    ['nothing at all', []],
    ['what another program wrote', ['2026-11-27T09:10:11.000000Z 0 [Note] [MY-1] [Server] something']],
  ])('whose error log tells of no start, but %s, is not taken for one without a fault', (_, log) => {
    const { gtid: _gtid, ...plain } = mysql;
    expect(proofOf(executed(''), plain, log).troubles).toEqual([
      expect.stringMatching(/^neither its error log nor the server itself tells what it said at its start/),
    ]);
  });

  test('that logs elsewhere tells itself what it said at its start', () => {
    const header = 'answer\nerrorlog\nLOGGED\tTHREAD_ID\tPRIO\tERROR_CODE\tSUBSYSTEM\tDATA\n';
    const first =
      '2026-11-27 09:10:10.000000\t0\tSystem\tMY-010116\tServer\t/usr/sbin/mysqld (mysqld 9.7.4-2) starting as process 846\n';
    const lost =
      "2026-11-27 09:10:11.000000\t1\tWarning\tMY-012351\tInnoDB\tTablespace 5, name 'gx', file '/srv/gx/gx.ibd' is missing!\n";
    const one = (text: string) => readStarted(`${recorded}${header}${text}`) as Started;
    const found = (text: string) =>
      proofOf(one(text), { vendor: 'mysql', version: '9.7.4', dataName: 'the snapshot' }, []).troubles;
    expect(found(first)).toEqual([]);
    expect(found(first + lost)).toEqual([
      "its error log says: 2026-11-27T09:10:11.000000Z 1 [Warning] [MY-012351] [InnoDB] Tablespace 5, name 'gx', file '/srv/gx/gx.ibd' is missing!",
    ]);
    expect(found('')).toHaveLength(1);
  });

  test('whose log is so long that its first part has no word of damage has it in what the server itself tells', () => {
    const header = 'answer\nerrorlog\nLOGGED\tTHREAD_ID\tPRIO\tERROR_CODE\tSUBSYSTEM\tDATA\n';
    const start =
      '2026-11-27 09:10:10.000000\t0\tSystem\tMY-010116\tServer\tmysqld (mysqld 9.7.4-2) starting as process 846\n';
    const damage = '2026-11-27 09:10:11.000000\t1\tError\tMY-012224\tInnoDB\tTablespace is corrupted\n';
    const one = readStarted(`${recorded}${header}${start}${damage}`) as Started;
    const found = (log: readonly string[]) =>
      proofOf(one, { vendor: 'mysql', version: '9.7.4', dataName: 'the snapshot' }, log).troubles;
    expect(found([began])).toEqual([
      'its error log says: 2026-11-27T09:10:11.000000Z 1 [Error] [MY-012224] [InnoDB] Tablespace is corrupted',
    ]);
    expect(found([began, future])).toEqual([`its error log says: ${future}`]);
  });

  test('whose relay log can not be read is not undone for corrupt data', () => {
    const relay =
      "2026-11-26T17:40:00.000000Z 9 [ERROR] [MY-013121] [Repl] Relay log read failure: The possible reasons are: the source's binary log is corrupted, a network problem";
    const { gtid: _, ...plain } = mysql;
    expect(troubles(executed(''), plain, [relay])).toEqual([]);
  });

  test('that tells too little is not said to be proven', () => {
    const { troubles, notes } = proofOf(executed(''), { vendor: 'mysql', version: '9.7.4', dataName: 'the snapshot' }, [
      began,
    ]);
    expect(troubles).toEqual([]);
    expect(notes).toEqual([
      'GTIDs are not compared: the coordinates have none',
      'log sequence numbers are not compared: one is not known',
    ]);
  });
});

describe('a MariaDB at its first start', () => {
  const expected: Expected = {
    vendor: 'mariadb',
    version: '10.11.19',
    dataName: 'the snapshot',
    gtid: '0-14-100,1-14-7',
  };
  const at = (gtid_binlog_pos: string, gtid_slave_pos: string) =>
    started({ version: '10.11.19-MariaDB', gtid_binlog_pos, gtid_slave_pos });

  test('that reads the donor’s binary log has the donor’s coordinates', () => {
    expect(proofOf(at('0-14-100', '1-14-7'), expected, [began]).notes[0]).toBe(
      'its GTID position is that of the snapshot',
    );
    expect(troubles(at('0-14-99', '1-14-7'), expected)).toEqual([
      'its GTID position 0-14-99,1-14-7 is behind that of the snapshot, 0-14-100,1-14-7',
    ]);
  });

  test('without the donor’s binary log is beyond the snapshot in no domain', () => {
    expect(troubles(at('', '1-14-7'), expected)).toEqual([]);
    expect(troubles(at('', '1-14-8'), expected)).toEqual([
      'its GTID position 1-14-8 is beyond that of the snapshot, 0-14-100,1-14-7',
    ]);
    expect(troubles(at('', '4-14-1'), expected)).toHaveLength(1);
  });

  test('has replicated what the donor had replicated under the lock, neither more nor less', () => {
    const replica: Expected = { ...expected, slaveGtid: '0-14-100,1-14-7' };
    expect(troubles(at('', '1-14-7,0-14-100'), replica)).toEqual([]);
    expect(troubles(at('0-14-100,1-14-7', '1-14-7,0-14-99'), replica)).toEqual([
      'its gtid_slave_pos is 1-14-7,0-14-99, and that of the snapshot was 0-14-100,1-14-7',
    ]);
    expect(troubles(at('0-14-100,1-14-7', ''), { ...expected, slaveGtid: '' })).toEqual([]);
  });

  test('has the gtid_slave_pos of a donor that was promoted by RESET MASTER, whose log is behind it', () => {
    const promoted: Expected = { ...expected, gtid: '0-14-220', slaveGtid: '0-13-90000000' };
    for (const log of ['', '0-14-220']) expect(troubles(at(log, '0-13-90000000'), promoted)).toEqual([]);
    expect(troubles(at('0-14-221', '0-13-90000000'), promoted)).toHaveLength(1);
  });
});
