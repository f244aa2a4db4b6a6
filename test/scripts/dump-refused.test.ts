// What a dump refuses before and under its lock: seed-dump.sh itself, with a client that answers as a donor does.
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scriptText } from '../../src/scripts/script.ts';
import { dumpWords } from '../../src/scripts/seed-dump-words.ts';

let base: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reseed-dump-'));
  for (const name of ['bin', 'unit', 'donor/way-t1']) await mkdir(join(base, name), { recursive: true });
  await writeFile(join(base, 'donor/total'), '1 0 1000\n');
  await writeFile(join(base, 'donor/way-t1/call'), 'exit 0\n');
});
afterEach(() => rm(base, { recursive: true, force: true }));

/** `answers`: `TEXT IN A STATEMENT=ANSWER`, a line each. `program`: what the dump program does. */
async function refused(
  answers: readonly string[],
  program = 'exit 1',
  blockedSeconds = 30,
  { vendor = 'mariadb', lock = 'LOCKING' }: { vendor?: 'mysql' | 'mariadb'; lock?: string } = {},
): Promise<string> {
  const client = `#!/bin/sh
printf '%s\\n' "$*" >>'${base}/clients'
answers() { while IFS= read -r line; do
  printf '%s\\n' "$line" >>'${base}/said'
  while IFS== read -r text answer; do
    case $line in *"$text"*) printf '%s\\n' "$answer" ;; esac
  done <<'END'
${answers.join('\n')}
${answers.some((one) => one.startsWith('AS busy=')) ? '' : 'AS busy= busy: 0\n'}TABLE_NAME REGEXP '[[:cntrl:]]'=0
END
  case $line in *'AS reseed_mark'*) echo '*************************** 1. row ***************************'; echo 'reseed_mark: said' ;; *"'reseed', 'said'"*) printf 'reseed\\tsaid\\n' ;; esac
done; }
case "$*" in *--xml*) answers | sed -u 's,^ *\\([A-Za-z_]*\\): \\(.*\\)$,\\t<field name="\\1">\\2</field>,' ;; *) answers ;; esac
`;
  for (const name of ['mariadb', 'mysql']) await writeFile(join(base, 'bin', name), client, { mode: 0o755 });
  for (const name of ['mariadb-dump', 'mysqldump'])
    await writeFile(join(base, 'bin', name), `#!/bin/sh\n${program}\n`, { mode: 0o755 });
  const words = dumpWords({
    ...({
      tool: 'mysqldump',
      vendor,
      busySeconds: 30,
      blockedSeconds,
      compression: 'none',
      patienceSeconds: 5,
    } as const),
    ...{ lock, unlock: 'UNLOCKING', coordinates: 'COORDINATES', source: 'SOURCE', target: 't1' },
    folder: join(base, 'donor'),
  });
  const env = { PATH: `${join(base, 'bin')}:${process.env.PATH}`, RESEED_FOLDER: join(base, 'unit') };
  const args = ['-c', await scriptText('seed-dump'), 'seed-dump.sh', ...words];
  const { stdout } = await execa('sh', args, { env, reject: false, timeout: 20_000 });
  return stdout;
}

test('a table that has a history, or another engine, is refused by its name before the lock', async () => {
  const asked = "ENGINE NOT IN ('InnoDB'";
  expect(await refused([`${asked}=shop.prices (system-versioned)`])).toBe(
    'refused t1 shop.prices (system-versioned) has no read view, or a history that a dump does not have: ALTER TABLE there, or copy files (--method lvm, mariadb-backup)',
  );
  expect(await refused([`${asked}=shop.notes (MyISAM)`])).toContain('refused t1 shop.notes (MyISAM) has no read view');
});

test('a dump is not begun while option files do not say how to log in: it was that of the server at the default socket', async () => {
  const sleeps = '#!/bin/sh\ncase " $* " in *" --show "*) exit 124 ;; esac\n';
  await writeFile(join(base, 'bin/my_print_defaults'), sleeps, { mode: 0o755 });
  expect(await refused(['SELECT SCHEMA_NAME=shop'], 'echo >>"$0.ran"')).toContain(
    'my_print_defaults did not say in its time what option files say',
  );
  await expect(access(join(base, 'bin/mariadb-dump.ran'))).rejects.toThrow('ENOENT');
});

