// Which hosts of a seed are one server, which are servers of one machine, and which lie on one file system. Pure.
import type { Side } from '../../request.ts';

/** Two names of one server: one datadir. Two servers of a machine are two. */
export function areOneServer(one: Side, other: Side): boolean {
  if (one.host.name === other.host.name) return true;
  if (!areOneMachine(one, other)) return false;
  const [{ inode, device, datadir }, theirs] = [one.facts, other.facts];
  // A folder may have two paths, and one path may be two folders, where containers share a kernel.
  if (inode !== undefined && theirs.inode !== undefined) return inode === theirs.inode && device === theirs.device;
  return datadir === theirs.datadir;
}

/**
 * By this start of the machine, which only itself has: a copy of an image has the machine-id and the devices of its original. Where that
 * is unknown, or the machine was started between two looks, by the way to it.
 */
export function areOneMachine(one: Side, other: Side): boolean {
  const { boot, machine } = one.facts;
  const isOneStart = boot !== undefined && boot === other.facts.boot && machine === other.facts.machine;
  return isOneStart || placeOf(one) === placeOf(other);
}

/** Whether their datadirs lie on one file system, and so on one volume. */
export const shareFileSystem = (one: Side, other: Side): boolean =>
  areOneMachine(one, other) && one.facts.device !== undefined && one.facts.device === other.facts.device;

/** Behind two jump hosts there may be two machines with one address. */
const placeOf = ({ host: { ssh } }: Side): string => JSON.stringify([ssh.host, ssh.port, ssh.jump]);
