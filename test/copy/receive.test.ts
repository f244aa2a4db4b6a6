// What a target takes from a donor that sends less than it should: seed-receive.sh itself, fed by hand.
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Receiving, receiving } from './receiving.ts';

let target: Receiving;
beforeEach(async () => {
  target = await receiving();
  const ranges = [1, 2, 3].map((task) => `${task}\tr\t640\t${(task - 1) * 10}\t10\tibdata1`);
  await target.list([...ranges, 'end\t3\t1\t30']);
});
afterEach(() => target.end());
const sent = (words: string, input: string) => target.sent(words, input);
const landed = () => readdir(join(target.known, 'landed'));

test('ranges land one after the other', async () => {
  const { stdout, exitCode } = await sent('tasks none 1 3', '0123456789whole 1\nabcdefghijwhole 3\n');
  expect({ stdout, exitCode }).toEqual({ stdout: 'landed 1\nlanded 3', exitCode: 0 });
  expect(await landed()).toEqual(['1', '3']);
});

test('a range that is cut short does not land with the bytes of the next in it', async () => {
  const input = '0123456789whole 1\nabcdewhole 2\n0123456789whole 3\n';
  const { stdout, stderr, exitCode } = await sent('tasks none 1 2 3', input);
  expect({ stdout, stderr, exitCode }).toEqual({ stdout: 'landed 1', stderr: 'task 2 came cut short', exitCode: 1 });
  expect(await landed()).toEqual(['1']);
});

test('nor does one whose end did not come, and one that had landed before has not any more', async () => {
  await writeFile(join(target.known, 'landed', '2'), '');
  const { exitCode } = await sent('tasks none 2', '0123456789');
  expect(exitCode).toBe(1);
  expect(await landed()).toEqual([]);
});

test.each(['tasks none ../1', 'tasks none 4', 'tasks', 'task 1 none'])('%s is refused', async (words) => {
  const { exitCode } = await sent(words, '0123456789whole 1\n');
  expect(exitCode).toBe(3);
  expect(await landed()).toEqual([]);
});
