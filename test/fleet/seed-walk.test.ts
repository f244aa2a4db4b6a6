// A seed on real hosts whose runner is killed at every place; and a drawn sample of the other faults. The draw's own seed is always the same
// one here, and printed: a draw that nobody has seen yet is for `npm run test:walk -- --only 'seed db4' --seed N`.
import { expect, test } from 'vitest';
import { reseed } from './fleet.ts';

test('a seed whose runner is killed between any two of its acts comes to its end with equal checksums; what else befalls one is survived, or all is put back', async () => {
  const walk = ['node', 'test/walk/seed-walk.ts', '--quick', '--only', 'seed db4', '--seed', '868422'];
  const { stdout, stderr, exitCode } = await reseed(['drill', 'exec', '--', ...walk]);
  process.stdout.write(stdout);
  // Below the table stands what is left of which cell.
  const table = stdout.replaceAll(/^ {2}\d+ .*$/gm, '');
  const killed = table.match(/^\S.*? {2,}done ×\d/gm)?.length;
  expect({ exitCode, killed }, stdout + stderr).toEqual({ exitCode: 0, killed: 23 });
}, 1_500_000);
