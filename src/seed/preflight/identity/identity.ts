// Which hosts of a seed are one server, which are servers of one machine, and which share a file system. Pure.
import type { Side } from '../../request.ts';

/** Two names of one server have one datadir. Two servers of a machine are two. */
export function areOneServer(one: Side, other: Side): boolean {
  if (one.host.name === other.host.name) return true;
  if (!areOneMachine(one, other)) return false;
  const [{ inode, device, datadir }, theirs] = [one.facts, other.facts];
  // Where containers share a kernel, a folder may have two paths, and one path may be two folders.
  if (inode !== undefined && theirs.inode !== undefined) return inode === theirs.inode && device === theirs.device;
  return datadir === theirs.datadir;
}

/**
 * By the machine's boot id, which is unique: a copied image has the machine-id and the devices of its original. If the
 * boot id is unknown, or the machine was restarted between two looks, by the route to it.
 */
export function areOneMachine(one: Side, other: Side): boolean {
  const { boot, machine } = one.facts;
  const isOneStart = boot !== undefined && boot === other.facts.boot && machine === other.facts.machine;
  return isOneStart || placeOf(one) === placeOf(other);
}

/** Whether their datadirs are on one file system, and so on one volume. */
export const shareFileSystem = (one: Side, other: Side): boolean =>
  areOneMachine(one, other) && one.facts.device !== undefined && one.facts.device === other.facts.device;

/** Behind two jump hosts there may be two machines with one address. */
const placeOf = ({ host: { ssh } }: Side): string => JSON.stringify([ssh.host, ssh.port, ssh.jump]);
