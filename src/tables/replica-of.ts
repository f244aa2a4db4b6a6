// Whether a server is a replica: it has a channel. Pure.
import type { ReplicationState } from '../seed/replica/source/replication-state.ts';

export const isReplicaOf = ({ channel, further }: ReplicationState): boolean =>
  channel !== undefined || further.length > 0;
