// Where a replica is, compared with the coordinates of a dump. Pure.
import { gtidText, lacking, readGtidPosition, readGtidSet, without } from '../seed/replica/gtid-set.ts';
import type { ReplicationState } from '../seed/replica/source/replication-state.ts';

/** What a replica has applied. Of a MySQL also what it has written itself. */
export const appliedOf = ({ server, slaveGtid }: ReplicationState): string =>
  server.vendor === 'mariadb' ? slaveGtid : server.gtidExecuted;

/** What a donor has, for a replica to be brought to. */
export const givenOf = ({ server, ownGtid }: ReplicationState): string =>
  server.vendor === 'mariadb' ? ownGtid : server.gtidExecuted;

/** What `ahead` has and `behind` does not; empty: nothing. */
export function beyond(vendor: ReplicationState['server']['vendor'], ahead: string, behind: string): string {
  if (vendor !== 'mariadb') return gtidText(without(readGtidSet(ahead) ?? new Map(), readGtidSet(behind) ?? new Map()));
  const count = lacking(readGtidPosition(ahead) ?? new Map(), readGtidPosition(behind) ?? new Map());
  return count === 0 ? '' : `${count} transactions up to ${ahead}`;
}

/** What it has applied beyond `given`, and did not write itself. What it wrote as a primary of once, `given` has too. */
export const passedBy = (state: ReplicationState, given: string): string => partsOf(state, given, false);

/** What it wrote itself, and no other has; empty: nothing. A MariaDB's are in no position. */
export const ownOf = (state: ReplicationState, given: string): string => partsOf(state, given, true);

function partsOf(state: ReplicationState, given: string, isOwn: boolean): string {
  const { vendor, serverUuid = '' } = state.server;
  const more = beyond(vendor, appliedOf(state), given);
  if (vendor === 'mariadb') return isOwn ? '' : more;
  const own = serverUuid.toLowerCase();
  const kept = [...(readGtidSet(more) ?? new Map())].filter(([name]) => (name.split(':')[0] === own) === isOwn);
  return gtidText(new Map(kept));
}
