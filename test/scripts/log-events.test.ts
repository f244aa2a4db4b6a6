// log-events.sh with a mysqlbinlog that prints what a real one printed of a host's log; and with what a hostile log makes one print.
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';

const source = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
const uuid = '150b088a-eae8-11f1-b802-525400770011';

/** What a function of the script prints where mysqlbinlog prints this text. */
async function said(call: string, printed: string, code = 0): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'reseed-log-events-'));
  try {
    await writeFile(join(folder, 'printed'), printed);
    await writeFile(join(folder, 'mysqlbinlog'), `#!/bin/sh\ncat ${folder}/printed\nexit ${code}\n`);
    await chmod(join(folder, 'mysqlbinlog'), 0o755);
    const stubs = 'as_account() { shift; "$@"; }\nfirst_of() { echo "$1"; }\n';
    const script = `${stubs}${await source('src/scripts/log-grammar.sh')}\n${await source('src/scripts/log-events.sh')}\n${call}`;
    const { stdout } = await execa('sh', ['-c', script], {
      env: { PATH: `${folder}:${process.env.PATH}`, LC_ALL: 'C' },
    });
    return stdout.split('\n');
  } finally {
    await rm(folder, { recursive: true });
  }
}

const mysql = () => source('test/fixtures/mysql-9.7/mysqlbinlog-relay.txt');
const mariadb = () => source('test/fixtures/mariadb-10.11/mysqlbinlog-relay.txt');
/** What mysqlbinlog would print if an event had this text in place of `old`: it is as long as it says, and the next ones begin behind it. */
function withText(printed: string, old: string, text: string): string {
  const found = printed.indexOf(old);
  const [event] = [...printed.slice(0, found).matchAll(/^# at (\d+)\n#\d/gm)].slice(-1);
  if (found < 0 || !event) throw new Error(`no event has ${old}`);
  const longer = Buffer.byteLength(text) - Buffer.byteLength(old);
  const [begin, rest] = [printed.slice(event.index, found), printed.slice(found + old.length)];
  const size = begin.replace(
    /^(# \w{8} .{11} {3}\w\w {3}.{11} {3}|# .*\|\w\w {3}\|.{11} \|)(\w\w \w\w \w\w) 00/m,
    (_, before, three) => {
      const bytes = Buffer.from(`${three.replaceAll(' ', '')}00`, 'hex');
      bytes.writeUInt32LE(bytes.readUInt32LE() + longer);
      return `${before}${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')}`;
    },
  );
  const moved = rest.replace(/^# at (\d+)$/gm, (line, at) =>
    Number(at) > Number(event[1]) ? `# at ${Number(at) + longer}` : line,
  );
  return printed.slice(0, event.index) + size + text + moved;
}
const kinds = (lines: readonly string[]) => lines.map((line) => line.split('\t')[0]).join(' ');

describe('the events of a log', () => {
  test('are transactions with their place in the log, of MySQL and of MariaDB', async () => {
    const [log] = (await source('test/fixtures/mysql-9.7/salvage-look.txt')).match(/^tx[\s\S]*(?=\nend)/m) ?? [];
    expect((await said("log_events x 0 26699 '' a:a", await mysql())).join('\n')).toBe(log);
    const [other] = (await source('test/fixtures/mariadb-10.11/salvage-look.txt')).match(/^tx[\s\S]*(?=\nend)/m) ?? [];
    expect((await said("log_events x 0 42587 '' a:a", await mariadb())).join('\n')).toBe(other);
  });

  test('of a statement whose rows take several events are one transaction, of a MariaDB: their rows are printed behind the last', async () => {
    const rows = await source('test/fixtures/mariadb-10.11/mysqlbinlog-rows.txt');
    const lines = await said("log_events x 0 4 '' a:a", rows);
    expect(lines.filter((line) => /^(odd|part|torn)/.test(line))).toEqual([]);
    expect(lines.filter((line) => line.startsWith('tx')).join()).toMatch(/\trows\t.*crm\.w/);
    // The type of the second of the three: a statement without its text.
    const hidden = rows.replace('|17   |01 00 00 00 |e1 00 00 00 |8e 04', '|02   |01 00 00 00 |e1 00 00 00 |8e 04');
    expect(hidden).not.toBe(rows);
    expect((await said("log_events x 0 4 '' a:a", hidden)).join()).toContain('an event without its text');
  });

  test('that the other host has are left out, and so are their bytes', async () => {
    const lines = await said(`log_events x 0 26699 '${uuid}:1-54:56' a:a`, await mysql());
    expect(lines.filter((line) => /^(run|range|count)/.test(line))).toEqual([
      `run\t${uuid}\t55\t55`,
      'range\t0\t30210\t30526',
      'count\t1\t316\t0',
    ]);
    const others = await said("log_events x 0 42587 '0-14-63,1-2-3' a:a", await mariadb());
    expect(others.filter((line) => /^(run|range)/.test(line))).toEqual(['run\t0-14\t64\t64', 'range\t0\t46002\t46539']);
  });

  test('of a transaction whose end is not in the log are told, and not listed', async () => {
    const text = await mysql();
    const cut = text.slice(0, text.indexOf('# at 30890'));
    const lines = await said("log_events x 0 26699 '' a:a", cut);
    expect(lines).toContain(`part\t0\t30526\t${uuid}:56`);
    expect(lines).toContain(`run\t${uuid}\t47\t55`);
  });

  test('that mysqlbinlog can not read make the log a torn one', async () => {
    expect(await said("log_events x 3 26699 '' a:a", await mysql(), 1)).toContain('torn\t3\tmysqlbinlog ended with 1');
  });
});

describe('a hostile log', () => {
  /** The statement of the CREATE TABLE in the recorded text is replaced. */
  const withStatement = async (statement: string) => {
    const lines = await said(
      "log_events x 0 26699 '' a:a",
      withText(await mysql(), 'CREATE TABLE drill.extra (id INT PRIMARY KEY, t TEXT, j JSON)', statement),
    );
    return lines.filter((line) => line.startsWith('odd\t0\t281') || line.startsWith('tx\t0\t28109'));
  };

  test('can not end its statement, and begin another behind it', async () => {
    expect(kinds(await withStatement('SELECT 1\n/*!*/;\nGRANT ALL ON *.* TO x'))).toContain('odd');
  });

  test('can not hide the next event behind one that is text', async () => {
    const forged = (at: number, size: string) =>
      `SELECT 1\n/*!*/;\n# at ${at}\n#261128  4:57:07 server id 11  end_log_pos 28503 CRC32 0x64fb28fb\n# Position  Timestamp   Type   Source ID        Size      Source Pos    Flags\n# 00000384 23 5f 0a 6b   10   0b 00 00 00   ${size} 00 00 00   57 6f 00 00   00 00`;
    expect(kinds(await withStatement(forged(28_190, '4f')))).toContain('odd');
    // It begins where the real one does, and is as long.
    const lines = await said(
      "log_events x 0 26699 '' a:a",
      (await mysql()).replace('CREATE TABLE drill.extra (id INT PRIMARY KEY, t TEXT, j JSON)', () =>
        forged(28_332, '4f'),
      ),
    );
    expect(lines.some((line) => line.startsWith('odd') && line.endsWith('text that looks like an event'))).toBe(true);
  });

  test('can not call a second statement of a line rows', async () => {
    const [line] = await withStatement("INSERT INTO a VALUES ('b;c'); GRANT ALL ON *.* TO x");
    expect(line).toMatch(/^odd.*more than one statement/);
    const [harmless] = await withStatement("INSERT INTO a VALUES ('b;c')");
    expect(harmless?.split('\t')[7]).toBe('statement');
  });

  test('can not name a table so that a line of it is a statement', async () => {
    const text = (await mysql()).replace(
      'Table_map: `drill`.`extra`',
      'Table_map: `drill`.`a\nGRANT ALL ON *.* TO x;`',
    );
    expect(kinds(await said("log_events x 0 26699 '' a:a", text))).toContain('odd');
  });
});

describe('a hostile log, in what stands around its statements,', () => {
  const oddOf = async (text: string) =>
    (await said("log_events x 0 26699 '' a:a", text))
      .filter((line) => line.startsWith('odd'))
      .map((line) => line.split('\t')[3]);
  const created = 'CREATE TABLE drill.extra (id INT PRIMARY KEY, t TEXT, j JSON)';
  const plain = async () => withText(await mysql(), '/*!*/; hm', 'hm');

  test.each([
    'SET SESSION sql_log_bin = 0',
    'set gtid_next = automatic',
    'USE mysql',
    '/* a */ SET @@GLOBAL.read_only = 0',
    'LOCK TABLES a WRITE',
    'CREATE TABLE a (b INT); DROP DATABASE c',
    "GRANT SELECT ON a.* TO 'b;'; DROP DATABASE c",
  ])('can not hold a statement that changes what others do: %s', async (statement) => {
    expect(await oddOf(withText(await plain(), created, statement))).toHaveLength(1);
  });

  test('may hold a routine, and a string with a semicolon', async () => {
    for (const statement of [
      'CREATE PROCEDURE a.b() BEGIN SELECT 1; SELECT 2; END',
      "CREATE TABLE a (b INT COMMENT 'c;d')",
    ])
      expect(await oddOf(withText(await plain(), created, statement))).toEqual([]);
  });

  test('can not fill the memory of the host that reads it by one event', async () => {
    const text = (await plain()).replace(
      '02   0b 00 00 00   92 00 00 00   d9 6d',
      '02   0b 00 00 00   ff ff ff 03   d9 6d',
    );
    const lines = await said("log_events x 0 26699 '' a:a", text);
    expect(lines).toContain('odd\t0\t28186\tan event of more than 32 MiB');
    expect(lines.at(-1)).toBe('torn\t0\tan event has more than 32 MiB');
  });

  test('has nothing odd as it was recorded', async () => {
    expect(await oddOf(await plain())).toEqual([]);
    expect(await oddOf(withText(await mariadb(), '/*!*/; hm', 'hm'))).toEqual([]);
  });

  test.each([
    'SET @@session.sql_log_bin=0/*!*/;',
    "SET @@session.gtid_next='AUTOMATIC'/*!*/;",
    '/*!50003 SET @@session.sql_log_bin=0*//*!*/;',
    'use `a`; DROP DATABASE `b`/*!*/;',
    'SET @@session.sql_mode=0, @@session.sql_log_bin=0/*!*/;',
  ])('can not set the session before its statement: %s', async (line) => {
    const found = await oddOf(withText(await plain(), created, `${line}\n${created}`));
    expect(found).toContain('a statement with the delimiter of mysqlbinlog in it');
  });

  test.each([
    'sql_mode=0, GLOBAL super_read_only=0, sql_log_bin=0',
    'sql_mode=0, @@global.read_only=0',
    'sql_mode=(SELECT 1)',
    'lc_messages=shop.f(1)',
    'time_zone=@@global.init_connect',
    'gtid_seq_no=7',
  ])('can not set the server where it sets the session: %s', async (setting) => {
    const text = withText(await plain(), 'BEGIN\n/*!*/;', `SET @@session.${setting}/*!*/;\nBEGIN\n/*!*/;`);
    expect(await oddOf(text)).toContain('a statement with the delimiter of mysqlbinlog in it');
  });

  test('can not set the session anew in the text of a statement, which is longer then than what is printed of it', async () => {
    const text = withText(await plain(), 'BEGIN\n/*!*/;', 'SET @@session.sql_mode=1048576/*!*/;\nBEGIN\n/*!*/;');
    expect(await oddOf(text)).toEqual(['a statement with a line that looks like a setting']);
    const other = withText(
      await mariadb(),
      'CREATE TABLE drill.extra',
      'SET @@session.sql_mode=1/*!*/;\nCREATE TABLE drill.extra',
    );
    expect(await oddOf(other)).toContain('a statement with a line that looks like a setting');
  });

  test('can not say that its statements begin elsewhere than they do', async () => {
    const text = await plain();
    const moved = text.replace('09 5f 0a 6b  13 00 0d 00', '09 5f 0a 6b  13 00 2c 00');
    expect(moved).not.toBe(text);
    expect(await oddOf(moved)).toEqual(['a description of the format that no server writes']);
  });

  const [noEscapes, sjis] = [
    (text: string) => text.replace('sql_mode=1168113696', 'sql_mode=1169162272'),
    (text: string) => text.replaceAll(/character_set_client=\d+/g, 'character_set_client=13'),
  ];
  const as = (text: string) => text;
  test.each([
    [
      'by a backslash that ends a string',
      noEscapes,
      "INSERT INTO a VALUES ('\\'); COMMIT; GRANT ALL ON *.* TO x; -- ')",
    ],
    ['by a letter that ends with a backslash', sjis, "INSERT INTO a VALUES ('\u0083\\'); GRANT ALL ON *.* TO x; -- ')"],
    ['between quotes of two kinds', as, `INSERT INTO a VALUES ("'"); GRANT ALL ON *.* TO x; -- "'"`],
    ['between quotes of comments', as, "INSERT INTO a VALUES (1) /* ' */; GRANT ALL ON *.* TO x /* ' */"],
    ['between quotes behind #', as, "INSERT INTO a VALUES (1) # '\n; GRANT ALL ON *.* TO x # '"],
    ['in a comment of a version', as, "INSERT INTO a VALUES (1) /*!99999 ' */; GRANT ALL ON *.* TO x /*!99999 ' */"],
    ['behind a string that names a routine', as, "CREATE TABLE a (b INT COMMENT ' EVENT '); GRANT ALL ON *.* TO x"],
    ['behind a savepoint', as, 'SAVEPOINT a; GRANT ALL ON *.* TO x'],
    ['behind a beginning', as, 'BEGIN; GRANT ALL ON *.* TO x'],
    ['as commands of the client', as, 'DELIMITER ;\nGRANT ALL ON *.* TO x'],
    ['as all of a comment of a version', as, '/*!40000 SET sql_log_bin=0 */'],
    ['of more than 64 KiB', as, `INSERT INTO a VALUES (1)\n${'#\n'.repeat(32_768)};GRANT ALL ON *.* TO x`],
  ])('can not hide a statement %s', async (_, session, statement) => {
    expect(await oddOf(session(withText(await plain(), created, statement)))).not.toEqual([]);
  });

  test.each([
    "INSERT INTO a VALUES ('it\\'s; b', \"c;'d\") /* e; */",
    '/*!40000 ALTER TABLE `a` DISABLE KEYS */',
    "CREATE DEFINER=`a;b`@`%` TRIGGER c BEFORE INSERT ON d FOR EACH ROW BEGIN SET NEW.e = ';'; END",
    "CREATE TABLE a (b DATE COMMENT ';') /*!50100 PARTITION BY LIST (b) (PARTITION c VALUES IN ('2026-11-28')) */",
  ])('may hold a statement as servers log them: %s', async (statement) => {
    expect(await oddOf(withText(await plain(), created, statement))).toEqual([]);
  });

  test.each([
    'SET @@session.sql_mode=0/*!*/;',
    '/*!50000 DROP DATABASE b*/;',
    'SET @`a`:=1, GLOBAL read_only=0/*!*/;',
    "SET @@SESSION.GTID_NEXT= 'AUTOMATIC'; DROP DATABASE b /*!*/;",
  ])('can not name a table so that a line of it is run: %s', async (line) => {
    const text = (await plain()).replace('Table_map: `drill`.`extra`', () => `Table_map: \`drill\`.\`a\n${line}`);
    expect(await oddOf(text)).toContain('a line that no event of this kind has');
  });

  test('can not put a comment behind the end of its statement that the server runs', async () => {
    const found = await oddOf(
      (await plain()).replace(created, () => `${created}\n/*!*/;\n/*!50003 SET GLOBAL read_only=0*/;`),
    );
    expect(found).toContain('a statement that ends more than once');
  });

  test.each([
    'UPDATE mysql# \n.user SET a=1',
    'UPDATE mysql-- \n.user SET a=1',
    'UPDATE mysql\r.user SET a=1',
    'UPDATE `mysql`/*!50000 .*/user SET a=1',
    "UPDATE (SELECT '\\' a) b, mysql.user c SET c.d='Y'",
  ])('is an account where it names a table of the server in other ways: %s', async (statement) => {
    const noEscapes = (await plain()).replace('sql_mode=1168113696', 'sql_mode=1169162272');
    const lines = await said("log_events x 0 26699 '' a:a", withText(noEscapes, created, statement));
    expect(lines.find((line) => line.startsWith('tx\t0\t28109'))?.split('\t')[7]).toBe('account');
  });

  test('is data where a string alone names a table of the server', async () => {
    const text = withText(await plain(), created, "INSERT INTO `a` VALUES ('b@mysql.example')");
    const lines = await said("log_events x 0 26699 '' a:a", text);
    expect(lines.find((line) => line.startsWith('tx\t0\t28109'))?.split('\t')[7]).toBe('statement');
  });

  test.each([
    ['rows', (text: string) => text.replaceAll('INSERT INTO `drill`.`extra`', 'INSERT INTO `mysql`.`global_priv`')],
    [
      'a statement',
      (text: string) =>
        text.replace("INSERT INTO drill.extra VALUES (9,'", "INSERT INTO /* a */ `mysql` . user VALUES (9,'"),
    ],
  ])('is an account where it changes those of the server as %s', async (_, change) => {
    const count = async (text: string) =>
      (await said("log_events x 0 26699 '' a:a", text)).filter((line) => line.split('\t')[7] === 'account').length;
    expect(await count(change(await plain()))).toBeGreaterThan(await count(await plain()));
  });
});

describe('a compressed transaction', () => {
  const packed = () => source('test/fixtures/mysql-9.7/mysqlbinlog-packed.txt');
  const found = async (text: string) =>
    (await said("log_events x 0 198 '' a:a", text)).filter((line) => !line.startsWith('range'));

  test('is listed by its rows', async () => {
    const [, first] = await found(await packed());
    expect(first?.split('\t').slice(7)).toEqual(['rows', '0', '2', '1', '0', 'pk', 'pk.t', '-']);
    expect((await found(await packed())).some((line) => line.startsWith('odd'))).toBe(false);
  });

  test.each(['DROP DATABASE b', 'SET @@session.sql_log_bin=0/*!*/;'])('can not hide %s', async (line) => {
    const text = (await packed()).replace('BEGIN\n', () => `${line}\n`);
    expect((await found(text)).map((one) => one.split('\t')[3])).toContain('a statement in a compressed transaction');
  });

  test('can not end before its end', async () => {
    const text = (await packed()).replace('BEGIN\n', () => 'BEGIN\n# End of compressed events.\nDROP DATABASE b\n');
    expect((await found(text)).some((line) => line.startsWith('odd'))).toBe(true);
  });
});

test('where the first transaction begins that is lacking, and what a log says that came before it', async () => {
  const head = await source('test/fixtures/mysql-9.7/mysqlbinlog-head.txt');
  expect(await said(`before_log x a:a`, head)).toEqual([`${uuid}:1-543`]);
  expect(await said(`first_lacking x 0 '${uuid}:1-543' a:a`, head)).toEqual([
    'range\t0\t4\t127',
    'range\t0\t198\t321',
    'start\t321',
  ]);
  const other = await source('test/fixtures/mariadb-10.11/mysqlbinlog-head.txt');
  expect(await said('before_log x a:a', other)).toEqual(['0-14-565']);
  expect(await said("first_lacking x 0 '0-14-565' a:a", other)).toEqual(['range\t0\t4\t256', 'start\t379']);
  expect(await said("first_lacking x 0 '0-14-700' a:a", other)).toEqual(['range\t0\t4\t256']);
});

describe('a MariaDB whose new primary has gone on', () => {
  test('has none of the lost numbers of the old one, although its own are later', async () => {
    const lines = await said("log_events x 0 42587 '0-2-700,0-14-58' a:a", await mariadb());
    expect(lines.filter((line) => line.startsWith('run'))).toEqual(['run\t0-14\t59\t64']);
    const unnamed = await said("log_events x 0 42587 '0-2-700' a:a", await mariadb());
    expect(unnamed.filter((line) => line.startsWith('run'))).toEqual(['run\t0-14\t55\t64']);
    const head = await source('test/fixtures/mariadb-10.11/mysqlbinlog-head.txt');
    expect(await said("first_lacking x 0 '0-2-700' a:a", head)).toContain('start\t379');
  });

  test('has all that a log says came before it: a line for each server', async () => {
    const head = await source('test/fixtures/mariadb-10.11/mysqlbinlog-head.txt');
    const two = head.replace('Gtid list [0-14-565]', 'Gtid list [0-14-565,\n# 0-2-570]');
    expect(await said('before_log x a:a', two)).toEqual(['0-14-565,0-2-570']);
  });
});
