// snapshot.sh while LVM does not answer: a program takes the place of LVM's tools, and prints what each test sets.
import { randomBytes } from 'node:crypto';
import { access, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { removeWords } from '../../src/scripts/leftovers-words.ts';
import { type ScriptName, scriptText } from '../../src/scripts/script.ts';
import { type OwnWords, type SnapshotVerb, snapshotWords } from '../../src/scripts/snapshot-words.ts';
import { volumeSpaceWords } from '../../src/scripts/volume-space-words.ts';
import { readSpace } from '../../src/snapshot/space.ts';

const name = `reseed-test-${randomBytes(4).toString('hex')}`;
const coordinates = `/var/lib/reseed/snapshots/${name}`;
let base: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reseed-lvm-'));
  await mkdir('/var/lib/reseed/snapshots', { recursive: true });
  await writeFile(coordinates, 'gtid kept');
});
afterEach(async () => {
  await rm(base, { recursive: true });
  await rm(coordinates, { force: true });
});

const program = (tool: string, body: string) =>
  writeFile(join(base, tool), `#!/bin/sh\necho "${tool} $*" >>${base}/said\n${body}\n`, { mode: 0o755 });
async function ran(script: ScriptName, ...args: string[]) {
  const env = { ...process.env, PATH: `${base}:${process.env.PATH}` };
  const { exitCode, stdout, stderr } = await execa('sh', ['-c', await scriptText(script), `${script}.sh`, ...args], {
    env,
    reject: false,
  });
  return { exitCode, said: `${stdout}${stderr}` };
}
const snapshot = (verb: SnapshotVerb, own: OwnWords = { job: 'cafe0001' }) =>
  ran('snapshot', ...snapshotWords(verb, { group: 'data', volume: name, uuid: 'uuid1', origin: 'mysql' }, own));
const isKept = () =>
  access(coordinates).then(
    () => true,
    () => false,
  );

const owns: Readonly<Record<SnapshotVerb, OwnWords>> = {
  remove: { job: 'cafe0001' },
  unmount: { folder: '/mnt' },
  mount: { folder: '/mnt' },
  coordinates: { job: '' },
  copy: { job: 'cafe0002', bytes: 1000 },
  uncopy: { job: 'cafe0002' },
  restores: {},
  use: { job: '' },
  extend: { job: '', bytes: 1000 },
};

test.each(Object.keys(owns) as SnapshotVerb[])(
  '%s, while LVM fails: the snapshot is not said to be gone, and its coordinates stay',
  async (verb) => {
    await program('lvs', 'echo "  Failed to lock /run/lock/lvm" >&2; exit 5');
    await program('vgs', 'echo "  data"');
    const { exitCode, said } = await snapshot(verb, owns[verb]);
    expect({ exitCode, kept: await isKept() }).toEqual({ exitCode: 1, kept: true });
    expect(said).toContain('Failed to lock /run/lock/lvm');
    expect(said).toContain(`LVM can't tell whether there is data/${name}`);
    expect(said).not.toContain('there is no ');
  },
);

test('forget, while LVM fails: the coordinates of a snapshot that may be there stay', async () => {
  await program('lvs', 'echo "  Failed to lock /run/lock/lvm" >&2; exit 5');
  const { exitCode, said } = await ran('leftovers', ...removeWords('forget', name));
  expect({ exitCode, kept: await isKept() }).toEqual({ exitCode: 1, kept: true });
  expect(said).toContain('Failed to lock /run/lock/lvm');
});

test.each([
  ['the group has no such volume', 'echo "  mysql|u9||"', 'exit 5'],
  ['the group itself is gone', 'echo "  Volume group not found" >&2; exit 5', 'echo "  other"'],
])('remove, where %s: its coordinates go', async (_, lvs, vgs) => {
  await program('lvs', lvs);
  await program('vgs', vgs);
  expect(await snapshot('remove')).toMatchObject({ exitCode: 0 });
  expect(await isKept()).toBe(false);
});

test('remove, of the one that is meant, and of no other', async () => {
  await program('lvremove', '');
  await program('lvs', `echo "  ${name}|other|mysql|reseed,reseed-job=cafe0001|"`);
  expect(await snapshot('remove')).toMatchObject({ exitCode: 3 });
  await program('lvs', `echo "  ${name}|uuid1|mysql|reseed,reseed-job=cafe0002|"`);
  expect(await snapshot('remove')).toMatchObject({ exitCode: 3 });
  expect(await isKept()).toBe(true);
  await program('lvs', `echo "  x|u2||reseed|"; echo "  ${name}|uuid1|mysql|reseed,reseed-job=cafe0001|"`);
  expect(await snapshot('remove')).toMatchObject({ exitCode: 0 });
  expect(await readFile(join(base, 'said'), 'utf8')).toMatch(/^lvremove --config .* --select lv_uuid=uuid1 \S+$/m);
  expect(await isKept()).toBe(false);
});

