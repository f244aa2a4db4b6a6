// The password of replication in statements for a MariaDB, which writes it as it is into its general log and its slow log.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { namedWords } from '../../src/scripts/named-words.ts';
import { scriptText } from '../../src/scripts/script.ts';

let base: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reseed-password-'));
  await writeFile(join(base, 'my_print_defaults'), '#!/bin/sh\n', { mode: 0o755 });
});
afterEach(() => rm(base, { recursive: true }));

const unlogged = 'SET SESSION sql_log_off = 1, SESSION slow_query_log = 0;';

/** What the client was told, session by session, and what the script said. `may`: whether its login may change that. */
async function told(sql: string, may: boolean, version = '10.11.19-MariaDB-log') {
  const client = `for word in "$@"; do :; done
case $word in 'SELECT VERSION()') echo '${version}' ;; '${unlogged}') ${may ? ':' : 'echo "ERROR 1227 (42000): Access denied" >&2; exit 1'} ;; *) cat >>"${base}/told" ;; esac`;
  await writeFile(join(base, 'mysql'), `#!/bin/sh\n${client}\n`, { mode: 0o755 });
  await rm(join(base, 'told'), { force: true });
  const words = namedWords({ defaults_file: '', socket: '/nowhere/m.sock', sql });
  const env = { PATH: `${base}:${process.env.PATH}` };
  const { stdout, stderr } = await execa('sh', ['-c', await scriptText('seed-sql'), 'seed-sql.sh', ...words], {
    env,
    input: 'password SEKRET\n',
  });
  return { stdout, stderr, statements: await readFile(join(base, 'told'), 'utf8') };
}

test('is sent in a session that logs nothing: others read these logs', async () => {
  const change = 'CHANGE MASTER TO MASTER_PASSWORD = {password}';
  const { stdout, stderr, statements } = await told(change, true);
  expect(statements).toBe(`SET SESSION sql_mode = '';\n${unlogged}CHANGE MASTER TO MASTER_PASSWORD = 'SEKRET'\n`);
  expect([stdout, stderr]).toEqual(['', '']);
});

test('is sent all the same by a login that may not do that, which is said', async () => {
  const { stdout, stderr, statements } = await told('CHANGE MASTER TO MASTER_PASSWORD = {password}', false);
  expect(statements).toBe("SET SESSION sql_mode = '';\nCHANGE MASTER TO MASTER_PASSWORD = 'SEKRET'\n");
  expect(stdout).toBe('');
  expect(stderr).toContain('! this login may not keep its statements out of the logs of a MariaDB');
});

test('what has no password is sent as it was', async () => {
  expect((await told('STOP SLAVE', true)).statements).toBe("SET SESSION sql_mode = '';\nSTOP SLAVE\n");
});

test('of a MySQL, which keeps it out itself, is sent as it was', async () => {
  const { stderr, statements } = await told('CHANGE MASTER TO MASTER_PASSWORD = {password}', false, '8.4.6');
  expect(statements).toBe("SET SESSION sql_mode = '';\nCHANGE MASTER TO MASTER_PASSWORD = 'SEKRET'\n");
  expect(stderr).toBe('');
});
