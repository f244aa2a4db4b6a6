// A host's note of how its server replicated before it was reattached: statements, which an undo runs.
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { namedWords } from '../../src/scripts/named-words.ts';
import { scriptText } from '../../src/scripts/script.ts';

let base: string;
let job: string;
const unit = 'reseed-test';
const note = () => `/var/lib/reseed/before/${job}-${unit}`;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reseed-reattach-'));
  job = `t${process.pid}${Date.now()}`;
  await mkdir(join(base, 'bin'));
  const client = `#!/bin/sh
[ ! -e "$0.refuses" ] || { cat >/dev/null; echo 'ERROR 2002 (HY000): down' >&2; exit 1; }
for sql in "$@"; do :; done
case $sql in
  'SELECT @@GLOBAL.read_only') cat "$0.mode" 2>/dev/null || echo 1 ;;
  'SHOW REPLICA STATUS')
    source=$(cat "$0.source" 2>/dev/null || echo 'db1 3306')
    [ "$source" = none ] || printf 'Source_Host\\tSource_Port\\tChannel_Name\\nold1\\t1\\tch2\\n%s\\t%s\\t\\n' \${source% *} \${source#* } ;;
  *) cat >"$0.told" ;;
esac
`;
  await writeFile(join(base, 'bin', 'mysql'), client);
  await chmod(join(base, 'bin', 'mysql'), 0o755);
});
afterEach(async () => {
  for (const of of ['', '.starts', '.of', '.changing']) await rm(`${note()}${of}`, { force: true });
  await rm(base, { recursive: true });
});

const said = async (verb: string, words: Readonly<Record<string, string>>, input = '') =>
  execa(
    'sh',
    ['-c', await scriptText('seed-reattach'), 'seed-reattach.sh', verb, ...namedWords({ unit, job, ...words })],
    {
      env: { PATH: `${join(base, 'bin')}:${process.env.PATH}` },
      input,
      reject: false,
    },
  );
const noted = (input: string) =>
  said('note', { restore: 'CHANGE TO {host}, {password};', receive: 'START IO;', apply: 'START SQL;' }, input);
const changing = async () => {
  await now('source', 'db2 3306');
  return said('changing', { source: 'db2 3306' });
};
const undone = () => said('undo', { defaults_file: '', socket: '', channels: 'SHOW REPLICA STATUS' });
/** What the server says by now. */
const now = (what: 'mode' | 'source', text: string) => writeFile(join(base, 'bin', `mysql.${what}`), text);
const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
const unnoted = 'how it replicated before is not noted: it was not changed, or stays as it is';
const told = () => readFile(join(base, 'bin', 'mysql.told'), 'utf8');

test('an undo says what was noted first, starts only the threads that ran, and forgets it', async () => {
  expect(await noted("readonly 1\nport 3306\nhost db1\npassword it's\nreceives yes\napplies no\n")).toMatchObject({
    exitCode: 0,
  });
  expect(await noted('host db9\npassword new\nreceives yes\napplies yes\n')).toMatchObject({ stdout: 'noted before' });
  expect((await stat(note())).mode & 0o777).toBe(0o600);
  expect(await changing()).toMatchObject({ exitCode: 0 });
  expect(await undone()).toMatchObject({ exitCode: 0, stdout: 'its replication is as it was before' });
  expect(await told()).toBe("SET SESSION sql_mode = '';\nCHANGE TO 'db1', 'it''s'; START IO;\n");
  await expect(stat(note())).rejects.toThrow('ENOENT');
});

test('an undo of a server that is down keeps the note for another one', async () => {
  await noted('readonly 1\nport 3306\nhost db1\npassword x\nreceives yes\napplies yes\n');
  await changing();
  await writeFile(join(base, 'bin', 'mysql.refuses'), '');
  expect(await undone()).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('ERROR 2002 (HY000): down') });
  await rm(join(base, 'bin', 'mysql.refuses'));
  expect(await undone()).toMatchObject({ exitCode: 0 });
  expect(await told()).toContain("CHANGE TO 'db1', 'x'; START IO; START SQL;");
});

