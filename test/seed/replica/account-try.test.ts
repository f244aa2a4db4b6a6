// Whether an account may replicate, from recorded output of SHOW GRANTS of both vendors (names of accounts are
// shortened).
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { scriptText } from '../../../src/scripts/script.ts';
import {
  keptAccountWords,
  reachWords,
  type TryLogin,
  tryAccountWords,
} from '../../../src/scripts/seed-account-words.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'reseed-try-'));
  // Takes the place of the client: prints its version, else the server's grants. It reads the account first, as the
  // client does.
  const client = join(folder, 'mysql');
  writeFileSync(
    client,
    `#!/bin/sh
case $* in *--version) cat "$0.version"; exit ;; esac
cat >"$0.read"
printf '%s\\n' "$*" >"$0.words"
printenv MYSQL_TEST_LOGIN_FILE >"$0.login"
cat "$0.grants"
`,
  );
  chmodSync(client, 0o700);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function tried(version: string, grants: string, login: Partial<TryLogin> = {}) {
  writeFileSync(join(folder, 'mysql.version'), version);
  writeFileSync(join(folder, 'mysql.grants'), grants);
  const words = tryAccountWords({ host: 'db2', port: 3306, tls: true, verify: false, ...login });
  return await execa('sh', ['-c', await scriptText('seed-account'), 'seed-account.sh', ...words], {
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

const grant = 'GRANT REPLICATION SLAVE ON *.* TO `repl`@`%`';
const maria = 'mysql  Ver 15.1 Distrib 11.8.9-MariaDB';
const mysql = 'mysql  Ver 9.7.4';
test.each<[string, string, Partial<TryLogin>, string]>([
  ['MariaDB that does not verify', maria, {}, '--ssl --skip-ssl-verify-server-cert -e'],
  ['MariaDB that verifies', maria, { verify: true, ca: '/c a' }, '--ssl --ssl-verify-server-cert --ssl-ca=/c a -e'],
  ['MariaDB without TLS', maria, { tls: false, verify: true, ca: '/ca' }, '--batch --skip-column-names --skip-ssl -e'],
  ['MySQL', mysql, {}, '--ssl-mode=REQUIRED -e'],
  [
    'MySQL with a CA',
    mysql,
    { ca: '/ca', cert: '/c', key: '/k' },
    '--ssl-mode=VERIFY_CA --ssl-ca=/ca --ssl-cert=/c --ssl-key=/k -e',
  ],
  ['MySQL that verifies', mysql, { verify: true, capath: '/ca' }, '--ssl-mode=VERIFY_IDENTITY --ssl-capath=/ca -e'],
])(
  'the login of a %s is tried as the replica will make it: another one was proved',
  async (_, version, login, wanted) => {
    expect((await tried(version, grant, login)).exitCode).toBe(0);
    expect(readFileSync(join(folder, 'mysql.words'), 'utf8')).toContain(` ${wanted}`);
  },
);

test('the account of ~/.mylogin.cnf is not the one that is tried', async () => {
  await tried('mysql  Ver 9.7.4', 'GRANT REPLICATION SLAVE ON *.* TO `repl`@`%`');
  expect(readFileSync(join(folder, 'mysql.login'), 'utf8')).toBe('/dev/null\n');
});

describe('an account that was kept before the data changed places', () => {
  let datadir: string;
  let file: string;
  beforeEach(() => {
    datadir = mkdtempSync(join(tmpdir(), 'reseed-kept-'));
    mkdirSync(join(datadir, '.reseed-cafe'), { mode: 0o700 });
    writeFileSync(join(datadir, '.reseed-cafe', 'job'), `cafe ${statSync(datadir).ino}\n`);
    file = join(datadir, '.reseed-cafe', 'account');
  });
  afterEach(() => rmSync(datadir, { recursive: true }));

  /** The server has that of the donor by now. */
  async function said(verb: 'tell' | 'keep') {
    writeFileSync(join(folder, 'mysql.grants'), `${hex('donors')} ${hex('x')}\n`);
    const words = keptAccountWords(verb, { mysql: {}, datadir, file, channel: undefined });
    const { exitCode, stdout, stderr } = await execa(
      'sh',
      ['-c', await scriptText('seed-account'), 'seed-account.sh', ...words],
      { env: { PATH: `${folder}:${process.env.PATH}` }, input: '', reject: false },
    );
    return { exitCode, stdout, stderr };
  }
  const hex = (text: string) => Buffer.from(text).toString('hex').toUpperCase();

  test('is read from its file, and saved once', async () => {
    expect(await said('keep')).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    writeFileSync(file, `${hex('repl')}\n${hex('s3cr3t')}\n`);
    expect(await said('keep')).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect((await said('tell')).stdout).toBe(`${hex('repl')}\n${hex('s3cr3t')}`);
  });

  test('is not replaced by the one that the server has after the swap, where its file is gone', async () => {
    const gone = { exitCode: 3, stdout: '', stderr: `the account that this job kept is gone: ${file} can not be read` };
    expect(await said('tell')).toEqual(gone);
    rmSync(join(datadir, '.reseed-cafe'), { recursive: true });
    expect(await said('tell')).toEqual(gone);
  });

  test.each(['tell', 'keep'] as const)('is not looked for in a folder that another account made: %s', async (verb) => {
    chmodSync(join(datadir, '.reseed-cafe'), 0o755);
    expect(await said(verb)).toMatchObject({
      exitCode: 3,
      stdout: '',
      stderr: expect.stringContaining('is not the folder that job cafe made'),
    });
  });
});

describe('the way from a member of a set to the port of its primary', () => {
  /** The client ends with that error; none: it logged in. */
  async function reached(error: string) {
    const bin = mkdtempSync(join(folder, 'reach-'));
    writeFileSync(join(bin, 'error'), error);
    writeFileSync(
      join(bin, 'mysql'),
      `#!/bin/sh
printf '%s\\n' "$*" >"$0.words"
error=$(cat "\${0%/*}/error")
printf '%s' "$error" >&2
[ -z "$error" ]
`,
      { mode: 0o700 },
    );
    const words = reachWords({ host: '10.77.0.15', port: 3306 });
    const { exitCode, stdout, stderr } = await execa(
      'sh',
      ['-c', await scriptText('seed-account'), 'seed-account.sh', ...words],
      { env: { PATH: `${bin}:${process.env.PATH}` }, input: '', reject: false },
    );
    return { exitCode, stdout, stderr, words: readFileSync(join(bin, 'mysql.words'), 'utf8') };
  }

  test.each([
    ['that lets the account in', ''],
    [
      'that refuses the account',
      "ERROR 1045 (28000): Access denied for user 'reseed-reach'@'10.77.0.20' (using password: NO)",
    ],
    [
      'that lets no one in from there',
      "ERROR 1130 (HY000): Host '10.77.0.20' is not allowed to connect to this MariaDB server",
    ],
    ['whose certificate is not trusted', 'ERROR 2026 (HY000): TLS/SSL error: self-signed certificate'],
  ])('is open to a server %s', async (_, error) => {
    expect(await reached(error)).toMatchObject({ exitCode: 0, stdout: 'reached', stderr: '' });
  });

  test.each([
    "ERROR 2003 (HY000): Can't connect to MySQL server on '10.77.0.15:3306' (111)",
    "ERROR 2002 (HY000): Can't connect to server on '10.77.0.15' (111)",
  ])('is closed where the connection is refused: %s', async (error) => {
    expect(await reached(error)).toMatchObject({ exitCode: 0, stdout: 'closed' });
  });

  test.each([
    "ERROR 2002 (HY000): Can't connect to server on '10.77.0.15' (110)",
    "ERROR 2003 (HY000): Can't connect to MySQL server on '10.77.0.15:3306' (113)",
    "ERROR 2013 (HY000): Lost connection to server at 'reading initial communication packet', system error: 110",
  ])('does not exist where nothing answers: %s', async (error) => {
    expect(await reached(error)).toMatchObject({ exitCode: 3, stdout: '', stderr: error });
  });

  test('is tried without the account of any replica, which a failed login may lock', async () => {
    expect((await reached('')).words).toMatch(
      /^--no-defaults --user=reseed-reach --host=10\.77\.0\.15 --port=3306 --protocol=TCP /,
    );
  });
});
