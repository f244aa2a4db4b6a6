// The donor's side of a clone (seed-clone-donor.sh), against a client that notes what it is told and answers as a server would.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scriptText } from '../../src/scripts/script.ts';
import { type CloneDonorVerb, cloneDonorWords } from '../../src/scripts/seed-clone-words.ts';

let base: string;
let job: string;

/** `only`: super_read_only; `read-only`: read_only. A file `broken` makes the next change fail before its end. */
const client = `#!/bin/sh
said=$(sed 1d)
last=
for word in "$@"; do
  [ "$last" != -e ] || said=$word
  last=$word
done
printf '%s\\n' "$said" >>"$0.said"
printf '%s\\n' "$*" >>"$0.words"
case " $* " in *' --skip-column-names '*) ;; *) echo column ;; esac
case $said in
  SHOW*super_read_only*) [ "$(cat "$0.only")" = 0 ] || echo 'super_read_only ON' ;;
  *SELECT*super_read_only*) cat "$0.only" ;;
  *SELECT*read_only*) cat "$0.read-only" ;;
  *'SELECT COUNT'*) cat "$0.plugins" ;;
  *SELECT*ssl_ca*) echo ca.pem ;;
  *SELECT*datadir*) dirname "$0" ;;
  *'SELECT CONCAT'*) echo 'KILL 28;' ;;
esac
case $said in
  *'super_read_only = OFF'*) echo 0 >"$0.only" ;;
  *'super_read_only = ON'*) echo 1 >"$0.only" ;;
  *UNINSTALL*) echo 0 >"$0.plugins" ;;
  *INSTALL*) echo 1 >"$0.plugins" ;;
esac
if [ -e "$0.broken" ]; then case $said in *CREATE*) rm "$0.broken"; echo 'ERROR 1396 (HY000) at line 2: no' >&2; exit 1 ;; esac; fi
`;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reseed-clone-'));
  job = `t${base
    .slice(-6)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '0')}`;
  await writeFile(join(base, 'mysql'), client, { mode: 0o755 });
  await writeFile(join(base, 'mysql.only'), '0\n');
  await writeFile(join(base, 'mysql.read-only'), '1\n');
  await writeFile(join(base, 'mysql.plugins'), '0\n');
  await writeFile(join(base, 'ca.pem'), 'the authority\n');
});
afterEach(async () => {
  await rm(base, { recursive: true });
  await rm(`/run/reseed/${job}`, { recursive: true, force: true });
  await rm(`/var/lib/reseed/before/${job}-clone-plugin`, { force: true });
});

async function verb(name: CloneDonorVerb, input = '') {
  const args = ['-c', await scriptText('seed-clone-donor'), 'seed-clone-donor.sh', ...cloneDonorWords(name, {}, job)];
  return await execa('sh', args, { env: { PATH: `${base}:${process.env.PATH}` }, input, reject: false });
}
const said = async () => await readFile(join(base, 'mysql.said'), 'utf8').catch(() => '');
const only = async () => (await readFile(join(base, 'mysql.only'), 'utf8')).trim();

test('the account is locked, may only clone, and goes into no binary log', async () => {
  expect((await verb('account')).exitCode).toBe(0);
  expect(await said()).toMatch(
    /sql_log_bin = 0;.*CREATE USER IF NOT EXISTS 'reseed_\w+'@'%'.*REQUIRE SSL ACCOUNT LOCK/,
  );
  expect(await said()).toContain('GRANT BACKUP_ADMIN ON *.*');
});

test('the hash of a password is in no argument, and the certificate of the authority is told', async () => {
  const { exitCode, stdout } = await verb('open', '24412430');
  expect([exitCode, stdout]).toEqual([0, 'the authority']);
  expect(await said()).toContain('AS 0x24412430 ACCOUNT UNLOCK');
  expect(await readFile(join(base, 'mysql.words'), 'utf8')).not.toContain('24412430');
});

test.each(['', "41'; DROP TABLE a", '4x'])('a hash that is none is refused: %s', async (hash) => {
  expect((await verb('open', hash)).exitCode).toBe(3);
  expect(await said()).not.toContain('ALTER USER');
});

test('a replica that is super_read_only is so again after the statement', async () => {
  await writeFile(join(base, 'mysql.only'), '1\n');
  expect((await verb('account')).exitCode).toBe(0);
  expect(await said()).toMatch(/super_read_only = OFF.*CREATE USER.*super_read_only = ON/s);
  expect(await only()).toBe('1');
});

test('a replica that is super_read_only is so again after a statement that failed', async () => {
  await writeFile(join(base, 'mysql.only'), '1\n');
  await writeFile(join(base, 'mysql.broken'), '');
  expect((await verb('account')).exitCode).toBe(1);
  expect(await only()).toBe('1');
});

/** What a verb leaves that is interrupted: it has switched super_read_only off, and noted the process of the server. */
async function interrupted(process = '') {
  await mkdir(`/run/reseed/${job}`, { recursive: true });
  await writeFile(`/run/reseed/${job}/super-read-only`, process);
}

test('a replica is super_read_only again by the verb after one that was interrupted', async () => {
  await interrupted();
  expect((await verb('remove')).exitCode).toBe(0);
  expect(await only()).toBe('1');
});

test('a donor that was promoted meanwhile keeps taking writes', async () => {
  await interrupted();
  await writeFile(join(base, 'mysql.read-only'), '0\n');
  const { exitCode, stdout } = await verb('remove');
  expect([exitCode, stdout]).toEqual([0, 'it takes writes now: super_read_only stays off']);
  expect(await said()).not.toContain('super_read_only = ON');
});

test('a donor that was restarted meanwhile has what its option files say', async () => {
  await interrupted('1 1\n');
  expect((await verb('remove')).exitCode).toBe(0);
  expect(await said()).not.toContain('super_read_only = ON');
});

test('the plugin is installed once, and removed again', async () => {
  await verb('load');
  expect(await said()).toContain("INSTALL PLUGIN clone SONAME 'mysql_clone.so'");
  const before = await said();
  await verb('load');
  expect((await said()).slice(before.length)).not.toContain('INSTALL');
  await verb('unload');
  expect((await said()).slice(before.length)).toContain('UNINSTALL PLUGIN clone');
});

test('a plugin that another has installed since the plan stays', async () => {
  await writeFile(join(base, 'mysql.plugins'), '1\n');
  await verb('load');
  expect((await verb('unload')).stdout).toBe('the plugin clone stays: the job did not install it');
  expect(await said()).not.toContain('INSTALL');
});

test('what still clones by the account is ended before it is removed', async () => {
  expect((await verb('remove')).exitCode).toBe(0);
  expect(await said()).toMatch(/KILL 28;.*DROP USER IF EXISTS 'reseed_\w+'@'%'/s);
});
