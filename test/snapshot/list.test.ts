// Which snapshots are listed, in which order, and who made them.
import { expect, test } from 'vitest';
import type { LogicalVolume } from '../../src/host/facts.ts';
import { type HostSaid, listSnapshots } from '../../src/snapshot/list.ts';
import { hostNamed, pictureOf } from '../live/pictures.ts';

const picture = pictureOf('trouble');
const like = snapshotOf(hostNamed(picture, 'db1'));

function snapshotOf({ report }: HostSaid): LogicalVolume {
  const found = report.lvm?.ok ? report.lvm.value.volumes.find(({ kind }) => kind === 'snapshot') : undefined;
  if (!found) throw new Error('no snapshot was recorded');
  return found;
}

function withSnapshots(name: string, ...changes: Partial<LogicalVolume>[]): HostSaid {
  const { host, report } = hostNamed(picture, name);
  if (!report.lvm?.ok) throw new Error(`no volumes of ${name}`);
  const { volumes, datadirVolume } = report.lvm.value;
  const own = { group: datadirVolume?.group ?? '', origin: datadirVolume?.volume ?? '' };
  const made = changes.map((change) => ({ ...like, ...own, ...change }));
  const plain = volumes.filter(({ kind }) => kind !== 'snapshot');
  return {
    host,
    report: { ...report, lvm: { ok: true, value: { ...report.lvm.value, volumes: [...plain, ...made] } } },
  };
}

const names = (hosts: readonly HostSaid[], near?: string) =>
  listSnapshots(hosts, near).map(({ host, volume }) => `${host.name} ${volume.volume}`);

test('a datacenter is together, the near one first, however the inventory mixes them', () => {
  const hosts = ['db1', 'db3', 'db4'].map((name) => withSnapshots(name, { volume: 'one' }));
  expect(names(hosts)).toEqual(['db1 one', 'db4 one', 'db3 one']);
  expect(names(hosts, 'fra')).toEqual(['db3 one', 'db1 one', 'db4 one']);
  expect(names(hosts, 'nowhere')).toEqual(['db1 one', 'db4 one', 'db3 one']);
});

test('of a host those of its datadir come first, the newest first', () => {
  const host = withSnapshots(
    'db1',
    { volume: 'old', createdSeconds: 10 },
    { volume: 'other', origin: 'home', createdSeconds: 30 },
    { volume: 'new', createdSeconds: 20 },
  );
  expect(names([host])).toEqual(['db1 new', 'db1 old', 'db1 other']);
});

test('who made one is said: a job, reseed, or somebody else', () => {
  const host = withSnapshots(
    'db1',
    { tags: ['reseed', 'reseed-job=cafe'] },
    { tags: ['reseed'] },
    { tags: ['nightly'] },
  );
  expect(listSnapshots([host]).map(({ madeBy }) => madeBy)).toEqual([
    { kind: 'job', key: 'cafe' },
    { kind: 'reseed' },
    { kind: 'not reseed' },
  ]);
});

test("the inventory's filter leaves the others out", () => {
  const { host, report } = withSnapshots('db1', { volume: 'mysql-1' }, { volume: 'home-1' });
  const filtered = { ...host, snapshot: { ...host.snapshot, filter: 'mysql-?' } };
  expect(names([{ host: filtered, report }])).toEqual(['db1 mysql-1']);
});

test('its own snapshots are never hidden by the filter: one that is kept could fill up unseen', () => {
  const { host, report } = withSnapshots('db1', { volume: 'mine', tags: ['reseed'] }, { volume: 'nightly', tags: [] });
  const filtered = { ...host, snapshot: { ...host.snapshot, filter: 'weekly-*' } };
  expect(names([{ host: filtered, report }])).toEqual(['db1 mine']);
});
