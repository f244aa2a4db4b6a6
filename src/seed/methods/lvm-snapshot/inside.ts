// Where a file of a server lies in a snapshot of its volume. Pure.
import { posix } from 'node:path';
import { type Planned, refusal } from '../../../job/plan/refusal.ts';
import type { Side } from '../../request.ts';

/** Gives the path of a server's file in the snapshot that is mounted in `folder`; a refusal: unknown, or not in the snapshot. */
export function insideOf({ host, report: { disk }, facts }: Side, folder: string) {
  return (path: string): string | Extract<Planned, { ok: false }> => {
    if (!disk?.ok) return refusal(`the disks of ${host.name} are not known`, '');
    // A snapshot has the whole file system; a bind mount shows only a folder of it.
    const { point, root } = facts.mounted ?? { point: disk.value.mountPoint, root: '/' };
    const inside = posix.relative(point, path);
    if (inside.startsWith('..')) return refusal(`${path} is not below ${point}`, '');
    // Without a trailing slash: the scripts compare it with the resolved path.
    return posix.join(folder, posix.relative('/', posix.join(root, inside)));
  };
}
