// A seed on real hosts whose runner is killed in every step, at a place between two of its actions. At one of them another fault is made too.
// Which of the first seeds of test/walk/seed-pairs.ts it is, where runners are killed, and where the other fault is made,
// chooses a printed random number.
// `npm run test:walk -- --only seed` kills it between any two acts of each, and makes every fault at every step.
import { expect, test } from 'vitest';
import { drawn, randomFrom } from '../walk/random.ts';
import { drawnPairs, nameOf } from '../walk/seed-pairs.ts';
import { reseed } from './fleet.ts';
import { usesHosts } from './uses.ts';

usesHosts('db4', 'db5');

const seed = Number(process.env.RESEED_WALK_SEED ?? Date.now() % 1_000_000);
const [pair] = drawn(drawnPairs, 1, randomFrom(seed));
if (!pair) throw new Error('there is no seed to walk');

test(`${nameOf(pair)}, whose runner is killed in each of its steps, and that another fault befalls, comes to its end or is taken back`, async () => {
  const walk = ['node', 'test/walk/seed-walk.ts', '--quick', '--seed', String(seed), '--only', nameOf(pair)];
  const { stdout, stderr, exitCode } = await reseed(['drill', 'exec', '--', ...walk]);
  process.stdout.write(stdout);
  const table = stdout.slice(stdout.indexOf(nameOf(pair))).split('\n');
  const rows = table.slice(1).filter((line) => /^\S/.test(line));
  // The first column is for kills; a step's name has single blanks. If another fault ended the seed before, it was
  // undone.
  const unkilled = rows.filter((line) => !/^\S+(?: \S+)* {2,}(?:un)?done\b/.test(line));
  expect({ exitCode, unkilled }, stdout + stderr).toEqual({ exitCode: 0, unkilled: [] });
  expect(rows.length, stdout).toBeGreaterThan(15);
}, 1_500_000);
