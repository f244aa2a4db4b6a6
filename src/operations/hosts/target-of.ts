// A host of the inventory as a target of src/remote.
import type { Host, Inventory } from '../../inventory/settings.ts';
import type { RemoteTarget } from '../../remote/remote.ts';

/** A jump through another host uses that host's settings. */
export function targetOf(host: Host, inventory: Pick<Inventory, 'hosts'>): RemoteTarget {
  const { jump, ...ssh } = host.ssh;
  const target = { name: host.name, ...ssh, sudo: host.sudo };
  if (!jump) return target;
  if (jump.kind === 'ssh') return { ...target, jump: jump.destination };
  const through = inventory.hosts.find(({ name }) => name === jump.host);
  // The inventory has refused jumps through unknown hosts, and circles.
  return through ? { ...target, jump: targetOf(through, inventory) } : target;
}
