// What runs on a donor when its backup begins: seed-backup.sh itself, with stand-ins of its program and of the client.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scriptText } from '../../src/scripts/script.ts';
import { backupWords } from '../../src/scripts/seed-data-words.ts';

let base: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reseed-backup-'));
  for (const name of ['bin', 'unit', 'data', 'donor/way-t1']) await mkdir(join(base, name), { recursive: true });
  await writeFile(join(base, 'donor/total'), '1 0 1000\n');
  await writeFile(join(base, 'donor/way-t1/call'), 'cat >/dev/null; exit 1\n');
});
afterEach(() => rm(base, { recursive: true, force: true }));

/** `looked`: what the server says of its statements. The words of the program, if it was begun, and what was told. */
async function backedUp(
  looked: string,
  locksByStages = false,
  socket = '',
  stays = '',
): Promise<{ words: string; told: string }> {
  const program = `echo "$*" >'${base}/words'; ${stays} echo '[00] 2026-11-28 00:31:55 completed OK!' >&2`;
  for (const [name, text] of Object.entries({ 'mariadb-backup': program, mariadb: looked, mysql: looked }))
    await writeFile(join(base, 'bin', name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  const words = backupWords({
    ...({ tool: 'mariadb-backup', format: 'mbstream', compression: 'none', isReplica: true } as const),
    ...{
      datadir: join(base, 'data'),
      reader: 'root:root',
      asksApplier: false,
      waitSeconds: 30,
      patienceSeconds: 5,
      locksByStages,
    },
    ...{ folder: join(base, 'donor'), target: 't1', ...(socket !== '' && { socket }) },
  });
  const env = { PATH: `${join(base, 'bin')}:${process.env.PATH}`, RESEED_FOLDER: join(base, 'unit') };
  const args = ['-c', await scriptText('seed-backup'), 'seed-backup.sh', ...words];
  const { stdout } = await execa('sh', args, { env, stdin: 'ignore', reject: false, timeout: 30_000 });
  return { words: await readFile(join(base, 'words'), 'utf8').catch(() => ''), told: stdout };
}

const busy = "printf '1\\t4200\\n1\\n'";

test('a backup of a busy MariaDB was not begun behind a long query, though BACKUP STAGE waits for none: its program is not told to wait, either', async () => {
  for (const looked of [busy, 'exit 1'])
    expect((await backedUp(looked, true)).words).toContain('--ftwrl-wait-timeout=0');
});

test('a backup whose lock comes at its end is not refused for what runs at its beginning, and waits then', async () => {
  for (const looked of [busy, 'exit 1']) expect((await backedUp(looked)).words).toContain('--ftwrl-wait-timeout=30');
});

test('a backup of a donor whose option files name another host asks the server of the socket', async () => {
  const { words } = await backedUp("printf '0\\tNULL\\n0\\n'", true, '/run/own.sock');
  expect(words).toContain('--host=localhost --socket=/run/own.sock');
});

test('a backup whose BACKUP STAGE waits for a change of a table is ended, and says so', async () => {
  const looked = `case "$*" in *'BACKUP STAGE%'*) echo 42 ;; *) printf '0\\tNULL\\n0\\n' ;; esac`;
  const { told } = await backedUp(looked, true, '', 'exec sleep 25;');
  expect(told).toContain('lost t1 its lock (BACKUP STAGE) waited for 42 s, and new statements behind it');
});