test('extend, while LVM does not tell the room of the group: nothing is called extended', async () => {
  await program(
    'lvs',
    `case "$*" in *lv_name*) echo "  ${name}|uuid1|mysql|reseed,reseed-job=cafe0001|" ;; *) echo "  500" ;; esac`,
  );
  await program('vgs', 'exit 5');
  expect(await snapshot('extend', { job: 'cafe0001', bytes: 1000 })).toMatchObject({ exitCode: 1 });
});

test('the room of a group and of a thin pool is told as LVM has it; while LVM fails, none is told', async () => {
  const space = (pool?: string) => ran('volume-space', ...volumeSpaceWords({ group: 'data', pool }));
  await program('vgs', 'echo "  10737418240|1073741824"');
  await program('lvs', 'echo "  twi-aotz--|4294967296|84.12|9.50"');
  expect(readSpace((await space()).said, { group: 'data' })).toEqual({ sizeBytes: 10 * 2 ** 30, freeBytes: 2 ** 30 });
  expect(readSpace((await space('pool')).said, { group: 'data', pool: 'pool' })).toEqual({
    sizeBytes: 4 * 2 ** 30,
    freeBytes: Math.round(4 * 2 ** 30 * 0.1588),
    metadataPercent: 9.5,
  });
  await program('lvs', 'echo "  Failed to lock /run/lock/lvm" >&2; exit 5');
  const { exitCode, said } = await space('pool');
  expect([exitCode, readSpace(said, { group: 'data', pool: 'pool' })]).toEqual([1, undefined]);
  expect(said).toContain("LVM can't tell how full data/pool is");
  await program('vgs', 'exit 5');
  expect((await space()).exitCode).toBe(1);
});

// A plan of an older reseed has the folder as the inventory wrote it.
test.each(['snaps//reseed-x', 'snaps/./reseed-x/', 'link/reseed-x'])(
  'a snapshot that was mounted on %s is unmounted: it was "mounted elsewhere" for every abort, and filled on the donor',
  async (written) => {
    await mkdir(join(base, 'snaps', 'reseed-x'), { recursive: true });
    await symlink(join(base, 'snaps'), join(base, 'link'));
    const folder = join(await realpath(base), 'snaps', 'reseed-x');
    await program('lvs', `echo "  ${name}|uuid1|mysql|reseed,reseed-job=cafe0001|"`);
    // As the kernel names it, until it is unmounted.
    await program('findmnt', `grep -qx 'umount ${folder}' ${base}/said || echo ${folder}`);
    await program('umount', '');
    expect(await snapshot('unmount', { folder: `${base}/${written}` })).toEqual({ exitCode: 0, said: '' });
    expect((await readFile(join(base, 'said'), 'utf8')).split('\n')).toContain(`umount ${folder}`);
    await expect(access(folder)).rejects.toThrow('ENOENT');
  },
);

test('a snapshot that is mounted where it is to be, through a link, is not mounted again', async () => {
  await mkdir(join(base, 'snaps', 'reseed-x'), { recursive: true });
  await symlink(join(base, 'snaps'), join(base, 'link'));
  const folder = join(await realpath(base), 'snaps', 'reseed-x');
  await program('lvs', `echo "  ${name}|uuid1|mysql|reseed,reseed-job=cafe0001|"`);
  await program('lvchange', '');
  await program('findmnt', `echo ${folder}`);
  expect(await snapshot('mount', { folder: `${base}/link/reseed-x` })).toEqual({ exitCode: 0, said: '' });
  expect(await snapshot('mount', { folder: `${base}/other` })).toMatchObject({
    exitCode: 3,
    said: expect.stringContaining(`is mounted already: ${folder}`),
  });
  expect(await snapshot('unmount', { folder: `${base}/other` })).toMatchObject({ exitCode: 3 });
});

/** What was done to volumes and devices, without the settings of LVM. */
const done = async () =>
  (await readFile(join(base, 'said'), 'utf8'))
    .split('\n')
    .filter((line) => /^(lvcreate|lvremove|lvchange|dmsetup)/.test(line))
    .map((line) => line.replace(/--config .*? \} global \{[^}]*\} /, ''));

