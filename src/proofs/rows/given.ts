// The position of a source, for its replica to be waited for. Pure.
import type { ReplicationState } from '../../seed/replica/source/replication-state.ts';

/** What it has, of whatever server. */
export const givenOf = ({ server, ownGtid }: ReplicationState): string =>
  server.vendor === 'mariadb' ? ownGtid : server.gtidExecuted;
