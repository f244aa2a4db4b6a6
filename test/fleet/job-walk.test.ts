// Jobs on real hosts whose runner is killed between any two of its acts. Every other fault is walked by `npm run test:walk`.
import { expect, test } from 'vitest';
import { reseed } from './fleet.ts';
import { usesHosts } from './uses.ts';

// The source of the server that is restarted only has to be there.
usesHosts('db5', 'db6');

test('a runner killed between any two of its acts is followed by one that ends the job, or takes back what it made', async () => {
  const walk = ['node', 'test/walk/walk.ts', '--quick'];
  const { stdout, stderr, exitCode } = await reseed(['drill', 'exec', '--', ...walk]);
  // Below a table stands what is left of which cell.
  const tables = stdout.replaceAll(/^ {2}\d+ .*$/gm, '');
  expect({ exitCode, cells: tables.match(/ (done|undone|left \d+)\b/g)?.length }, stdout + stderr).toEqual({
    exitCode: 0,
    cells: 35,
  });
}, 900_000);
