// Whether an account may replicate, by what SHOW GRANTS of both vendors printed (recorded; the names of accounts are shortened).
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scriptText } from '../../../src/scripts/script.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'reseed-try-'));
  // In place of the client: its version, else what the server granted. It reads the account first, as the client does.
  const client = join(folder, 'mysql');
  writeFileSync(
    client,
    `#!/bin/sh
[ "$1" != --version ] || { cat "$0.version"; exit; }
cat >"$0.read"
printenv MYSQL_TEST_LOGIN_FILE >"$0.login"
cat "$0.grants"
`,
  );
  chmodSync(client, 0o700);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function tried(version: string, grants: string) {
  writeFileSync(join(folder, 'mysql.version'), version);
  writeFileSync(join(folder, 'mysql.grants'), grants);
  return await execa('sh', ['-c', await scriptText('seed-account'), 'seed-account.sh', 'try', 'db2', '3306', 'yes'], {
    env: { PATH: `${folder}:${process.env.PATH}` },
    input: '[client]\nuser = "repl"\n',
    reject: false,
  });
}

interface Recorded {
  readonly name: string;
  readonly may: boolean;
  readonly grants: string;
}

/** `# NAME yes|no`, then what was printed. */
function recorded(file: string): Recorded[] {
  const text = readFileSync(join(import.meta.dirname, `../../fixtures/${file}/grants.txt`), 'utf8');
  return text
    .split(/^# /m)
    .filter((part) => part !== '')
    .map((part) => {
      const [, name = '', may, grants = ''] = /^(.*) (yes|no)\n([\s\S]*)$/.exec(part) ?? [];
      return { name, may: may === 'yes', grants };
    });
}

describe.each([
  ['mysql-9.7', 'mysql  Ver 9.7.4 for Linux on x86_64'],
  ['mariadb-10.11', 'mysql  Ver 15.1 Distrib 10.11.19-MariaDB'],
])('an account of a %s', (file, version) => {
  test.each(recorded(file))('that has $name: may replicate $may', async ({ may, grants }) => {
    const { exitCode, stderr, stdout } = await tried(version, grants);
    expect(exitCode).toBe(may ? 0 : 3);
    expect(stderr).toBe(
      may ? '' : 'the account can log in at db2:3306, but it may not replicate: it needs REPLICATION SLAVE ON *.*',
    );
    // A grant of MariaDB holds the hash of the password.
    expect(stdout).toBe('');
  });
});

test('the account of ~/.mylogin.cnf is not the one that is tried', async () => {
  await tried('mysql  Ver 9.7.4', 'GRANT REPLICATION SLAVE ON *.* TO `repl`@`%`');
  expect(readFileSync(join(folder, 'mysql.login'), 'utf8')).toBe('/dev/null\n');
});
