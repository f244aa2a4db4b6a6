// A backup stream of a replica whose applier has temporary tables open: seed-backup.sh itself, with stand-ins of its program and of the client.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
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

async function ended(open: string, asksApplier = true): Promise<string> {
  const backup = `echo '[00] 2026-11-28 00:31:54 Starting BACKUP STAGE BLOCK_COMMIT' >&2; sleep 0.3; echo stream
echo '[00] 2026-11-28 00:31:55 All tables unlocked' >&2; echo '[00] 2026-11-28 00:31:55 completed OK!' >&2`;
  for (const [name, text] of Object.entries({ 'mariadb-backup': backup, mariadb: open, mysql: open }))
    await writeFile(join(base, 'bin', name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  const words = backupWords({
    ...({ tool: 'mariadb-backup', format: 'mbstream', compression: 'none', isReplica: true } as const),
    ...{
      datadir: join(base, 'data'),
      reader: 'root:root',
      asksApplier,
      locksByStages: true,
      waitSeconds: 30,
      patienceSeconds: 5,
    },
    ...{ folder: join(base, 'donor'), target: 't1' },
  });
  const env = { PATH: `${join(base, 'bin')}:${process.env.PATH}`, RESEED_FOLDER: join(base, 'unit') };
  const args = ['-c', await scriptText('seed-backup'), 'seed-backup.sh', ...words];
  return (await execa('sh', args, { env, stdin: 'ignore', reject: false, timeout: 30_000 })).stdout;
}

test('is lost, as it is asked while writes are blocked: hours lie between that and the plan', async () => {
  const why = 'lost t1 its applier had temporary tables open';
  expect(await ended("echo 'Slave_open_temp_tables 2'")).toContain(`${why} (2) while writes were blocked`);
  expect(await ended('exit 1')).toContain(`${why} (unknown)`);
  expect(await ended('')).not.toContain(why);
  expect(await ended("echo 'Slave_open_temp_tables 2'", false)).not.toContain(why);
});
