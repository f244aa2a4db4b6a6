// A donor that sends less than it should: seed-receive.sh itself, with its input written by hand.
import { chmod, chown, lstat, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Receiving, receiving } from './receiving.ts';
import { account } from './staging.ts';

let target: Receiving;
beforeEach(async () => {
  target = await receiving();
  const ranges = [1, 2, 3].map((task) => `${task}\tr\t640\t${(task - 1) * 10}\t10\tibdata1`);
  await target.list([...ranges, 'end\t3\t1\t30']);
});
afterEach(() => target.end());
const sent = (words: string, input: string | Uint8Array) => target.sent(words, input);
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

describe('a range', () => {
  const written = () => join(target.arriving, 'ibdata1');
  const modeOf = async () => ((await lstat(written())).mode & 0o7777).toString(8);

  test('makes its file with the mode that is listed, whichever of them comes first', async () => {
    await sent('tasks none 2', 'abcdefghijwhole 2\n');
    expect(await modeOf()).toBe('640');
  });

  test('whose file is there with another mode gives it the one that is listed', async () => {
    await writeFile(written(), 'old');
    await chmod(written(), 0o666);
    await chown(written(), account.uid, account.gid);
    expect((await sent('tasks none 1', '0123456789whole 1\n')).stdout).toBe('landed 1');
    expect(await modeOf()).toBe('640');
  });

  test('of a file that can be run keeps that', async () => {
    await target.list(['1\tr\t755\t0\t10\tibdata1', 'end\t1\t1\t10']);
    expect((await sent('tasks none 1', '0123456789whole 1\n')).stdout).toBe('landed 1');
    expect(await modeOf()).toBe('755');
  });
});

describe('files of several tasks in one tar', () => {
  const names = ['a.ibd', 'b.ibd', 'c.ibd'];
  const tar = async (...sentNames: string[]) => {
    const made = await mkdtemp(join(tmpdir(), 'reseed-tar-'));
    try {
      for (const name of names) await writeFile(join(made, name), 'rows!'.repeat(40_000), { mode: 0o640 });
      return (await execa('tar', ['-cf', '-', '-C', made, ...sentNames], { encoding: 'buffer' })).stdout;
    } finally {
      await rm(made, { recursive: true });
    }
  };
  beforeEach(async () => {
    const files = names.map((name, index) => `${index + 1}\tf\t640\t0\t200000\t${name}`);
    expect(await target.list([...files, '4\tr\t640\t0\t5\tibdata1', 'end\t4\t4\t600005'])).toMatchObject({
      exitCode: 0,
    });
  });

  test('land one after the other', async () => {
    expect(await sent('tasks none 1 2 3', await tar(...names))).toMatchObject({
      stdout: 'landed 1\nlanded 2\nlanded 3',
      exitCode: 0,
    });
    expect(await readdir(target.known)).not.toContainEqual(expect.stringMatching(/^call-/));
  });

  test('that is cut in the second have landed as far as the first, and nothing of the others stays', async () => {
    const cut = (await tar(...names)).slice(0, 300_000);
    const { stdout, exitCode } = await sent('tasks none 1 2 3', cut);
    expect({ stdout, exitCode }).toEqual({ stdout: 'landed 1', exitCode: 1 });
    expect(await landed()).toEqual(['1']);
    expect(await readdir(target.arriving)).toEqual(['a.ibd']);
  });

  test('of which one is lacking have landed as far as the last that is known to be whole', async () => {
    const { stdout, exitCode } = await sent('tasks none 1 2 3', await tar('a.ibd', 'b.ibd'));
    expect({ stdout, exitCode }).toEqual({ stdout: 'landed 1', exitCode: 1 });
  });

  test('are not taken together with ranges', async () => {
    expect(await sent('tasks none 1 4', '')).toMatchObject({ exitCode: 3 });
  });
});
