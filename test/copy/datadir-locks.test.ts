// The locks of datadirs, by the script itself, with a folder of the test in place of /run/reseed.
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readLocks } from '../../src/job/lock-step.ts';
import { endLockWords, showLocksWords, takeLockWords } from '../../src/scripts/host-lock-words.ts';
import { scriptText } from '../../src/scripts/script.ts';

let base: string;
let one: string;
let other: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reseed-locks-'));
  [one, other] = [join(base, 'a data'), join(base, 'b')];
  for (const folder of [one, other, join(base, 'run')]) await mkdir(folder);
});
afterEach(() => rm(base, { recursive: true }));

async function lock(args: string[]) {
  const script = (await scriptText('host-lock')).replaceAll('/run/reseed', join(base, 'run'));
  const { exitCode, stdout, stderr } = await execa('sh', ['-c', script, 'host-lock.sh', ...args], { reject: false });
  return { exitCode, stdout, stderr };
}
const taken = (datadir: string, job = 'cafe') => lock(takeLockWords({ job, who: 'anna@jump1', datadir }));
const locks = async (datadir = '') =>
  readLocks((await lock(showLocksWords(datadir))).stdout).map(({ job, datadir: of }) => `${job} ${of}`);

describe('two servers on one host', () => {
  test('have a lock each: work on one does not keep others from the other', async () => {
    expect(await taken(one)).toMatchObject({ exitCode: 0 });
    expect(await taken(other, 'beef')).toMatchObject({ exitCode: 0 });
    expect((await locks()).toSorted()).toEqual([`beef ${other}`, `cafe ${one}`]);
    expect(await locks(other)).toEqual([`beef ${other}`]);
    await lock(endLockWords('release', { job: 'cafe', datadir: one }));
    expect(await locks()).toEqual([`beef ${other}`]);
  });

  test('and a job of both has both, and releases each by itself', async () => {
    await taken(one);
    await taken(other);
    await lock(endLockWords('release', { job: 'cafe', datadir: other }));
    expect(await locks()).toEqual([`cafe ${one}`]);
  });
});

describe('a datadir that a job works on', () => {
  test('is refused to another job, with whose it is, by a link to it too; the job itself may take it again', async () => {
    const link = join(base, 'link');
    await symlink(one, link);
    await taken(one);
    expect(await taken(one)).toMatchObject({ exitCode: 0 });
    for (const path of [one, `${one}/`, link]) {
      const { exitCode, stderr } = await taken(path, 'beef');
      expect({ exitCode, locks: readLocks(stderr) }).toEqual({
        exitCode: 3,
        locks: [{ job: 'cafe', who: expect.stringMatching(/^anna@jump1, since 20/), datadir: one }],
      });
    }
    await lock(endLockWords('break', { job: 'beef', datadir: one }));
    expect(await locks()).toEqual([`cafe ${one}`]);
    await lock(endLockWords('break', { job: 'cafe', datadir: link }));
    expect(await locks()).toEqual([]);
  });

  test('is taken by one of many that come at once', async () => {
    const jobs = Array.from({ length: 8 }, (_, index) => `job${index}`);
    const codes = await Promise.all(jobs.map(async (job) => (await taken(one, job)).exitCode));
    expect(codes.filter((code) => code === 0)).toHaveLength(1);
    expect(codes.filter((code) => code === 3)).toHaveLength(7);
    expect(await readdir(join(base, 'run'))).toHaveLength(1);
  });
});

describe('the lock of the whole host', () => {
  test('of an older build keeps others from every datadir, and is broken by the name of either', async () => {
    await writeFile(join(base, 'run/lock'), 'cafe\nanna@jump2, since noon\n');
    expect(readLocks((await taken(one, 'beef')).stderr)).toEqual([
      { job: 'cafe', who: 'anna@jump2, since noon', datadir: '' },
    ]);
    expect(await locks(other)).toEqual(['cafe ']);
    await lock(endLockWords('release', { job: 'cafe', datadir: one }));
    expect(await locks()).toEqual(['cafe ']);
    await lock(endLockWords('break', { job: 'cafe', datadir: other }));
    expect(await taken(one, 'beef')).toMatchObject({ exitCode: 0 });
  });

  test('is not to be had while a datadir is worked on', async () => {
    await taken(one);
    expect(await taken('', 'beef')).toMatchObject({ exitCode: 3 });
    await lock(endLockWords('release', { job: 'cafe', datadir: one }));
    expect(await taken('', 'beef')).toMatchObject({ exitCode: 0 });
    expect(await taken(one)).toMatchObject({ exitCode: 3 });
    await lock(endLockWords('release', { job: 'beef', datadir: '' }));
    expect(await locks()).toEqual([]);
  });
});