test('a view that its server can not open is refused by its name before the lock, and so is an error of the program that a further try has as well', async () => {
  expect(await refused(["TABLE_COMMENT LIKE '%invalid%'=shop.totals"])).toBe(
    'refused t1 the server can not open shop.totals: DROP VIEW or DROP TABLE there, or mend it; or copy files (--method lvm, mariadb-backup)',
  );
  const program = (error: string) => `echo '-- Current Database: shop'; echo "${error}" >&2; exit 2`;
  expect(
    await refused(
      ['SELECT SCHEMA_NAME=shop'],
      program("Couldn't execute: View 'shop.totals' references invalid table(s)"),
    ),
  ).toMatch(/^(blocked.*\n)?refused t1 mariadb-dump ended with 2: /);
  expect(
    await refused(['SELECT SCHEMA_NAME=shop'], program('Error 2013: Lost connection to server during query')),
  ).toMatch(/^(blocked.*\n)?lost t1 mariadb-dump ended with 2: /);
});

test('what loads a table takes from sequences for it: nothing is locked there', async () => {
  await refused(['SELECT SCHEMA_NAME=shop'], `printf '%s\\n' "$*" >>'${base}/words'; exit 1`);
  expect(await readFile(join(base, 'words'), 'utf8')).toContain(' --skip-add-locks ');
});

test('a database whose name is an option of a program is refused, and no program gets it', async () => {
  const asked = ['SELECT SCHEMA_NAME=shop', 'SELECT SCHEMA_NAME=--result-file=/root/x'];
  expect(await refused(asked, `touch '${base}/ran'`)).toBe(
    'refused t1 the name of the database --result-file=/root/x begins with -: a dump program may take it for an option',
  );
  await expect(access(join(base, 'ran'))).rejects.toThrow();
});

test('names of databases come behind the end of the options', async () => {
  await refused(['SELECT SCHEMA_NAME=shop', 'SELECT SCHEMA_NAME=crm'], `printf '%s\\n' "$*" >>'${base}/words'; exit 1`);
  expect(await readFile(join(base, 'words'), 'utf8')).toMatch(/ --databases -- shop crm\n/);
});

test('the client takes no command of its own from a name that a server says', async () => {
  await refused(['_open_temp_tables=Value: 2']);
  const clients = await readFile(join(base, 'clients'), 'utf8');
  expect(clients.match(/ --skip-binary-mode /g)).toHaveLength(2);
  expect(clients.match(/ --binary-mode /g)).toHaveLength(2);
});

test('a dump that does not begin in time is ended, and gives the lock back', async () => {
  const hangs = 'exec sleep 100';
  expect(await refused(['SELECT SCHEMA_NAME=shop'], hangs, 1)).toBe(
    'lost t1 mysqldump had not begun 1 s after the lock was asked for: it was ended, and writes go on',
  );
  for (const name of ['lock-client', 'program']) {
    const [id] = (await readFile(join(base, 'unit/work', name), 'utf8')).split(' ');
    await expect
      .poll(() =>
        access(`/proc/${id}/cwd`).then(
          () => true,
          () => false,
        ),
      )
      .toBe(false);
  }
});

test('temporary tables that an applier has under the lock are refused', async () => {
  expect(await refused(['_open_temp_tables=Value: 2'])).toContain(
    'lost t1 the applier of the donor has 2 temporary tables open, and a dump does not have them',
  );
});

test('prepared XA transactions are refused under the lock: the coordinates have them, and no read view has their rows', async () => {
  expect(await refused(['XA RECOVER=    formatID: 1'])).toContain(
    'lost t1 the donor has 1 prepared XA transactions (XA RECOVER), as at each of 5 looks, and a dump does not have their rows',
  );
});

test('a donor without prepared XA transactions is dumped: the line above the answer of a session is none', async () => {
  await refused(['SELECT SCHEMA_NAME=shop'], `touch '${base}/ran'; exit 1`);
  await access(join(base, 'ran'));
});

test('an account with a newline in the name of a column it was granted is told before the lock', async () => {
  const grant = 'GRANT SELECT (`x\\ny`) ON `shop`.`o8` TO `a`@`localhost`';
  const asked = [
    "SHOW GRANTS FOR ', QUOTE(User)=SHOW GRANTS FOR 'a'@'localhost'",
    `SHOW GRANTS FOR 'a'@'localhost'=${grant}`,
  ];
  expect(await refused(asked)).toBe(
    `refused t1 a name has a control character (REVOKE this, or rename, or --method lvm): ${grant}`,
  );
  expect(await readFile(join(base, 'said'), 'utf8')).not.toContain('LOCKING');
});

