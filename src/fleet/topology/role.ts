// A host's role in replication. Pure.
import type { HostPicture, Role } from '../picture.ts';

/**
 * `isNamedSource`: another host of the inventory replicates from this one, or would if its replication ran.
 * `mayHaveMore`: a host of its cluster never reported its source, and may be a replica of this one that is down. A host
 * that is down keeps its last known role. One that never answered is unknown: its replicas do not know whether it has a
 * source itself.
 */
export function roleOf(
  { remembered }: Pick<HostPicture, 'remembered'>,
  { isNamedSource, mayHaveMore }: { readonly isNamedSource: boolean; readonly mayHaveMore: boolean },
): Role {
  const { replication } = remembered;
  if (!replication) return 'unknown';
  const isReplica = replication.channels.length > 0;
  const isSource = isNamedSource || replication.replicas.length > 0;
  if (isReplica) return isSource ? 'intermediate' : 'replica';
  if (isSource) return 'primary';
  return replication.replicasUnknown === undefined && !mayHaveMore ? 'alone' : 'unknown';
}
