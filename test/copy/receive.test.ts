// What a target takes from a donor that sends less than it should: seed-receive.sh itself, fed by hand.
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scriptText } from '../../src/scripts/script.ts';

let base: string;
const known = () => join(base, 'known');
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reseed-receive-'));
  for (const folder of ['new', 'known', 'known/tasks', 'known/landed']) await mkdir(join(base, folder));
  for (const task of [1, 2, 3]) {
    await writeFile(join(known(), 'tasks', String(task)), `r\t600\t${(task - 1) * 10}\t10\tibdata1\n`);
  }
});
afterEach(() => rm(base, { recursive: true }));

async function sent(words: string, input: string) {
  const receive = ['-c', await scriptText('seed-receive'), 'seed-receive.sh', join(base, 'new'), known()];
  return execa('sh', receive, { env: { SSH_ORIGINAL_COMMAND: words }, input, reject: false });
}
const landed = () => readdir(join(known(), 'landed'));

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
  await writeFile(join(known(), 'landed', '2'), '');
  const { exitCode } = await sent('tasks none 2', '0123456789');
  expect(exitCode).toBe(1);
  expect(await landed()).toEqual([]);
});

test.each(['tasks none ../1', 'tasks none 4', 'tasks', 'task 1 none'])('%s is refused', async (words) => {
  const { exitCode } = await sent(words, '0123456789whole 1\n');
  expect(exitCode).toBe(3);
  expect(await landed()).toEqual([]);
});
