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
  expect(await said(`accounts_sql ${key} told`)).toEqual([...prepared(made), `DROP USER ${own}; SHUTDOWN;`]);
});

test('root of the new server goes as every other account, and comes from the donor, as it is there', async () => {
  for (const vendor of ['mysql', 'mariadb']) expect((await said(`others_of ${vendor}`)).join('')).not.toContain('root');
  const root = 'CREATE USER `root`@`localhost`';
  await writeFile(join(base, 'told'), `account\t${hex(root)}\n`);
  expect(await said('accounts_sql 9f told')).toEqual([
    ...prepared(root),
    "DROP USER 'reseed_load_9f'@'localhost'; SHUTDOWN;",
  ]);
});

test("no text of the donor's is a statement of the client", async () => {
  const root = 'CREATE USER `root`@`localhost` IDENTIFIED VIA unix_socket';
  const two = 'GRANT USAGE ON *.* TO `a`@`%`;\nGRANT ALL ON *.* TO `a`@`%`';
  const library = "CREATE FUNCTION `sum2` RETURNS REAL SONAME 'sum2.so'";
  const none = "CREATE FUNCTION `s` RETURNS REAL SONAME 's.so'; GRANT ALL ON *.* TO `a`@`%`; SET @a = 's.so'";
  const component = "INSTALL COMPONENT 'file://component_validate_password'";
  const told = [root, two, library, none, component].map((statement) => `account\t${hex(statement)}\n`).join('');
  await writeFile(join(base, 'told'), told);
  expect(await said('accounts_sql 9f told')).toEqual([
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
