// What leftovers.sh reports of a host where an account names its own files and processes as reseed would, and what its
// verbs do with given names: reseed clean acts on these lines as root.
import { randomBytes } from 'node:crypto';
import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Leftovers, readLeftovers } from '../../src/host/leftovers/leftovers.ts';
import { findWords, removeWords, unmountWords } from '../../src/scripts/leftovers-words.ts';
import { scriptText } from '../../src/scripts/script.ts';
import { account, type Staging, staging } from './staging.ts';

let here: Staging;
/** A job with another test's name: what is forged would belong to it. */
let forged: string;
beforeEach(async () => {
  here = await staging();
  forged = randomBytes(4).toString('hex');
});
afterEach(async () => {
  for (const job of [forged, here.job]) await rm(`/run/reseed/${job}`, { recursive: true, force: true });
  await here.end();
});

async function ran(args: string[]) {
  const env = { ...process.env, PATH: `${here.base}/bin:${process.env.PATH}` };
  const { exitCode, stdout, stderr } = await execa(
    'sh',
    ['-c', await scriptText('leftovers'), 'leftovers.sh', ...args],
    {
      env,
      reject: false,
    },
  );
  return { exitCode, stdout, said: `${stdout}${stderr}` };
}
async function found(): Promise<Leftovers> {
  const leftovers = readLeftovers((await ran(findWords(here.datadir))).stdout);
  if (!leftovers) throw new Error('not understood');
  return leftovers;
}
const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
const named = (leftovers: Leftovers) => JSON.stringify(leftovers).includes(forged);

