// The snapshots of hosts, as rows of a table and as JSON.
import { snapshotBadge } from '../../../host/storage/snapshots.ts';
import { type HostSaid, type ListedSnapshot, listSnapshots, restoresText } from '../../../snapshot/list.ts';
import { shortDuration, shortSize } from '../../../text/amounts.ts';
import { badgeJson, badgeText } from '../../../text/badge.ts';

interface SnapshotRow {
  readonly cells: readonly string[];
  readonly json: object;
}

export const snapshotHeader = ['HOST', 'DC', 'SNAPSHOT', 'OF', 'AGE', 'SIZE', 'USED', 'STATE', 'MADE BY'] as const;

/** `ids`: numbers of jobs by their keys. An unknown key is a job of another jump host, or one that was forgotten. */
export const snapshotRows = (asked: readonly HostSaid[], ids: ReadonlyMap<string, number>): SnapshotRow[] =>
  listSnapshots(asked).map((listed) => row(listed, ids));

function makerText({ madeBy }: ListedSnapshot, ids: ReadonlyMap<string, number>): string {
  if (madeBy.kind !== 'job') return madeBy.kind;
  const id = ids.get(madeBy.key);
  return id === undefined ? `job ${madeBy.key} of another journal` : `job ${id}`;
}

function row(listed: ListedSnapshot, ids: ReadonlyMap<string, number>): SnapshotRow {
  const { host, volume, ofDatadir, ageMs, madeBy, restores } = listed;
  const badge = snapshotBadge(volume);
  const where = volume.valid ? (volume.mountPoints[0] ?? '') : '';
  return {
    cells: [
      host.name,
      host.datacenter ?? '',
      `${volume.group}/${volume.volume}`,
      `${volume.origin ?? '?'}${ofDatadir ? '' : ' (not the datadir)'}`,
      ageMs === undefined ? '?' : shortDuration(ageMs),
      shortSize(volume.sizeBytes),
      volume.usedPercent === undefined ? '?' : `${Math.round(volume.usedPercent)} %`,
      [badgeText(badge), where, restores ? restoresText(restores) : ''].filter((words) => words !== '').join(' '),
      makerText(listed, ids),
    ],
    json: {
      host: host.name,
      datacenter: host.datacenter ?? null,
      ofDatadir,
      ageMs: ageMs ?? null,
      job: madeBy.kind === 'job' ? madeBy.key : null,
      restores: restores ? { agoMs: restores.agoMs ?? null, tookMs: restores.tookMs, percent: restores.percent } : null,
      ...volume,
      badge: badgeJson(badge),
    },
  };
}
