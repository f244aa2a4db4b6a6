// What a MySQL and a MariaDB answer about their accounts, made into statements for a new server (accounts.sh).
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);

async function said(call: string, answers: readonly string[]): Promise<string[]> {
  const fragment = await readFile(new URL('../../src/scripts/accounts.sh', import.meta.url), 'utf8');
  const text = answers.map((line) => `${line}\n`).join('');
  const env = { ...process.env, LC_ALL: 'C' };
  const { stdout } = await run('sh', ['-c', `${fragment}\nprintf %s "$1" | ${call}`, 'sh', text], { env });
  return stdout.split('\n').slice(0, -1);
}
const statementsOf = async (answers: readonly string[]) =>
  (await said('account_statements', answers)).map((line) => Buffer.from(line, 'hex').toString('utf8'));

test('an account with a default role is made without it, and keeps what stands behind it', async () => {
  const rest =
    'REQUIRE NONE PASSWORD EXPIRE DEFAULT ACCOUNT UNLOCK PASSWORD HISTORY DEFAULT PASSWORD REUSE INTERVAL DEFAULT PASSWORD REQUIRE CURRENT DEFAULT';
  const account = "`app`@`%` IDENTIFIED WITH 'caching_sha2_password' AS 0x2441243030";
  expect(
    await statementsOf([
      `CREATE USER ${account} DEFAULT ROLE \`rr\`@\`%\`,\`r2\`@\`%\` ${rest}`,
      'GRANT `rr`@`%` TO `app`@`%`',
      "ALTER USER 'app'@'%' DEFAULT ROLE 'rr'@'%'",
    ]),
  ).toEqual([
    `CREATE USER ${account} ${rest}`,
    'GRANT `rr`@`%` TO `app`@`%`',
    "ALTER USER 'app'@'%' DEFAULT ROLE 'rr'@'%'",
  ]);
});

test('an account without a password is made, and not altered: a MySQL would take that for a password that has expired', async () => {
  const made =
    "CREATE USER ``@`localhost` IDENTIFIED WITH 'caching_sha2_password' REQUIRE NONE PASSWORD EXPIRE DEFAULT";
  expect(await statementsOf([made])).toEqual([made]);
});

test('what a MariaDB grants to PUBLIC is asked for and comes along', async () => {
  expect((await said('account_queries mariadb', [])).join('\n')).toContain(
    "SELECT 'SHOW GRANTS FOR PUBLIC' FROM mysql.user",
  );
  const grant = 'GRANT SELECT ON `app`.* TO PUBLIC';
  expect(await statementsOf([grant])).toEqual([grant]);
});

test('what checks passwords is loaded behind the accounts, whose passwords it would refuse', async () => {
  for (const vendor of ['mysql', 'mariadb'])
    expect((await said(`account_queries ${vendor}`, [])).join('\n')).toMatch(
      /IF\(name REGEXP 'validate_password\|password_check' OR .*'PASSWORD VALIDATION'.*'LAST ', ''\), 'INSTALL PLUGIN/,
    );
  const component = "INSTALL COMPONENT 'file://component_validate_password'";
  expect(await statementsOf([`LAST ${component}`])).toEqual([component]);
  const dump = await readFile(new URL('../../src/scripts/seed-dump.sh', import.meta.url), 'utf8');
  const [inOrder = ''] = /^accounts\(\) \{\n.*?\n\}$/ms.exec(dump) ?? [];
  const asked =
    "printf '%s\\n' 'LAST INSTALL PLUGIN c' 'INSTALL PLUGIN a' 'SHOW GRANTS FOR u' 'ALTER USER u' >asked; echo 'CREATE USER u' >shown";
  const { stdout } = await run('sh', [
    '-c',
    `cd "$(mktemp -d)" && work=. && ${asked}\n${inOrder}\naccounts; rm asked shown; rmdir "$PWD"`,
  ]);
  expect(stdout.trim().split('\n')).toEqual([
    'INSTALL PLUGIN a',
    'CREATE USER u',
    'LAST INSTALL PLUGIN c',
    'ALTER USER u',
  ]);
});

test('what is no statement of an account is left out', async () => {
  expect(
    await statementsOf([
      'DROP DATABASE shop',
      '\\! touch /tmp/x',
      'SET GLOBAL read_only = 0',
      'GRANT USAGE ON *.* TO `a`@`%`',
    ]),
  ).toEqual(['GRANT USAGE ON *.* TO `a`@`%`']);
});

test('what stands in a name is no end of it, and what the client has escaped is as it was', async () => {
  expect(
    await statementsOf([
      "CREATE USER `x DEFAULT ROLE y`@`%` IDENTIFIED BY PASSWORD '*A' DEFAULT ROLE `r REQUIRE s`@`%` REQUIRE NONE",
      "GRANT SELECT ON `a\\\\_b`.* TO `ä``'\\\\n`@`%`",
    ]),
  ).toEqual([
    "CREATE USER `x DEFAULT ROLE y`@`%` IDENTIFIED BY PASSWORD '*A' REQUIRE NONE",
    "GRANT SELECT ON `a\\_b`.* TO `ä``'\\n`@`%`",
  ]);
});

test('a statement with a newline in a name is told by its account, and without a password', async () => {
  const told = await said('odd_statements', [
    'GRANT SELECT (`x\\ny`) ON `shop`.`o8` TO `a`@`localhost`',
    "CREATE USER `b\\tc`@`%` IDENTIFIED BY PASSWORD '*A9'",
    'GRANT EXECUTE ON PROCEDURE `shop`.`p\\\\n` TO `c`@`%`',
    'GRANT SELECT ON `s\u0001`.* TO `d`@`%`',
  ]);
  expect(told).toEqual([
    'GRANT SELECT (`x\\ny`) ON `shop`.`o8` TO `a`@`localhost`',
    'CREATE USER `b\\tc`@`%`',
    'GRANT SELECT ON `s\u0001`.* TO `d`@`%`',
  ]);
});
