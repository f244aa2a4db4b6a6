// A seed on real hosts whose runner is killed at every place between two of its actions. At some of them another fault
// is made too, which a printed random number chooses. `npm run test:walk -- --only seed` makes every fault at every
// step.
import { expect, test } from 'vitest';
import { reseed } from './fleet.ts';
import { usesHosts } from './uses.ts';

usesHosts('db4', 'db5');

test('a seed whose runner is killed between any two of its acts, and that other faults befall, comes to its end or is taken back', async () => {
  const walk = ['node', 'test/walk/seed-walk.ts', '--quick', '--only', 'seed db4'];
  const { stdout, stderr, exitCode } = await reseed(['drill', 'exec', '--', ...walk]);
  process.stdout.write(stdout);
  // The first column is for kills; a step's name has single blanks. If another fault ended the seed before, it was
  // undone.
  const killed = stdout.match(/^\S+(?: \S+)* {2,}(?:un)?done\b/gm)?.length;
  expect({ exitCode, killed }, stdout + stderr).toEqual({ exitCode: 0, killed: 27 });
}, 1_500_000);
