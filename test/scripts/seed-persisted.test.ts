// seed-persisted.sh with a client that keeps variables as a MySQL does: after a start without them, the values of SET
// PERSIST are set again.
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scriptText } from '../../src/scripts/script.ts';
import { laterText, seedPersistedWords } from '../../src/scripts/seed-persisted-words.ts';

const run = promisify(execFile);
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-persisted-'));
});
afterEach(() => rm(folder, { recursive: true }));

// `differing` has one name a line. SQL from standard input goes to `said`, and a variable that it sets no longer
// differs.
const client = `#!/bin/sh
here=\${0%/*}
for sql in "$@"; do :; done
case $sql in
  --force)
    cat >"$here/said"
    cp "$here/after" "$here/differing" ;;
  *"'read_only', 'super_read_only'"*) [ ! -e "$here/refuses" ] || { echo 'ERROR 1142 (42000): SELECT command denied' >&2; exit 1; }
    grep -v read_only "$here/differing" ;;
  *persisted_variables*) cat "$here/differing" ;;
esac
exit 0
`;
async function said(before: readonly string[], after: readonly string[]): Promise<string> {
  const program = join(folder, 'mysql');
  await writeFile(program, client);
  await chmod(program, 0o700);
  await writeFile(join(folder, 'differing'), `${before.join('\n')}\n`);
  await writeFile(join(folder, 'after'), after.map((one) => `${one}\n`).join(''));
  const script = await scriptText('seed-persisted');
  const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
  const { stdout } = await run('sh', ['-c', script, 'seed-persisted.sh', ...seedPersistedWords({})], { env });
  return stdout;
}

test('each is said again from what the server has written down, and none that would let it take writes', async () => {
  expect(await said(['max_connections', 'sql_mode', 'super_read_only'], [])).toBe('');
  const words = await readFile(join(folder, 'said'), 'utf8');
  expect(words).toContain("CONCAT('SET GLOBAL sql_mode = ', QUOTE(VARIABLE_VALUE))");
  expect(words).toContain("WHERE VARIABLE_NAME = 'max_connections'");
  expect(words).not.toContain('read_only');
});

test('what only a start takes is told by its name, with those that the seed holds', async () => {
  const told = await said(['init_connect', 'mysqlx_port', 'super_read_only'], ['mysqlx_port', 'super_read_only']);
  expect(laterText('db3', told)).toBe(
    'db3 has what SET PERSIST has set of mysqlx_port, super_read_only from its next restart on',
  );
});

test('a name of a hostile server is no word of a statement', async () => {
  await said(["x' , @@a = 'y", 'long_query_time'], []);
  expect(await readFile(join(folder, 'said'), 'utf8')).not.toContain('@@a =');
});

test('a login that may not see them: that it is not known is said, and the seed goes on', async () => {
  await writeFile(join(folder, 'refuses'), '');
  expect(laterText('db3', await said([], []))).toBe(
    'whether db3 has what SET PERSIST has set is not known: ERROR 1142 (42000): SELECT command denied. It has it from its next restart on',
  );
});
