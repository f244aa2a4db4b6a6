// A host's note of how its server replicated before it was reattached: statements, which an undo runs.
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
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
  const client = `#!/bin/sh\n[ ! -e "$0.refuses" ] || { cat >/dev/null; echo 'ERROR 2002 (HY000): down' >&2; exit 1; }\ncat >"$0.told"\n`;
  await writeFile(join(base, 'bin', 'mysql'), client);
  await chmod(join(base, 'bin', 'mysql'), 0o755);
});
afterEach(async () => {
  await rm(note(), { force: true });
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
const changing = () => said('changing', {});
const undone = () => said('undo', { defaults_file: '', socket: '' });
const told = () => readFile(join(base, 'bin', 'mysql.told'), 'utf8');

test('an undo says what was noted first, starts only the threads that ran, and forgets it', async () => {
  expect(await noted("host db1\npassword it's\nreceives yes\napplies no\n")).toMatchObject({ exitCode: 0 });
  expect(await noted('host db9\npassword new\nreceives yes\napplies yes\n')).toMatchObject({ stdout: 'noted before' });
  expect((await stat(note())).mode & 0o777).toBe(0o600);
  expect(await changing()).toMatchObject({ exitCode: 0 });
  expect(await undone()).toMatchObject({ exitCode: 0, stdout: 'its replication is as it was before' });
  expect(await told()).toBe("SET SESSION sql_mode = '';\nCHANGE TO 'db1', 'it''s'; START IO;\n");
  await expect(stat(note())).rejects.toThrow('ENOENT');
});

test('an undo of a server that is down keeps the note for another one', async () => {
  await noted('host db1\npassword x\nreceives yes\napplies yes\n');
  await changing();
  await writeFile(join(base, 'bin', 'mysql.refuses'), '');
  expect(await undone()).toMatchObject({ exitCode: 1, stderr: 'ERROR 2002 (HY000): down' });
  await rm(join(base, 'bin', 'mysql.refuses'));
  expect(await undone()).toMatchObject({ exitCode: 0 });
  expect(await told()).toContain("CHANGE TO 'db1', 'x'; START IO; START SQL;");
});

test('before its source was changed, an undo starts its threads and keeps its relay logs', async () => {
  await noted('host db1\npassword x\nreceives yes\napplies yes\n');
  expect(await undone()).toMatchObject({ exitCode: 0, stdout: 'its replication is as it was before' });
  expect(await told()).toBe("SET SESSION sql_mode = '';\nSTART IO; START SQL;\n");
  await expect(stat(`${note()}.starts`)).rejects.toThrow('ENOENT');
});

test('nor is anything said to a server that stood, and was not changed', async () => {
  await noted('host db1\npassword x\nreceives no\napplies no\n');
  expect(await undone()).toMatchObject({ exitCode: 0 });
  await expect(told()).rejects.toThrow('ENOENT');
});

test('a change of what is not noted is refused', async () => {
  expect(await changing()).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('is not noted') });
});

test('where nothing was noted, or it was forgotten, an undo says nothing to the server', async () => {
  expect(await undone()).toMatchObject({ exitCode: 0, stdout: 'its replication was not changed' });
  await noted('host db1\npassword x\n');
  expect(await said('forget', {})).toMatchObject({ exitCode: 0 });
  expect(await undone()).toMatchObject({ exitCode: 0, stdout: 'its replication was not changed' });
  await expect(told()).rejects.toThrow('ENOENT');
});

test('a value that is not there is noted nowhere', async () => {
  expect(await noted('host db1\n')).toMatchObject({ exitCode: 64, stderr: 'no value came for password' });
  await expect(stat(note())).rejects.toThrow('ENOENT');
});
