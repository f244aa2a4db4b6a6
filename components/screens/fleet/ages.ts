// Which columns of the fleet show old values now, with their ages. Pure.
import type { HostPicture } from '../../../src/fleet/picture.ts';
import { isOld } from '../../../src/fleet/staleness.ts';
import { columns, isAway } from './columns.ts';

/** Columns with a figure that may be shown with its age. */
const agedColumns = ['lag', 'disk', 'snapshots'] as const;
type AgedColumn = (typeof agedColumns)[number];

/** The columns with old values. */
export function agesShown(pictures: readonly HostPicture[], nowMs: number): Ages {
  const oldIn = (some: readonly HostPicture[]) =>
    agedColumns.filter((name) => some.some((one) => columns[name].parts.some((part) => isOld(one, part, nowMs))));
  return { late: oldIn(pictures.filter((one) => !isAway(one))), away: oldIn(pictures.filter(isAway)) };
}

export interface Ages {
  /** Old values of hosts that answer: only their cells tell it. */
  readonly late: readonly AgedColumn[];
  /** Of hosts that do not answer, which is told beside them too. */
  readonly away: readonly AgedColumn[];
}
