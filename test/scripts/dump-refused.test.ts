// What a dump refuses before and under its lock: seed-dump.sh itself, with a client that answers as a donor does.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scriptText } from '../../src/scripts/script.ts';
import { dumpWords } from '../../src/scripts/seed-dump-words.ts';

let base: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reseed-dump-'));
  for (const name of ['bin', 'unit', 'donor/way-t1']) await mkdir(join(base, name), { recursive: true });
  await writeFile(join(base, 'donor/total'), '1 0 1000\n');
  await writeFile(join(base, 'donor/way-t1/call'), 'exit 0\n');
});
afterEach(() => rm(base, { recursive: true, force: true }));

/** `answers`: `TEXT IN A STATEMENT=ANSWER`, a line each. */
async function refused(answers: readonly string[]): Promise<string> {
  const client = `#!/bin/sh
while IFS= read -r line; do
  while IFS== read -r text answer; do
    case $line in *"$text"*) printf '%s\\n' "$answer" ;; esac
  done <<'END'
${answers.join('\n')}
AS busy= busy: 0
REGEXP '[[:cntrl:]]'=0
END
  case $line in *'AS reseed_mark'*) echo 'reseed_mark: said' ;; *"'reseed said'"*) echo 'reseed said' ;; esac
done
`;
  for (const name of ['mariadb', 'mysql']) await writeFile(join(base, 'bin', name), client, { mode: 0o755 });
  const words = dumpWords({
    ...({ tool: 'mysqldump', vendor: 'mariadb', busySeconds: 30, compression: 'none', patienceSeconds: 5 } as const),
    ...{ lock: 'LOCKING', unlock: 'UNLOCKING', coordinates: 'COORDINATES', source: 'SOURCE', target: 't1' },
    folder: join(base, 'donor'),
  });
  const env = { PATH: `${join(base, 'bin')}:${process.env.PATH}`, RESEED_FOLDER: join(base, 'unit') };
  const args = ['-c', await scriptText('seed-dump'), 'seed-dump.sh', ...words];
  const { stdout } = await execa('sh', args, { env, reject: false, timeout: 20_000 });
  return stdout;
}

test('a table that has a history, or another engine, is refused by its name before the lock', async () => {
  const asked = "ENGINE NOT IN ('InnoDB'";
  expect(await refused([`${asked}=shop.prices (system-versioned)`])).toBe(
    'lost t1 shop.prices (system-versioned) has no read view, or a history that a dump does not have: ALTER TABLE there, or copy files (--method lvm, mariadb-backup)',
  );
  expect(await refused([`${asked}=shop.notes (MyISAM)`])).toContain('lost t1 shop.notes (MyISAM) has no read view');
});

test('temporary tables that an applier has under the lock are refused', async () => {
  expect(await refused(['_open_temp_tables=Value: 2'])).toContain(
    'lost t1 its applier has 2 temporary tables open, and a dump does not have them',
  );
});
