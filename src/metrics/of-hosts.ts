// Samples of hosts, from one look at them. Pure.
import { usedPercent } from '../fleet/disk-use.ts';
import type { HostPicture } from '../fleet/picture.ts';
import { serviceState } from '../fleet/service-state.ts';
import { lagOf } from '../fleet/topology/lag.ts';
import type { LogicalVolume, LvmFacts } from '../host/facts.ts';
import { datadirSnapshots, isSnapshot, marksOf } from '../host/storage/snapshots.ts';
import type { Host } from '../inventory/settings.ts';
import { families } from './families.ts';
import type { Family, Sample } from './openmetrics.ts';

type Labels = Readonly<Record<string, string>>;

const one = (family: Family, labels: Labels, value: number | undefined): Sample[] =>
  value === undefined ? [] : [{ family, labels, value }];

export const labelsOf = ({ name, cluster, datacenter }: Host): Labels => ({
  host: name,
  ...(cluster !== undefined && { cluster }),
  ...(datacenter !== undefined && { datacenter }),
});

/** Seconds since 1970, by the marks of its snapshots; undefined: none has one, or that is not known. */
export function restoredAt({ link, report: { lvm } }: HostPicture): number | undefined {
  if (link.state === 'failed' || !lvm?.ok) return undefined;
  const times = datadirSnapshots(lvm.value).flatMap((volume) => marksOf(volume).restores?.atSeconds ?? []);
  return times.length === 0 ? undefined : Math.max(...times);
}

export function samplesOfHost(picture: HostPicture): readonly Sample[] {
  const { host, link, report } = picture;
  const labels = labelsOf(host);
  const answers = link.state !== 'failed';
  const always = [...one(families.hostUp, labels, answers ? 1 : 0), ...ofAlerts(picture, labels)];
  if (!answers) return always;
  return [
    ...always,
    ...one(families.serverUp, labels, serverUp(picture)),
    ...ofReplication(picture, labels),
    ...one(families.diskUsed, labels, report.disk?.ok ? part(usedPercent(report.disk.value)) : undefined),
    ...(report.lvm?.ok ? ofVolumes(report.lvm.value, labels) : []),
  ];
}

const part = (percent: number | undefined) => (percent === undefined ? undefined : percent / 100);

function ofAlerts({ alerts }: HostPicture, labels: Labels): readonly Sample[] {
  return [
    ...(['critical', 'warning'] as const).flatMap((level) =>
      one(families.alerts, { ...labels, level }, alerts.filter((alert) => alert.level === level).length),
    ),
    ...alerts.flatMap(({ kind, level }) => one(families.alert, { ...labels, kind, level }, 1)),
  ];
}

/** Of a server that refuses our login it is known that it runs, and no more. */
function serverUp(picture: HostPicture): number | undefined {
  const state = serviceState(picture);
  if (state === 'unknown') return undefined;
  return state === 'up' || state === 'closed' ? 1 : 0;
}

function ofReplication({ report: { replication } }: HostPicture, labels: Labels): readonly Sample[] {
  if (!replication?.ok || replication.value.channels.length === 0) return [];
  const { channels } = replication.value;
  const lag = lagOf(replication.value);
  const runs = channels.every(({ ioThread, sqlThread }) => ioThread === 'running' && sqlThread === 'running');
  return [
    ...one(families.lag, labels, lag !== undefined && Number.isFinite(lag) ? lag : undefined),
    ...one(families.replicates, labels, runs ? 1 : 0),
  ];
}

const nameOf = ({ group, volume }: LogicalVolume) => `${group}/${volume}`;

function ofVolumes(lvm: LvmFacts, labels: Labels): readonly Sample[] {
  const snapshots = datadirSnapshots(lvm);
  const taken = snapshots.filter(({ valid }) => valid).flatMap(({ createdSeconds }) => createdSeconds ?? []);
  return [
    ...one(families.snapshots, labels, snapshots.length),
    ...one(families.lastSnapshot, labels, taken.length === 0 ? undefined : Math.max(...taken)),
    ...lvm.volumes
      .filter((volume) => isSnapshot(volume) && !marksOf(volume).isCopy)
      .flatMap((volume) => {
        const own = { ...labels, snapshot: nameOf(volume) };
        return [
          ...one(families.snapshotUsed, own, volume.kind === 'snapshot' ? part(volume.usedPercent) : undefined),
          ...one(families.snapshotValid, own, volume.valid ? 1 : 0),
        ];
      }),
    ...lvm.volumes
      .filter(({ kind }) => kind === 'thinPool')
      .flatMap((volume) => [
        ...one(families.poolUsed, { ...labels, pool: nameOf(volume) }, part(volume.usedPercent)),
        ...one(families.poolMetadata, { ...labels, pool: nameOf(volume) }, part(volume.metadataPercent)),
      ]),
  ];
}
