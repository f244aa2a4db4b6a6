// The statements by which a new server gets the accounts of a dump (load-accounts.sh).
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';

let base: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reseed-accounts-'));
});
afterEach(() => rm(base, { recursive: true, force: true }));

async function said(call: string): Promise<string[]> {
  const fragment = await readFile(new URL('../../src/scripts/load-accounts.sh', import.meta.url), 'utf8');
  return (await execa('sh', ['-c', `${fragment}\n${call}`], { cwd: base })).stdout.split('\n');
}

test("an account reseed_load of the donor's own stays: the job's has its key in its name", async () => {
  const key = '9f3a4c219f3a4c21';
  const made = 'CREATE USER IF NOT EXISTS `reseed_load`@`localhost` ACCOUNT UNLOCK';
  await writeFile(join(base, 'told'), `sum 1 2\naccount\t${made}\n`);
  const own = `'reseed_load_${key}'@'localhost'`;
  const [creates] = await said(`loader_sql ${key}`);
  expect(creates).toContain(`CREATE USER ${own};`);
  expect(await said(`accounts_sql ${key} told`)).toEqual([
    `${made};`,
    "DROP USER IF EXISTS 'root'@'localhost';",
    `DROP USER ${own}; SHUTDOWN;`,
  ]);
});
