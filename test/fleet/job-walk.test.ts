// Jobs on real hosts whose runner is killed at every place between two of its actions. `npm run test:walk` makes every
// other fault.
import { expect, test } from 'vitest';
import { reseed } from './fleet.ts';
import { usesHosts } from './uses.ts';

// The source of the restarted server only has to be up.
usesHosts('db5', 'db6');

test('a runner killed between any two of its acts is followed by one that ends the job, or takes back what it made', async () => {
  const walk = ['node', 'test/walk/walk.ts', '--quick'];
  const { stdout, stderr, exitCode } = await reseed(['drill', 'exec', '--', ...walk]);
  // Below the table are the leftovers of each cell.
  const tables = stdout.replaceAll(/^ {2}\d+ .*$/gm, '');
  expect({ exitCode, cells: tables.match(/ (done|undone|left \d+)\b/g)?.length }, stdout + stderr).toEqual({
    exitCode: 0,
    cells: 35,
  });
}, 900_000);