test('a copy of a thin snapshot is a thin one of it, has marks by which it is found again, and is not mounted by its UUID after a power cut', async () => {
  await program('lvcreate', '');
  await program('lvs', `echo "  ${name}|uuid1|mysql|reseed|pool"`);
  expect(await snapshot('copy', { job: 'cafe0002', bytes: undefined })).toEqual({ exitCode: 0, said: '' });
  expect(await done()).toEqual([
    `lvcreate -qq -y -n reseed-cafe0002-copy --addtag reseed --addtag reseed-job=cafe0002 --addtag reseed-copy -s -ky -K data/${name}`,
  ]);
});

test('a copy of another job is removed by its own name alone, and no other volume that is called so', async () => {
  await program('lvremove', '');
  await program(
    'lvs',
    `case "$*" in *pool_lv*) echo "  ${name}|uuid1|mysql|reseed|" ;; *) echo "  reseed-cafe0002-copy|uuid2|reseed,reseed-job=cafe0002" ;; esac`,
  );
  expect(await snapshot('uncopy', { job: 'cafe0002' })).toMatchObject({ exitCode: 3 });
  await program(
    'lvs',
    `case "$*" in *pool_lv*) ;; *) echo "  reseed-cafe0002-copy|uuid2|reseed,reseed-job=cafe0002,reseed-copy" ;; esac`,
  );
  expect(await snapshot('uncopy', { job: 'cafe0002' })).toEqual({ exitCode: 0, said: '' });
  expect((await done()).join()).toMatch(/--select lv_uuid=uuid2 data$/);
});

test('a copy that a job left goes with reseed clean, although LVM knows it as no snapshot', async () => {
  await program('lvremove', '');
  await program(
    'lvs',
    `case "$*" in *pool_lv*) echo "  reseed-cafe0002-copy|uuid2||reseed,reseed-job=cafe0002,reseed-copy|" ;; *) echo "  reseed-cafe0002-copy|uuid2|reseed,reseed-job=cafe0002,reseed-copy" ;; esac`,
  );
  const left = { group: 'data', volume: 'reseed-cafe0002-copy', uuid: 'uuid2', origin: '' };
  expect(await ran('snapshot', ...snapshotWords('remove', left, { job: 'cafe0002' }))).toEqual({
    exitCode: 0,
    said: '',
  });
  expect((await done()).join()).toMatch(/--select lv_uuid=uuid2 data$/);
});

/** The exit code. */
async function marked(took: string) {
  const words = snapshotWords('restores', { group: 'data', volume: name, uuid: 'uuid1', origin: 'mysql' }, {});
  const { exitCode } = await execa('sh', ['-c', await scriptText('snapshot'), 'snapshot.sh', ...words], {
    env: { ...process.env, PATH: `${base}:${process.env.PATH}` },
    input: took,
    reject: false,
  });
  return exitCode;
}

test('a proof that found a damaged table takes the mark of an earlier one from its snapshot', async () => {
  await program('lvchange', '');
  await program('lvs', `echo "  ${name}|uuid1|mysql|reseed,reseed-restores=1:2|"`);
  expect(await marked('no\n')).toBe(0);
  expect((await done()).join()).toMatch(/^lvchange -qq --deltag reseed-restores=1:2 data\//);
  await program('lvs', `echo "  ${name}|uuid1|mysql|reseed|"`);
  expect(await marked('no\n')).toBe(0);
  expect(await done()).toHaveLength(1);
});

test('a proof leaves one mark on its snapshot, with how long it took, in the place of an older one', async () => {
  await program('lvchange', '');
  await program('lvs', `echo "  ${name}|uuid1|mysql|reseed|"`);
  expect([await marked('7 20\n'), await marked('7 x 9\n'), await marked('7 20 1795719000\n')]).toEqual([3, 3, 0]);
  expect((await done()).join()).toMatch(/^lvchange -qq --addtag reseed-restores=1795719000:7:20 data\//);
  await rm(join(base, 'said'));
  await program('lvs', `echo "  ${name}|uuid1|mysql|reseed,reseed-restores=1:2|"`);
  expect(await marked('250000 100 1795719000\n')).toBe(0);
  expect((await done()).join()).toMatch(
    /^lvchange -qq --addtag reseed-restores=1795719000:250000 --deltag reseed-restores=1:2 data\//,
  );
});
