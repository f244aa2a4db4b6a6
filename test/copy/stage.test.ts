// What a seed does to the datadir of its target, cut off where it hurts: old data is put back whole, or the new data stays.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { scriptText } from '../../src/scripts/script.ts';

const run = promisify(execFile);
const job = '0badcafe';
let base: string;
let datadir: string;

/** The datadir is a file system of its own, of 8 MiB; of this machine's systemd nothing is asked. */
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reseed-stage-'));
  await mkdir(join(base, 'bin'));
  await symlink('/bin/true', join(base, 'bin', 'systemctl'));
  await run('mount', ['-t', 'tmpfs', '-o', 'size=8M', 'tmpfs', await made('disk')]);
  datadir = await made('disk', 'data');
  await mkdir(join(datadir, 'shop'));
  await writeFile(join(datadir, 'shop', 'orders.ibd'), 'old orders');
  await writeFile(join(datadir, 'ibdata1'), 'old');
  await stage('prepare', 'job 0badcafe of ops@jump1');
  await writeFile(join(datadir, 'RESEED_IN_PROGRESS'), '');
  await mkdir(join(arriving(), 'shop'));
  await writeFile(join(arriving(), 'shop', 'orders.ibd'), 'new orders');
  await writeFile(join(arriving(), 'ibdata1'), 'new');
});

afterEach(async () => {
  await run('umount', [join(base, 'disk')]);
  await rm(base, { recursive: true });
});

async function made(...names: string[]): Promise<string> {
  const path = join(base, ...names);
  await mkdir(path, { recursive: true });
  return path;
}
const ours = (...names: string[]) => join(datadir, `.reseed-${job}`, ...names);
const arriving = () => ours('new');

/** The exit status. */
async function stage(verb: string, ...words: string[]): Promise<number> {
  const env = { ...process.env, PATH: `${join(base, 'bin')}:${process.env.PATH}` };
  const script = await scriptText('seed-stage');
  return await run('sh', ['-c', script, 'seed-stage.sh', verb, datadir, job, ...words], { env }).then(
    () => 0,
    ({ code }) => code,
  );
}
const switched = () => stage('switch', 'root:root');
const back = () => stage('back', 'no-such-server');

/** To the last byte. */
const fill = () => run('sh', ['-c', 'cat /dev/zero >"$0" 2>/dev/null; :', join(base, 'disk', 'filler')]);
/** The table of the datadir, and all that lies in it. */
async function found() {
  const table = await readFile(join(datadir, 'shop', 'orders.ibd'), 'utf8').catch(() => 'none');
  return { table, names: (await readdir(datadir)).toSorted() };
}
const whole = (table: string) => ({ table, names: ['ibdata1', 'shop'] });

describe('on a disk that is full', () => {
  test('old and new data do not change places, and the old data is as it was', async () => {
    await fill();
    expect(await switched()).not.toBe(0);
    expect(await back()).toBe(0);
    expect(await found()).toEqual(whole('old orders'));
  });

  test('new data that is in place already gives way to the old', async () => {
    expect(await switched()).toBe(0);
    await fill();
    expect(await back()).toBe(0);
    expect(await found()).toEqual(whole('old orders'));
  });

  test('not even what is kept for undoing is left: nothing is deleted, and once there is room, the old data comes back', async () => {
    expect(await switched()).toBe(0);
    await unlink(ours('room'));
    await fill();
    expect(await back()).not.toBe(0);
    await unlink(join(base, 'disk', 'filler'));
    expect(await back()).toBe(0);
    expect(await found()).toEqual(whole('old orders'));
  });
});

test('old data that was being deleted is never put back: the new data stays', async () => {
  await switched();
  await unlink(join(datadir, 'RESEED_IN_PROGRESS'));
  await writeFile(ours('phase'), 'over\n');
  await unlink(ours('old', 'ibdata1'));
  expect(await back()).toBe(0);
  expect(await found()).toEqual(whole('new orders'));
});

test('old data that goes for good goes to the end, though it was cut off in the middle', async () => {
  await switched();
  await unlink(join(datadir, 'RESEED_IN_PROGRESS'));
  await writeFile(ours('phase'), 'over\n');
  await rm(ours('old'), { recursive: true });
  expect(await stage('drop')).toBe(0);
  expect(await stage('drop')).toBe(0);
  expect(await found()).toEqual(whole('new orders'));
});
