// seed-backup.sh itself on this machine, with stand-ins of the programs of a donor: its datadir is an unprivileged account's.
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { scriptText } from '../../src/scripts/script.ts';
import { backupWords } from '../../src/scripts/seed-data-words.ts';
import { account } from '../copy/staging.ts';

/** `outside` is the account's. */
export interface Donor {
  readonly base: string;
  readonly outside: string;
  program(name: string, text: string): Promise<void>;
  /** What seed-backup.sh told. */
  backedUp(words?: Partial<Parameters<typeof backupWords>[0]>): Promise<string>;
  remove(): Promise<void>;
}

export async function openDonor(): Promise<Donor> {
  const base = await mkdtemp(join(tmpdir(), 'reseed-backup-'));
  await chmod(base, 0o755);
  const outside = join(base, 'outside');
  for (const name of ['bin', 'unit', 'data', 'outside', 'donor/way-t1'])
    await mkdir(join(base, name), { recursive: true });
  for (const path of [outside, join(base, 'data')]) await chown(path, account.uid, account.gid);
  await writeFile(join(base, 'donor/total'), '1 0 1000\n');
  await writeFile(join(base, 'donor/way-t1/call'), 'cat >/dev/null; exit 1\n');
  return {
    base,
    outside,
    program: (name, text) => writeFile(join(base, 'bin', name), `#!/bin/sh\n${text}\n`, { mode: 0o755 }),
    backedUp: async (words = {}) => {
      const given = backupWords({
        ...({ tool: 'mariadb-backup', format: 'mbstream', compression: 'none', isReplica: true } as const),
        ...{ datadir: join(base, 'data'), reader: account.name, folder: join(base, 'donor'), target: 't1' },
        ...{ asksApplier: false, locksByStages: true, waitSeconds: 30, patienceSeconds: 5, ...words },
      });
      const env = { PATH: `${join(base, 'bin')}:${process.env.PATH}`, RESEED_FOLDER: join(base, 'unit') };
      const args = ['-c', await scriptText('seed-backup'), 'seed-backup.sh', ...given];
      return (await execa('sh', args, { env, stdin: 'ignore', reject: false, timeout: 30_000 })).stdout;
    },
    remove: () => rm(base, { recursive: true, force: true }),
  };
}

/** As mariadb-backup ends. */
export const completed = "echo '[00] 2026-11-28 00:31:55 completed OK!' >&2";