test('before its source was changed, an undo starts its threads and keeps its relay logs', async () => {
  await noted('readonly 1\nport 3306\nhost db1\npassword x\nreceives yes\napplies yes\n');
  expect(await undone()).toMatchObject({ exitCode: 0, stdout: 'its replication is as it was before' });
  expect(await told()).toBe("SET SESSION sql_mode = '';\nSTART IO; START SQL;\n");
  await expect(stat(`${note()}.starts`)).rejects.toThrow('ENOENT');
});

test('nor is anything said to a server that stood, and was not changed', async () => {
  await noted('readonly 1\nport 3306\nhost db1\npassword x\nreceives no\napplies no\n');
  expect(await undone()).toMatchObject({ exitCode: 0 });
  await expect(told()).rejects.toThrow('ENOENT');
});

test('a change of what is not noted is refused', async () => {
  expect(await changing()).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('is not noted') });
});

test('where nothing was noted, or it was forgotten, an undo says nothing to the server', async () => {
  expect(await undone()).toMatchObject({ exitCode: 0, stdout: unnoted });
  await noted('readonly 1\nport 3306\nhost db1\npassword x\n');
  expect(await said('forget', {})).toMatchObject({ exitCode: 0 });
  expect(await undone()).toMatchObject({ exitCode: 0, stdout: unnoted });
  await expect(told()).rejects.toThrow('ENOENT');
});

test('a value that is not there is noted nowhere', async () => {
  expect(await noted('host db1\n')).toMatchObject({ exitCode: 64, stderr: 'no value came for password' });
  await expect(stat(note())).rejects.toThrow('ENOENT');
});

describe('a server that is no longer as the job left it', () => {
  beforeEach(async () => {
    await noted('readonly 1\nport 3306\nhost db1\npassword x\nreceives yes\napplies yes\n');
    await changing();
  });
  const left = (why: string) => ({ exitCode: 0, stdout: `${why}: its replication and read_only are left as they are` });

  test.each([
    ['promoted', { mode: '0' }, 'it takes writes by now, and not by this job'],
    [
      'promoted, without a source',
      { mode: '0', source: 'none' },
      'it replicates from no host by now, and not by this job',
    ],
    ['pointed elsewhere', { source: 'db9 3306' }, 'it replicates from db9 3306 by now, and not by this job'],
    [
      'pointed to another server of that host',
      { source: 'db2 3307' },
      'it replicates from db2 3307 by now, and not by this job',
    ],
  ] as const)('was %s: an undo of the reattachment made it a replica of its old source again', async (_, says, why) => {
    for (const [what, text] of Object.entries(says)) await now(what as keyof typeof says, text);
    expect(await undone()).toMatchObject(left(why));
    await expect(told()).rejects.toThrow('ENOENT');
    for (const of of ['', '.starts', '.of', '.changing']) expect(await isThere(`${note()}${of}`)).toBe(false);
  });

  test('and whose change did not come about is made what it was', async () => {
    await now('source', 'db1 3306');
    expect(await undone()).toMatchObject({ exitCode: 0, stdout: 'its replication is as it was before' });
    expect(await told()).toContain("CHANGE TO 'db1', 'x';");
  });
});

test('before its source was changed, the threads of a server that was promoted meanwhile stay as they are', async () => {
  await noted('readonly 1\nport 3306\nhost db1\npassword x\nreceives yes\napplies yes\n');
  await now('mode', 'OFF');
  expect((await undone()).stdout).toContain('it takes writes by now');
  await expect(told()).rejects.toThrow('ENOENT');
});

test('one that had no source, and none by now, is said its statements', async () => {
  await noted('readonly 0\nhost \npassword x\nreceives no\napplies no\n');
  await changing();
  await now('source', 'none');
  await now('mode', '0');
  expect(await undone()).toMatchObject({ exitCode: 0, stdout: 'its replication is as it was before' });
});
