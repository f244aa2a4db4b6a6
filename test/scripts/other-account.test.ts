// A process of another account that looks like the server of a datadir: it keeps the datadir from being free, and is asked and believed nothing.
import { chmod, chown, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scriptText } from '../../src/scripts/script.ts';
import { lookWords, whichWords } from '../../src/scripts/service-words.ts';
import { readLook } from '../../src/service/look.ts';
import { type Alone, openAlone } from '../alone.ts';

const [server, other] = [64_001, 64_002];
let base: string;
let datadir: string;
let alone: Alone;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reseed-other-'));
  datadir = join(base, 'data');
  alone = await openAlone();
  await chmod(base, 0o755);
  await mkdir(datadir);
  await chown(datadir, server, server);
  await mkdir(join(base, 'bin'));
  await copyFile('/bin/bash', join(base, 'mysqld'));
  await program(
    'systemctl',
    "case $* in *ActiveState*) echo active ;; *NRestarts*) echo 0 ;; *Job*) ;; *) echo 'success' ;; esac",
  );
  await program('journalctl', '');
  await program('mysql', 'echo asked >>"$0.asked"');
});
afterEach(async () => {
  await alone.end();
  await rm(base, { recursive: true });
});

async function program(name: string, text: string): Promise<void> {
  await writeFile(join(base, 'bin', name), `#!/bin/sh\n${text}\n`);
  await chmod(join(base, 'bin', name), 0o755);
}

const startedBy = (uid: number) => alone.start(join(base, 'mysqld'), ['-pc', 'sleep 1000 & wait'], datadir, uid);
const asked = async () => (await readFile(join(base, 'bin', 'mysql.asked'), 'utf8').catch(() => '')) !== '';

async function said(name: 'service', words: readonly string[]): Promise<string> {
  const env = { PATH: `${join(base, 'bin')}:${process.env.PATH}` };
  const { all } = await alone.run('sh', ['-c', await scriptText(name), `${name}.sh`, ...words], { env });
  return `${all}\n`;
}
const looked = async () => readLook(await said('service', lookWords({ unit: 'mysql', datadir, log: '', from: '0' })));

test('is not logged in to: it got the password of our login for MySQL, and was "ready"', async () => {
  const pid = await startedBy(other);
  // It still works there.
  expect(await looked()).toMatchObject({ process: `${pid} mysqld`, ready: false });
  expect(await asked()).toBe(false);
  expect(await said('service', whichWords(datadir))).toBe('none\n');
});

test('is not logged in to where its program is a setuid one of root', async () => {
  await chmod(join(base, 'mysqld'), 0o4755);
  await startedBy(other);
  expect(await looked()).toMatchObject({ ready: false });
  expect(await asked()).toBe(false);
});

test.each([
  ['of the owner of the datadir', server],
  ['of root, which a server is before it becomes that account', 0],
])('stands before a server %s, which is asked', async (_, uid) => {
  await startedBy(other);
  const pid = await startedBy(uid);
  expect(await looked()).toMatchObject({ process: `${pid} mysqld`, ready: true });
  expect(await asked()).toBe(true);
  expect(await said('service', whichWords(datadir))).toMatch(new RegExp(`^${pid} `));
});

test('a server in a datadir of root, which its group may write to, is asked', async () => {
  await mkdir(join(datadir, 'mysql'));
  await chown(join(datadir, 'mysql'), server, server);
  await chown(datadir, 0, server);
  await startedBy(other);
  const pid = await startedBy(server);
  expect(await looked()).toMatchObject({ process: `${pid} mysqld`, ready: true });
});
