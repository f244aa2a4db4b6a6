// What a host is in its replication. Pure.
import type { HostPicture, Role } from '../picture.ts';

/**
 * `isNamedSource`: another host of the inventory replicates from this one, or would if its replication ran. A host that is
 * down keeps the role it was last seen in; one that never said is unknown, for its replicas do not know what it does itself.
 */
export function roleOf({ remembered }: Pick<HostPicture, 'remembered'>, isNamedSource: boolean): Role {
  const { replication } = remembered;
  if (!replication) return 'unknown';
  const isReplica = replication.channels.length > 0;
  const isSource = isNamedSource || replication.replicas.length > 0;
  if (isReplica) return isSource ? 'intermediate' : 'replica';
  if (isSource) return 'primary';
  return replication.replicasUnknown === undefined ? 'alone' : 'unknown';
}
