// A seed on real hosts whose runner is killed at every place. What else may befall one is walked by `npm run test:walk -- --only seed`.
import { expect, test } from 'vitest';
import { reseed } from './fleet.ts';

test('a seed whose runner is killed between any two of its acts comes to its end with equal checksums', async () => {
  const walk = ['node', 'test/walk/seed-walk.ts', '--quick', '--only', 'seed db4', '--faults', 'kill'];
  const { stdout, stderr, exitCode } = await reseed(['drill', 'exec', '--', ...walk]);
  process.stdout.write(stdout);
  const killed = stdout.match(/^\S.*? {2,}done ×\d/gm)?.length;
  expect({ exitCode, killed }, stdout + stderr).toEqual({ exitCode: 0, killed: 23 });
}, 1_500_000);
