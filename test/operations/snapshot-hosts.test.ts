// The hosts that have snapshots to seed from, and what commands of the inventory say of them.
import { expect, test } from 'vitest';
import type { LogicalVolume } from '../../src/host/facts.ts';
import { seenHosts, withSaid } from '../../src/operations/hosts/snapshot-hosts.ts';
import { hostNamed, pictureOf } from '../live/pictures.ts';

const picture = pictureOf('trouble');
const known = picture.hosts.map(({ host }) => host);

/** A host with one snapshot of its datadir's volume. */
function asked(name: string, change: Partial<LogicalVolume> = {}) {
  const { host, report } = hostNamed(picture, name);
  if (!report.lvm?.ok) throw new Error(`no volumes of ${name}`);
  const { volumes, datadirVolume } = report.lvm.value;
  const [like] = volumes;
  if (!like || !datadirVolume) throw new Error(`no volume of the datadir of ${name}`);
  const snapshot = {
    ...like,
    group: datadirVolume.group,
    volume: 'last-week',
    origin: datadirVolume.volume,
    kind: 'snapshot' as const,
    valid: true,
    tags: ['reseed', 'reseed-proved'],
    ...change,
  };
  return {
    host,
    target: { name, host: name, transport: 'auto' as const, sudo: false },
    inventory: { file: '', fleet: '', readOnly: false, hosts: known },
    report: { ...report, lvm: { ok: true as const, value: { ...report.lvm.value, volumes: [snapshot] } } },
  };
}

const some = (hosts: ReturnType<typeof seenHosts>) =>
  hosts.filter(({ snapshots }) => snapshots.length > 0).map(({ name }) => name);

test('only a snapshot that a seed takes its data from counts: whole, of the datadir, with its coordinates', () => {
  expect(some(seenHosts([asked('db1'), asked('db3', { valid: false })], []))).toEqual(['db1']);
  expect(some(seenHosts([asked('db1', { tags: ['reseed'] }), asked('db3', { origin: 'home' })], []))).toEqual([]);
});

test('what a command says is told apart: it makes no host one that reseed has not seen', () => {
  const { host } = hostNamed(picture, 'db3');
  const by = 'commands.snapshotHosts of db1';
  const all = withSaid(
    seenHosts([asked('db1'), asked('db2', { valid: false })], []),
    [{ by, names: ['db1', host.ssh.host, 'old9'] }],
    known,
  );
  expect(
    all.map(({ name, snapshots, saidBy, host: one }) => [name, snapshots.length, saidBy, one !== undefined]),
  ).toEqual([
    ['db1', 1, [by], true],
    ['db2', 0, [], true],
    ['db3', 0, [by], true],
    ['old9', 0, [by], false],
  ]);
});
