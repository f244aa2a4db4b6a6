// The snapshots of hosts, as rows of a table and as JSON. What belongs to a datadir comes first, the newest first.
import type { LogicalVolume } from '../../host/facts.ts';
import { isOfDatadir, isSnapshot } from '../../host/snapshots.ts';
import { isOurs } from '../../snapshot/manage.ts';
import { shortDuration, shortSize } from '../../text/amounts.ts';
import type { Asked } from './ask.ts';

interface SnapshotRow {
  readonly cells: readonly string[];
  readonly json: object;
}

export const snapshotHeader = ['HOST', 'DC', 'SNAPSHOT', 'OF', 'AGE', 'SIZE', 'USED', 'STATE', 'MADE BY'] as const;

export function snapshotRows(asked: readonly Asked[]): SnapshotRow[] {
  return asked.flatMap((one) => {
    const { lvm } = one.report;
    if (!lvm?.ok) return [];
    const ofDatadir = (volume: LogicalVolume) => isOfDatadir(volume, lvm.value);
    return lvm.value.volumes
      .filter((volume) => isSnapshot(volume) && passes(one.host.snapshot.filter, volume.volume))
      .toSorted(
        (a, b) => Number(ofDatadir(b)) - Number(ofDatadir(a)) || (b.createdSeconds ?? 0) - (a.createdSeconds ?? 0),
      )
      .map((volume) => row(one, volume, ofDatadir(volume)));
  });
}

function row({ host, report }: Asked, volume: LogicalVolume, ofDatadir: boolean): SnapshotRow {
  const nowMs = report.system?.ok ? report.system.value.clockMs : undefined;
  const ageMs =
    nowMs !== undefined && volume.createdSeconds !== undefined ? nowMs - volume.createdSeconds * 1000 : undefined;
  const state = !volume.valid ? '✖ invalid' : (volume.mountPoints[0] ?? '✔');
  return {
    cells: [
      host.name,
      host.datacenter ?? '',
      `${volume.group}/${volume.volume}`,
      `${volume.origin ?? '?'}${ofDatadir ? '' : ' (not the datadir)'}`,
      ageMs === undefined ? '?' : shortDuration(ageMs),
      shortSize(volume.sizeBytes),
      volume.usedPercent === undefined ? '?' : `${Math.round(volume.usedPercent)} %`,
      state,
      jobOf(volume) ?? (isOurs(volume) ? 'reseed' : 'somebody else'),
    ],
    json: {
      host: host.name,
      datacenter: host.datacenter ?? null,
      ofDatadir,
      ageMs: ageMs ?? null,
      job: jobOf(volume) ?? null,
      ...volume,
    },
  };
}

const jobOf = ({ tags }: LogicalVolume) =>
  tags.find((tag) => tag.startsWith('reseed-job='))?.slice('reseed-job='.length);

/** `*` stands for any text and `?` for one character. */
function passes(filter: string | undefined, name: string): boolean {
  if (filter === undefined) return true;
  const escaped = filter
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${escaped}$`, 'su').test(name);
}
