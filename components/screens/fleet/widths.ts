// How wide each column of the fleet is. Pure.
import { hostBadge } from '../../../src/fleet/badges.ts';
import type { HostPicture } from '../../../src/fleet/picture.ts';
import { lagOf, stoppedWord } from '../../../src/fleet/topology/lag.ts';
import { fullLook } from '../../base/theme.ts';
import { displayWidth } from '../../base/width.ts';
import { badgeSpan } from '../../panes/badge-span.ts';
import type { Ages } from './ages.ts';
import { versionText } from './cells.ts';
import type { ColumnName } from './columns.ts';

/** ` (59 min)`. */
const ageCells = 9;
const agoCells = ' ago'.length;
/** `◌ starting`. Longer words (`✖ crash-looping`, `– empty datadir`) widen the column while there is such a host. */
const minStateCells = 10;

const lagCells = '59 min'.length;
const diskCells = '100 % 1023M'.length;
/** `✖ 1 invalid`. */
const snapshotCells = 2 + '1 invalid'.length;

/** What columns get where the alert keeps enough: the whole value beside its age, the whole of a snapshot's age. */
export function widerIfRoom({ late, away }: Ages): readonly (readonly [ColumnName, number])[] {
  const aged = [...late, ...away];
  const cells = { lag: lagCells, disk: diskCells, snapshots: snapshotCells + agoCells };
  return [['snapshots', cells.snapshots] as const, ...aged.map((name) => [name, cells[name] + ageCells] as const)];
}

export function widthsOf(
  pictures: readonly HostPicture[],
  width: number,
  { late }: Ages,
): Readonly<Record<ColumnName, number>> {
  const widest = (read: (picture: HostPicture) => string | undefined, least: number, most: number) =>
    pictures.reduce((cells, picture) => Math.min(most, Math.max(cells, displayWidth(read(picture) ?? ''))), least);
  return {
    host: widest(({ host }) => host.name, 5, Math.max(12, Math.floor(width / 5))),
    cluster: widest(({ host }) => host.cluster, 7, 16),
    datacenter: widest(({ host }) => host.datacenter, 3, 12),
    role: widest(({ role }) => role, 7, 12),
    version: widest(({ remembered: { server } }) => server && versionText(server), 11, 18),
    mysql: widest((picture) => badgeSpan(hostBadge(picture), fullLook).text, minStateCells, 15),
    lag: widest(stoppedText, lagCells, 9) + (late.includes('lag') ? ageCells : 0),
    bar: 10,
    // The used part and its age.
    disk: late.includes('disk') ? '100 %'.length + ageCells : diskCells,
    snapshots: snapshotCells,
    alert: 0,
  };
}

const stoppedText = ({ report: { replication } }: HostPicture): string | undefined =>
  replication?.ok && lagOf(replication.value) === Number.POSITIVE_INFINITY ? stoppedWord(replication.value) : undefined;
