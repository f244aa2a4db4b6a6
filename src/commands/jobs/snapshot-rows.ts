// The snapshots of hosts, as rows of a table and as JSON.
import { type HostSaid, type ListedSnapshot, listSnapshots } from '../../snapshot/list.ts';
import { shortDuration, shortSize } from '../../text/amounts.ts';

interface SnapshotRow {
  readonly cells: readonly string[];
  readonly json: object;
}

export const snapshotHeader = ['HOST', 'DC', 'SNAPSHOT', 'OF', 'AGE', 'SIZE', 'USED', 'STATE', 'MADE BY'] as const;

export const snapshotRows = (asked: readonly HostSaid[]): SnapshotRow[] => listSnapshots(asked).map(row);

function row({ host, volume, ofDatadir, ageMs, madeBy }: ListedSnapshot): SnapshotRow {
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
      madeBy.kind === 'job' ? madeBy.key : madeBy.kind,
    ],
    json: {
      host: host.name,
      datacenter: host.datacenter ?? null,
      ofDatadir,
      ageMs: ageMs ?? null,
      job: madeBy.kind === 'job' ? madeBy.key : null,
      ...volume,
    },
  };
}