test('a database with the name of the end of an answer is no end of it', async () => {
  const asked = ['SELECT SCHEMA_NAME=reseed said', 'SELECT SCHEMA_NAME=--result-file=/root/x'];
  expect(await refused(asked)).toContain('refused t1 the name of the database --result-file=/root/x begins with -');
});

test('a routine whose text a client would cut at other places is refused by its name before the lock', async () => {
  expect(await refused(['JOIN information_schema.PARAMETERS=the routine shop.p'])).toContain(
    'refused t1 the routine shop.p has text that a client would cut at other places than the server: make it anew',
  );
  expect(await readFile(join(base, 'said'), 'utf8')).not.toContain('LOCKING');
});

test('a routine of a role is refused by its name before the lock: its definer would be another account', async () => {
  const name = "the procedure 'shop' 'p' of 'ro' DEFINER";
  const hex = Buffer.from(name).toString('hex').toUpperCase();
  expect(await refused([`definer NOT LIKE '%@_%'=object\t${hex}\t9f\t31`, `CONVERT(0x${hex} USING=${name}`])).toContain(
    `refused t1 ${name}: the definer is a role, and a dump would make it an account`,
  );
  expect(await readFile(join(base, 'said'), 'utf8')).not.toContain('LOCKING');
});

test('names are told with their quotes, whatever the donor is set to, and lists are not cut', async () => {
  await refused([]);
  const clients = await readFile(join(base, 'clients'), 'utf8');
  expect(clients).toContain('sql_quote_show_create = 1, group_concat_max_len = 16777216');
});

test('a database named SYS is one of its users: names of the server are compared with their case', async () => {
  await refused(['_open_temp_tables=Value: 2']);
  const said = await readFile(join(base, 'said'), 'utf8');
  expect(said).toContain("CAST(SCHEMA_NAME AS BINARY) NOT IN ('information_schema'");
  expect(said).not.toMatch(/_SCHEMA NOT IN/);
});

test('primary keys that a MySQL made and hides come along: the tables of the target had none', async () => {
  const hides = ['SELECT SCHEMA_NAME=shop', 'my_row_id=shop.notes'];
  const program = (help: string) =>
    `case $* in *--help) echo '${help}' ;; *) printf '%s\\n' "$*" >>'${base}/words' ;; esac; exit 1`;
  await refused(hides, program('  --init-command=name SQL'), 30, { vendor: 'mysql' });
  const shown = 'SET SESSION show_gipk_in_create_table_and_information_schema = 1';
  expect(await readFile(join(base, 'words'), 'utf8')).toContain(`--init-command=${shown}`);
  expect(await readFile(join(base, 'clients'), 'utf8')).toContain(
    '/*!80030 , show_gipk_in_create_table_and_information_schema = 1 */',
  );
  await rm(join(base, 'words'));
  expect(await refused(hides, program('  --hex-blob'), 30, { vendor: 'mysql' })).toBe(
    'refused t1 shop.notes has a primary key that its server hides, and this mysqldump would leave it out: SET GLOBAL show_gipk_in_create_table_and_information_schema = ON there, or copy files (--method lvm)',
  );
  await refused(['SELECT SCHEMA_NAME=shop'], program('  --init-command=name SQL'), 30, { vendor: 'mysql' });
  expect(await readFile(join(base, 'words'), 'utf8')).not.toContain('--init-command');
});

test('a dump of a busy MariaDB was refused for a long query, though BACKUP STAGE waits for none', async () => {
  const busy = ['SELECT SCHEMA_NAME=shop', 'AS busy= busy: 1'];
  expect(await refused(busy)).toContain('lost t1 a statement runs for');
  const stages = 'BACKUP STAGE START; BACKUP STAGE BLOCK_COMMIT';
  expect(await refused(busy, 'exit 1', 30, { lock: stages })).not.toContain('a statement runs for');
  const said = await readFile(join(base, 'said'), 'utf8');
  // What bounds it.
  expect(said.indexOf('SET SESSION lock_wait_timeout = 5')).toBeGreaterThan(-1);
  expect(said).toContain(stages);
});
