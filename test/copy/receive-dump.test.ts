// What a donor sends of its dump: seed-receive.sh itself, with its input written by hand.
import { lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Receiving, receiving } from './receiving.ts';

let target: Receiving;
beforeEach(async () => {
  target = await receiving('dump');
});
afterEach(() => target.end());

const dump = 'CREATE DATABASE shop;\n-- reseed: whole\n';
const cksum = async () => (await execa('cksum', { input: dump })).stdout.trim();
const kept = (name: string) => readFile(join(target.stage, name), 'utf8');
/** Its own lines, with their sum and end. */
const told = async (lines: readonly string[]) =>
  [`sum ${await cksum()}`, ...lines, `end\t${lines.length}`].map((line) => `${line}\n`).join('');
const whole = [
  'stands\tZmlsZQ==',
  'account\t4752414E54',
  'object\t70\t9f\t39',
  'table\t73686F70\t61\t3\t99',
  'untold\t0',
];

describe('a dump', () => {
  test('is kept by root as it came, and nothing of it lies in the new data', async () => {
    const { stdout } = await target.sent('stream none', dump);
    expect(stdout).toBe(`streamed ${await cksum()}`);
    expect(await kept('dump')).toBe(dump);
    expect((await lstat(join(target.stage, 'dump'))).uid).toBe(0);
    expect(await readdir(target.arriving)).toEqual([]);
  });

  test('that is compressed is summed unpacked, and kept as it came', async () => {
    const { stdout: packed } = await execa('zstd', ['-qc'], { input: dump, encoding: 'buffer' });
    expect((await target.sent('stream zstd', packed)).stdout).toBe(`streamed ${await cksum()}`);
    expect(await kept('dump.how')).toBe(`zstd ${await cksum()}\n`);
  });

  test('that breaks off while it is unpacked is none', async () => {
    const { stdout: packed } = await execa('zstd', ['-qc'], { input: dump, encoding: 'buffer' });
    const { exitCode, stderr } = await target.sent('stream zstd', packed.subarray(0, -5));
    expect(exitCode).toBe(1);
    expect(stderr).toContain('the dump can not be unpacked');
    expect(await readdir(target.stage)).not.toContain('dump');
  });

  test('takes the place of an earlier one, and of what was said of that', async () => {
    await target.sent('stream none', 'an earlier dump');
    await target.sent('stream none', dump);
    expect((await target.sent('changed', await told(whole))).exitCode).toBe(0);
    await target.sent('stream none', dump);
    expect(await readdir(target.stage)).not.toContain('dump.told');
  });
});

describe('a disk that is too small for a dump', () => {
  const megabytes = (count: number) => Buffer.alloc(count * 1024 ** 2, 'x');
  beforeEach(async () => {
    const [from, kept] = [target.stage, join(target.base, 'kept')];
    await execa('sh', [
      '-c',
      `cp -a '${from}' '${kept}' && mount -t tmpfs -o size=16M,mode=700 tmpfs '${from}' && cp -a '${kept}/.' '${from}'`,
    ]);
  });

  // Before the folder is removed.
  afterEach(() => execa('sh', ['-c', 'umount -l "$0"', target.stage]));

  test('keeps what its running server needs', async () => {
    const { exitCode, stderr } = await target.sent('stream none', megabytes(20));
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: expect.stringMatching(/^the dump is larger than the room that is free here \(159\d{5} bytes/),
    });
    expect(await readdir(target.stage)).not.toContain('dump');
  });

  test('and is full all the same is told as that: a cut dump was taken for whole until its load', async () => {
    const bin = join(target.base, 'bin');
    await mkdir(bin);
    await writeFile(
      join(bin, 'df'),
      '#!/bin/sh\necho head; case $* in *avail,size*) echo 99999999999 99999999999 ;; *) echo 99999999999 ;; esac\n',
      { mode: 0o755 },
    );
    const { exitCode, stderr } = await target.sent('stream none', megabytes(20), {
      PATH: `${bin}:${process.env.PATH}`,
    });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: expect.stringMatching(
        /^the dump can not be kept: tee: dump.part: No space left on device; \d+ .*bytes are free in /,
      ),
    });
    expect(await readdir(target.stage)).not.toContain('dump');
  });

  test('ends a dump that is unpacked without an end: it went on for weeks', async () => {
    const { stdout: packed } = await execa('sh', ['-c', 'head -c 600M /dev/zero | zstd -qc'], { encoding: 'buffer' });
    const { exitCode, stderr } = await target.sent('stream zstd', packed);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: 'the dump has no end: unpacked it is 32 times as large as the file system here',
    });
  });
});

describe('what the donor says of its dump', () => {
  beforeEach(() => target.sent('stream none', dump));

  test('is kept where it has its form', async () => {
    const text = await told(whole);
    expect(await target.sent('changed', text)).toMatchObject({ exitCode: 0 });
    expect(await kept('dump.told')).toBe(text);
  });

  test.each([
    ['a name that is not in hexadecimal', "table\t61';DROP\t61\t3\t99"],
    ['a count that is none', 'table\t61\t61\t3; DO 1\t99'],
    ['an account that is not in hexadecimal', 'account\tGRANT USAGE ON *.* TO a'],
    ['a name of a routine that is not in hexadecimal', "object\tp'; DO 1\t9f\t39"],
    ['another kind of line', 'shell\ttouch /tmp/x'],
    ['coordinates that are no base64', 'stands\t$(id)'],
    ['coordinates for a second time', 'stands\tZmlsZQ=='],
  ])('is refused as a whole with %s', async (_, line) => {
    const { exitCode, stderr } = await target.sent('changed', await told([...whole, line]));
    expect({ exitCode, refused: stderr.includes('what the donor says at the end is refused') }).toEqual({
      exitCode: 3,
      refused: true,
    });
    expect(await readdir(target.stage)).not.toContain('dump.told');
  });

  test('is refused cut short, of another dump, and with control characters', async () => {
    const text = await told(whole);
    expect((await target.sent('changed', text.replace(/end.*\n/, ''))).stderr).toContain('it came cut short');
    expect((await target.sent('changed', text.replace(/^sum \d+/, 'sum 1'))).stderr).toContain('another checksum');
    expect((await target.sent('changed', text.replace('4752', '\x1b[2J'))).stderr).toContain('control characters');
  });
});
