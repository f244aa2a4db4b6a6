// The databases that a server has by itself: a script and TypeScript say the same.
import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { ownDatabases } from '../../src/host/server/own-databases.ts';

test('a dump, a proof of rows and the opening of MEMORY tables leave out the same databases', async () => {
  const fragment = await readFile(new URL('../../src/scripts/own-databases.sh', import.meta.url), 'utf8');
  const { stdout } = await execa('sh', ['-c', `${fragment}\nprintf '%s' "$own_databases"`]);
  expect(ownDatabases).toBe(stdout);
});
