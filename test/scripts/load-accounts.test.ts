// The statements by which a new server gets the accounts of a dump (load-accounts.sh).
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';

let base: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reseed-accounts-'));
});
afterEach(() => rm(base, { recursive: true, force: true }));

async function said(call: string): Promise<string[]> {
  const fragment = await readFile(new URL('../../src/scripts/load-accounts.sh', import.meta.url), 'utf8');
  return (await execa('sh', ['-c', `${fragment}\n${call}`], { cwd: base })).stdout.split('\n');
}

const hex = (text: string) => Buffer.from(text).toString('hex').toUpperCase();
const prepared = (statement: string) => [
  `SET @reseed = CONVERT(0x${hex(statement)} USING utf8mb4);`,
  'PREPARE reseed FROM @reseed;',
  'EXECUTE reseed;',
];

test("an account reseed_load of the donor's own stays: the job's has its key in its name", async () => {
  const key = '9f3a4c219f3a4c21';
  const made = 'CREATE USER `reseed_load`@`localhost` ACCOUNT UNLOCK';
  await writeFile(join(base, 'told'), `sum 1 2\naccount\t${hex(made)}\n`);
  const own = `'reseed_load_${key}'@'localhost'`;
  const [creates] = await said(`loader_sql ${key}`);
  expect(creates).toContain(`CREATE USER ${own};`);
  expect(await said(`accounts_sql others told; end_of_loader ${key}`)).toEqual([
    ...prepared(made),
    `DROP USER ${own}; SHUTDOWN;`,
  ]);
});

test('root of the new server goes as every other account, and comes from the donor, as it is there', async () => {
  for (const vendor of ['mysql', 'mariadb']) expect((await said(`others_of ${vendor}`)).join('')).not.toContain('root');
  const root = 'CREATE USER `root`@`localhost`';
  await writeFile(join(base, 'told'), `account\t${hex(root)}\n`);
  expect(await said('accounts_sql installs told; accounts_sql others told; end_of_loader 9f')).toEqual([
    ...prepared(root),
    "DROP USER 'reseed_load_9f'@'localhost'; SHUTDOWN;",
  ]);
});

test('accounts of the donor are made before its rows, locked and with all privileges: views over views of them were refused', async () => {
  const names = [
    '`app`@`%`',
    '`o\'d "d x`@`10.%`',
    '``@`localhost`',
    "'a\\\\b c'@'h'",
    '"x""y z"@"%"',
    '`root`@`localhost`',
  ];
  const own = ['`mysql.sys`@`localhost`', '`mariadb.sys`@`localhost`'];
  const statements = [...own, ...names].map((name) => `CREATE USER ${name} IDENTIFIED WITH 'p' AS 'h' REQUIRE NONE`);
  const told = [...statements, 'GRANT ALL ON *.* TO `b`@`%`', 'CREATE ROLE `r`'];
  await writeFile(join(base, 'told'), told.map((statement) => `account\t${hex(statement)}\n`).join(''));
  expect(await said('placeholders told')).toEqual(
    names.flatMap((name) => [
      ...prepared(`CREATE USER IF NOT EXISTS ${name} ACCOUNT LOCK`),
      ...prepared(`GRANT ALL ON *.* TO ${name}`),
    ]),
  );
});

test("no text of the donor's is a statement of the client", async () => {
  const root = 'CREATE USER `root`@`localhost` IDENTIFIED VIA unix_socket';
  const two = 'GRANT USAGE ON *.* TO `a`@`%`;\nGRANT ALL ON *.* TO `a`@`%`';
  const library = "CREATE FUNCTION `sum2` RETURNS REAL SONAME 'sum2.so'";
  const none = "CREATE FUNCTION `s` RETURNS REAL SONAME 's.so'; GRANT ALL ON *.* TO `a`@`%`; SET @a = 's.so'";
  const component = "INSTALL COMPONENT 'file://component_validate_password'";
  const told = [root, two, library, none, component].map((statement) => `account\t${hex(statement)}\n`).join('');
  await writeFile(join(base, 'told'), told);
  expect(await said('accounts_sql installs told; accounts_sql others told; end_of_loader 9f')).toEqual([
    ...[...prepared(root), ...prepared(two), `${library};`, ...prepared(none), `${component};`],
    "DROP USER 'reseed_load_9f'@'localhost'; SHUTDOWN;",
  ]);
});

test('accounts and roles that a dump made do not stay: each is dropped by one statement', async () => {
  const [mysql, mariadb] = [await said('others_of mysql'), await said('others_of mariadb')];
  for (const [first = ''] of [mysql, mariadb]) expect(first).toMatch(/^SELECT HEX\(/);
  // A name like mysql.x is none of the server's own.
  expect(mysql.join('')).toContain("NOT IN ('mysql.sys', 'mysql.session', 'mysql.infoschema')");
  expect(mariadb.join('')).toContain("is_role = 'Y', CONCAT('DROP ROLE '");
  const drop = "DROP USER 'a;\nb'@'%'";
  expect(await said(`printf '${hex(drop)}\\nDROP DATABASE x\\n' | drops`)).toEqual(prepared(drop));
});

/** As MySQL 8.0 answers SHOW GRANTS FOR root@localhost (its manual, "Static Versus Dynamic Privileges"), in part. */
const old = (privileges: string) => `GRANT ${privileges} ON *.* TO \`root\`@\`localhost\` WITH GRANT OPTION`;

test('an account of MySQL 8.0 with SET_USER_ID comes to an 8.4: the whole dump was lost for it at its end', async () => {
  const statics = old('SELECT, CREATE TEMPORARY TABLES, SUPER');
  const role = 'GRANT `a_b`@`%` TO `root`@`localhost`';
  const told = [statics, old('BACKUP_ADMIN,SET_USER_ID,XA_RECOVER_ADMIN'), old('VERSION_TOKEN_ADMIN'), role];
  await writeFile(join(base, 'told'), told.map((statement) => `account\t${hex(statement)}\n`).join(''));
  await writeFile(
    join(base, 'grantable'),
    'Select\nBACKUP_ADMIN\nXA_RECOVER_ADMIN\nSET_ANY_DEFINER\nALLOW_NONEXISTENT_DEFINER\n',
  );
  expect(await said('accounts_sql others told grantable 2>&1')).toEqual([
    'no VERSION_TOKEN_ADMIN, which this server does not know: `root`@`localhost` WITH GRANT OPTION',
    ...prepared(statics),
    ...prepared(old('BACKUP_ADMIN, SET_ANY_DEFINER, ALLOW_NONEXISTENT_DEFINER, XA_RECOVER_ADMIN')),
    ...prepared(role),
  ]);
  // A server that knows it keeps it.
  await writeFile(join(base, 'grantable'), 'BACKUP_ADMIN\nSET_USER_ID\nXA_RECOVER_ADMIN\nVERSION_TOKEN_ADMIN\n');
  const kept = await said('accounts_sql others told grantable 2>&1');
  expect(kept).toEqual([
    ...prepared(statics),
    ...prepared(old('BACKUP_ADMIN, SET_USER_ID, XA_RECOVER_ADMIN')),
    ...prepared(old('VERSION_TOKEN_ADMIN')),
    ...prepared(role),
  ]);
});