test('named tables of a lost job are found, by their databases and by the notes of the job', async () => {
  const answer = `case "$*" in *reseed_*) printf 'reseed_new_${forged}\\t0\\nreseed_old_${forged}\\t2\\nreseed_new_x;y\\t1\\n' ;; esac`;
  for (const name of ['mysql', 'mariadb'])
    await writeFile(`${here.base}/bin/${name}`, `#!/bin/sh\n${answer}\n`, { mode: 0o755 });
  const tables = { job: forged, fresh: 0, old: 2 };
  expect((await found()).tables).toEqual([{ ...tables, state: 'none' }]);
  const folder = `${here.datadir}/.reseed-${forged}`;
  await mkdir(folder, { mode: 0o700 });
  for (const name of ['opened', 'olds', 'passed']) await writeFile(`${folder}/${name}`, '');
  expect((await found()).tables).toEqual([{ ...tables, state: 'passed' }]);
  for (const name of ['mysql', 'mariadb'])
    await writeFile(`${here.base}/bin/${name}`, '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  expect((await found()).tables).toEqual([{ job: forged, fresh: 'unknown', old: 'unknown', state: 'passed' }]);
});

test('what a seed noted of a server is a scrap once its folder and its hold are gone, and goes', async () => {
  const notes = ['before', 'log-from'].map((folder) => `${folder}/${forged}-mysql@prod`);
  for (const note of notes) {
    await mkdir(`/var/lib/reseed/${note}`.replace(/[/][^/]*$/, ''), { recursive: true });
    await writeFile(`/var/lib/reseed/${note}`, 'noted');
  }
  await mkdir(`${here.datadir}/.reseed-${forged}`, { mode: 0o700 });
  expect((await found()).scraps.filter((name) => name.includes(forged))).toEqual([]);
  await rm(`${here.datadir}/.reseed-${forged}`, { recursive: true });
  expect((await found()).scraps.filter((name) => name.includes(forged))).toEqual(notes);
  for (const note of notes) {
    expect(await ran(removeWords('scrap', note))).toMatchObject({ exitCode: 0, said: '' });
    expect(await isThere(`/var/lib/reseed/${note}`)).toBe(false);
  }
});

test('the note of a reattachment, which its undo needs, is kept: it was called a scrap', async () => {
  const note = `/var/lib/reseed/before/${forged}-mysql.service`;
  const all = ['', '.starts', '.of', '.changing'].map((end) => `${note}${end}`);
  await mkdir('/var/lib/reseed/before', { recursive: true });
  for (const path of all) await writeFile(path, 'noted');
  const leftovers = await found();
  expect(leftovers.scraps.filter((name) => name.includes(forged))).toEqual([]);
  expect(leftovers.ofSeeds.filter((path) => path.includes(forged))).toEqual([note]);
  expect(leftovers.unread).toEqual([]);
  for (const path of all) {
    const name = path.replace('/var/lib/reseed/', '');
    expect(await ran(removeWords('scrap', name))).toMatchObject({ exitCode: 3 });
    expect(await isThere(path)).toBe(true);
  }
  for (const path of all) await rm(path);
});

describe('a name in the datadir', () => {
  test.each([
    'unit|JOB|copy|running',
    'mount|1 2 254:9 / /run/reseed/mount/JOB rw',
    'seed|/etc/.reseed-JOB',
    'hold|mysql|JOB',
    'scrap|JOB/seed',
    'coordinates|JOB',
    'applier|JOB',
  ])('.reseed-x, a newline and %s: no such line is told', async (line) => {
    for (const end of ['\n', '\\n']) {
      // A name has no slash; the name of a folder inside a folder would have one.
      const name = `.reseed-x${end}${line.replace('JOB', forged)}`;
      await here.asAccount('mkdir -p "data/$1"', name);
    }
    const leftovers = await found();
    expect(named(leftovers)).toBe(false);
    expect(leftovers).toMatchObject({ strange: ['datadir'], unread: [] });
    expect(leftovers.ofSeeds.filter((path) => path.startsWith(here.datadir))).toEqual([]);
  });

  test.each([
    ['a link to a folder of root', 'ln -s "$2" "data/.reseed-$1"'],
    ['a link to nothing', 'ln -s /nowhere "data/.reseed-$1"'],
    ['a folder of the account', 'mkdir -m 700 "data/.reseed-$1"'],
    ['a link as the mark', 'ln -s "$2/shadow" data/RESEED_IN_PROGRESS'],
  ])('%s: it is not called what a seed left', async (_, make) => {
    await here.asAccount(make, forged, here.victim);
    const leftovers = await found();
    expect(leftovers).toMatchObject({ strange: ['datadir'] });
    expect(leftovers.ofSeeds.filter((path) => path.startsWith(here.datadir))).toEqual([]);
  });

  test('what a seed left is reported', async () => {
    expect(await here.stage.prepare()).toMatchObject({ exitCode: 0 });
    expect(await here.stage.hold()).toMatchObject({ exitCode: 0 });
    const leftovers = await found();
    expect(leftovers.ofSeeds).toEqual(
      expect.arrayContaining([`${here.datadir}/.reseed-${here.job}`, `${here.datadir}/RESEED_IN_PROGRESS`]),
    );
    expect(leftovers.strange).toEqual([]);
  });

  test('what a seed left where the server keeps files outside of its datadir is reported, and no link in its place', async () => {
    const logs = await here.otherDisk('logs', '1M');
    const redo = await here.otherDisk('redo', '1M');
    const places = [`binlog=${logs}/binlog`, `binlog-index=${logs}/binlog.index`, `redo=${redo}`];
    expect(await here.stage.prepare(...places)).toMatchObject({ exitCode: 0 });
    const left = async () => (await found()).ofSeeds.filter((path) => path.startsWith(here.base));
    const name = `.reseed-${here.job}`;
    expect(await left()).toEqual([`${here.datadir}/${name}`, `${logs}/${name}`, `${redo}/${name}`]);
    await here.asAccount('mv "$1/.reseed-$3" "$1/away" && ln -s "$2" "$1/.reseed-$3"', redo, here.victim, here.job);
    expect(await left()).toEqual([`${here.datadir}/${name}`, `${logs}/${name}`]);
  });
});

test('a process of an account that calls itself a unit of reseed is none', async () => {
  const child = execa('sleep', ['600'], {
    uid: account.uid,
    gid: account.gid,
    env: { RESEED_UNIT: `${forged}/seed` },
    reject: false,
  });
  try {
    expect(named(await found())).toBe(false);
  } finally {
    child.kill();
    await child;
  }
});

describe('an act that is given a name of no form of ours', () => {
  test.each(['mount/../JOB', 'mount/x/y/seed', 'JOB/x/seed', 'JOB/../JOB/seed', '../run/reseed/JOB/seed'])(
    'scrap %s removes nothing',
    async (name) => {
      const kept = `/run/reseed/${forged}`;
      await mkdir(`${kept}/x/seed`, { recursive: true });
      await mkdir(`${kept}/seed`);
      await writeFile(`${kept}/x/seed/key`, '');
      expect((await ran(removeWords('scrap', name.replaceAll('JOB', forged)))).exitCode).not.toBe(0);
      expect([await isThere(`${kept}/x/seed/key`), await isThere(`${kept}/seed`)]).toEqual([true, true]);
    },
  );

  test('forget removes nothing outside of the coordinates', async () => {
    const path = `${here.victim}/shadow`;
    await writeFile(`${here.base}/bin/lvs`, '#!/bin/sh\n', { mode: 0o755 });
    await mkdir('/var/lib/reseed/snapshots', { recursive: true });
    expect((await ran(removeWords('forget', `../../../..${path}`))).exitCode).not.toBe(0);
    expect(await isThere(path)).toBe(true);
  });
});

test('a mount whose way another account can lead elsewhere is left, and it is said', async () => {
  await here.asAccount('mkdir data/mounted');
  const end = await here.mounted('mounted');
  const folder = `${here.datadir}/mounted`;
  try {
    const device = (await execa('sh', ['-c', 'findmnt -n -o MAJ:MIN -M "$0"', folder])).stdout.trim();
    const { exitCode, said } = await ran(unmountWords({ folder, device }));
    expect({ exitCode, said }).toEqual({ exitCode: 3, said: expect.stringContaining(`leads to ${folder}`) });
  } finally {
    await end();
  }
});
