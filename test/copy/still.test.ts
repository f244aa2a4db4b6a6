// The proof that a stopped server's files did not change while they were read. The datadir's account, and the owner of
// the folder around it, may be hostile.
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { scriptText } from '../../src/scripts/script.ts';
import { type StillVerb, type StillWords, seedStillWords } from '../../src/scripts/seed-still-words.ts';
import { type Staging, staging } from './staging.ts';

let here: Staging;
beforeEach(async () => {
  here = await staging();
});
afterEach(async () => {
  await rm(`/run/systemd/system/${here.unit}.service.d`, { recursive: true, force: true });
  await rm(`/run/reseed/${here.job}`, { recursive: true, force: true });
  await here.end();
});

async function still<Verb extends StillVerb>(verb: Verb, own: StillWords<Verb>) {
  const env = { ...process.env, PATH: `${here.base}/bin:${process.env.PATH}` };
  const args = ['-c', await scriptText('seed-still'), 'seed-still.sh', ...seedStillWords(verb, here, own)];
  const { exitCode, stdout, stderr } = await execa('sh', args, { env, reject: false });
  return { exitCode, said: `${stdout}${stderr}` };
}
const hold = (own: { readonly log?: string; readonly place?: readonly string[] } = {}) =>
  still('hold', { unit: here.unit, who: 'job of ops@jump1', log: own.log, place: own.place ?? [] });
const proof = () => still('proof', {});

test('a datadir that nobody touched is proved, and one with a file changed is not', async () => {
  expect(await hold()).toMatchObject({ exitCode: 0 });
  expect(await hold()).toMatchObject({ exitCode: 0 });
  expect(await proof()).toEqual({ exitCode: 0, said: '' });
  await here.asAccount('echo changed >data/shop/orders.ibd');
  expect(await proof()).toEqual({
    exitCode: 3,
    said: `${here.datadir}/shop/orders.ibd was changed while the data was read`,
  });
});

test('a unit with a later drop-in that takes back all assertions is not said to be held', async () => {
  const later = `/etc/systemd/system/${here.unit}.service.d/zzzzz-local.conf`;
  await mkdir(dirname(later), { recursive: true });
  await writeFile(later, '[Unit]\nAssertPathExists=\n');
  const { exitCode, said } = await hold();
  expect(exitCode).toBe(3);
  expect(said).toContain(`could be started while its files are read: ${later} is read after zzzz-reseed-`);
  await rename(later, later.replace('zzzzz', 'zz'));
  expect(await hold()).toEqual({ exitCode: 0, said: '' });
});

test('a server’s program that was asked what it reads, as status and the console do, spoils no proof; a file that is gone does', async () => {
  expect(await hold()).toMatchObject({ exitCode: 0 });
  // As `mysqld --verbose --help` and `mariadbd --verbose --help` do.
  await here.asAccount('echo >data/db4.lower-test; rm data/db4.lower-test');
  expect(await proof()).toEqual({ exitCode: 0, said: '' });
  await here.asAccount('echo >data/other');
  expect((await proof()).said).toContain(`${here.datadir}/other was changed`);
  await here.asAccount('rm data/other');
  expect(await proof()).toMatchObject({ exitCode: 0 });
  await here.asAccount('rm -r data/shop');
  expect(await proof()).toEqual({
    exitCode: 3,
    said: `${here.datadir} was changed while the data was read`,
  });
});

test('a hold by an earlier build, which wrote down no names, is not said to be changed data', async () => {
  expect(await hold()).toMatchObject({ exitCode: 0 });
  await rm(`/run/reseed/${here.job}/still/names`);
  expect(await proof()).toMatchObject({ exitCode: 3, said: expect.stringContaining('Go on with that build') });
});

test.each(['db4.lower-test', 'mysqld_tmp_file_case_insensitive_test.LOWER-TEST'])(
  'a server’s program that is asked at the very moment of the hold or of the proof (%s) spoils neither',
  async (name) => {
    await here.asAccount(`echo >data/${name}`);
    expect(await hold()).toMatchObject({ exitCode: 0 });
    await here.asAccount(`rm data/${name}`);
    expect(await proof()).toEqual({ exitCode: 0, said: '' });
    await here.asAccount(`echo >data/${name}`);
    expect(await proof()).toEqual({ exitCode: 0, said: '' });
    await here.asAccount(`echo >data/shop/${name}`);
    expect(await proof()).toMatchObject({ exitCode: 3, said: expect.stringContaining('was changed') });
  },
);

