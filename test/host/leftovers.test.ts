import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readLeftovers } from '../../src/host/leftovers/leftovers.ts';

/** Recorded from the fleet: scripts/leftovers.sh find on db3, with something of every kind on it, and on db4. */
const recorded = (name: string) => readFileSync(new URL(`../fixtures/${name}.txt`, import.meta.url), 'utf8');
const littered = recorded('mysql-9.7/leftovers');

test('everything that carries the marks of reseed is found, and what others made is not', () => {
  const found = readLeftovers(littered);
  expect(found).toMatchObject({
    locks: [{ job: '5eed0001', who: 'anna@jump2 from 10.0.0.7:51234, since 2026-11-22 19:30:47 UTC', datadir: '' }],
    elsewhere: [],
    units: [
      { job: '5eed0002', role: 'copy', running: true },
      { job: '5eed0002', role: 'receive', running: false },
    ],
    orphans: ['reseed-5eed0002-gone'],
    scraps: ['taking-5eed0001-abcdef', 'mount/empty'],
    ofSeeds: ['/srv/mysql/data/.reseed-5eed0002', '/srv/mysql/data/RESEED_IN_PROGRESS'],
    masks: ['mysql.service'],
  });
  expect(found?.volumes.map(({ volume, job, proved }) => ({ volume, job, proved }))).toEqual([
    { volume: 'reseed-5eed0001-20261122T193047Z', job: '5eed0001', proved: false },
    { volume: 'reseed-5eed0003-20261122T203047Z', job: '5eed0003', proved: true },
  ]);
  expect(found?.mounts).toEqual([
    {
      folder: '/run/reseed/mount/reseed-5eed0001-20261122T193047Z',
      device: '254:3',
      volumeUuid: 'm1UC4L-AkoK-Mzwv-ioNn-5uYb-LQWX-MelcsT',
    },
    { folder: '/run/reseed/mount/by hand', device: '254:7' },
  ]);
});

test('an account of a seed by clone is found, and no other name is taken for one', () => {
  const text = `${littered}\naccount|5eed0009\naccount|ops\naccount|5EED0009\n`;
  expect(readLeftovers(text)?.accounts).toEqual(['5eed0009']);
  expect(readLeftovers(text)?.unread).toEqual(['lines of leftovers.sh that were not understood: 2']);
});

test('a host on which reseed left nothing', () => {
  expect(readLeftovers(recorded('mariadb-10.11/leftovers-none'))).toEqual({
    locks: [],
    elsewhere: [],
    units: [],
    volumes: [],
    mounts: [],
    orphans: [],
    scraps: [],
    ofSeeds: [],
    holds: [],
    appliers: [],
    accounts: [],
    salvages: [],
    tables: [],
    masks: [],
    strange: [],
    unread: [],
  });
});

test('whether a file has lost its snapshot is not known where LVM did not tell of all volumes', () => {
  expect(readLeftovers(littered.replace('volumes|all\n', ''))?.orphans).toEqual([]);
});

test.each([
  ['unit', '5eed0002/x|copy|running'],
  ['unit', 'mount|reseed-5eed0001|over'],
  ['unit', '5eed0002|copy|running|more'],
  ['lock', 'a b|ops|'],
  ['scrap', 'mount/../../etc'],
  ['scrap', 'mount/reseed-x/y/seed'],
  ['scrap', '../etc/seed'],
  ['coordinates', '../../../etc/passwd'],
  ['hold', '../x|5eed0002'],
  ['hold', 'mysql|5eed0002;x'],
  ['seed', '/srv/mysql/data/.reseed-a b'],
  ['seed', '/srv/mysql|data/.reseed-5eed0002'],
  ['mask', 'mysql.service x'],
  ['applier', 'x/../y'],
  ['anything', 'else'],
])('a line %s|%s has not the form of any of ours: nothing is done by it, and it is said', (kind, rest) => {
  const line = `${kind}|${rest}`;
  const clean = readLeftovers(littered.replace(/^lock.*\n/, ''));
  expect(readLeftovers(littered.replace(/^lock.*/, line))).toEqual({
    ...clean,
    unread: ['lines of leftovers.sh that were not understood: 1'],
  });
});

test('rows of LVM that are not understood are not "no snapshot", and no coordinates are called lost by them', () => {
  const odd = littered.replaceAll('|reseed,reseed-job=5eed0001|', '|reseed,reseed-job=5eed0001|x|');
  expect(readLeftovers(odd)).toMatchObject({
    orphans: [],
    unread: ['rows of LVM that were not understood: 1; whether they are snapshots of reseed is not known'],
  });
  expect(readLeftovers(littered.replace('volumes|all\n', ''))?.unread).toEqual([
    'LVM did not tell all of its volumes: whether snapshots are left is not known',
  ]);
  expect(readLeftovers(littered.replace('volumes|all\n', 'volumes|none\n'))).toMatchObject({ orphans: [], unread: [] });
});

test('half an answer is no answer', () => {
  expect(readLeftovers(littered.slice(0, littered.indexOf('mount|')))).toBeUndefined();
});

test('whatever a host prints is read, or is not what the script prints; no line that is shown has a control character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const found = readLeftovers(`mount|1 2 3:4 / / rw\nlock|${text}\nseed|${text}\nmask|${text}`);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
      expect(JSON.stringify([found?.locks, found?.ofSeeds, found?.masks])).not.toMatch(/\\u00[01]|[\x00-\x1f]/);
    }),
  );
});