test('undo tablespaces outside of the datadir of a stopped donor are proved too: one changed, one new, another folder', async () => {
  await here.asAccount('mkdir undo; echo one >undo/undo_001; echo of the account >undo/notes');
  const undo = `undo=${here.disk}/undo`;
  expect(await hold({ place: [undo] })).toEqual({ exitCode: 0, said: '' });
  await here.asAccount('echo other >undo/notes');
  expect(await proof()).toEqual({ exitCode: 0, said: '' });
  await here.asAccount('echo two >>undo/undo_001');
  expect(await proof()).toEqual({
    exitCode: 3,
    said: `${here.disk}/undo/undo_001 was changed while the data was read`,
  });
  await rename(`${here.disk}/undo`, `${here.disk}/undo-before`);
  await here.asAccount('mkdir undo; echo one >undo/undo_001');
  expect((await proof()).said).toMatch(/undo is not the folder any more that job/);
});

/** A binary log that begins as MySQL and MariaDB write it, with the version of its server; flags 1: its server has it open. */
const logOf = (flags: number, version: string, magic = 0xfe) =>
  [
    magic,
    0x62,
    0x69,
    0x6e,
    1,
    1,
    1,
    1,
    15,
    14,
    0,
    0,
    0,
    252,
    0,
    0,
    0,
    0,
    1,
    0,
    0,
    flags,
    0,
    4,
    0,
    ...inFull(version),
    7,
  ]
    .map((byte) => `\\${byte.toString(8).padStart(3, '0')}`)
    .join('');
const inFull = (version: string) => [...Buffer.alloc(50).fill(version, 0, version.length)];

describe('of a binary log that a target does not get', () => {
  const [maria, mysql] = ['10.11.13-MariaDB-log', '8.4.6'];
  const held = () => hold({ log: `${here.datadir}/binlog` });

  test('the hold says where it ends, or that its server did not close it', async () => {
    await here.asAccount(
      `printf '${logOf(1, maria)}' >data/binlog.999999; printf '${logOf(0, maria)}' >data/binlog.1000000`,
    );
    await here.asAccount('printf "0-14-90\\n1-14-4\\nrubbish\\n0-15-91\\n" >data/binlog.state');
    expect(await held()).toEqual({ exitCode: 0, said: 'gtid 0-14-90,1-14-4,0-15-91' });
    await here.asAccount(`printf '${logOf(1, maria)}' >data/binlog.1000000`);
    const { exitCode, said } = await held();
    expect(exitCode).toBe(3);
    expect(said).toContain(`did not close the binary logs ${here.datadir}/binlog`);
  });

  test('a closed one of a MySQL tells no GTIDs, and needs none', async () => {
    await here.asAccount(`printf '${logOf(0, mysql)}' >data/binlog.000001`);
    expect(await held()).toEqual({ exitCode: 0, said: '' });
  });

  test.each([
    ['a MariaDB whose GTIDs beside it are gone', logOf(0, maria), /the GTIDs beside them .* could not be read now/],
    ['an encrypted log of a MySQL', logOf(0, mysql, 0xfd), /encrypted. Copy a snapshot/],
    ['a log that is cut off', 'x', /the log with the number 000001 could not be read now/],
  ])('%s is no proof, and is not said to be left open', async (_, bytes, why) => {
    await here.asAccount(`printf '${bytes}' >data/binlog.000001`);
    const { exitCode, said } = await held();
    expect(exitCode).toBe(3);
    expect(said).toMatch(why);
    expect(said).not.toContain('did not close');
  });

  test('none in its place is said', async () => {
    expect(await held()).toMatchObject({
      exitCode: 3,
      said: expect.stringContaining('there is none of the binary logs'),
    });
  });
});

test.each([
  ['a link to a folder where nothing changes', 'mv data was && ln -s "$1" data'],
  ['another folder', 'mv data was && mkdir data'],
])('files changed, and %s put where the datadir was: nothing is proved', async (_, replace) => {
  await here.asAccount('mkdir untouched');
  expect(await hold()).toMatchObject({ exitCode: 0 });
  await here.asAccount(`echo changed >data/shop/orders.ibd && ${replace}`, `${here.disk}/untouched`);
  const { exitCode, said } = await proof();
  expect(exitCode).toBe(3);
  expect(said).toContain(`another was put in its place`);
  // It is not blocked a second time as if it were the first.
  expect((await hold()).exitCode).toBe(3);
});
