// The fleet as a tree: replicas below their sources. Pure.
import type { HostPicture } from '../../../src/fleet/picture.ts';
import { type Look, signsOf } from '../../base/theme.ts';

export interface Branch {
  readonly picture: HostPicture;
  /** How many sources are above it. */
  readonly depth: number;
  /** The sources besides the one that it is below. */
  readonly others: readonly string[];
}

/**
 * Each host once: below the first of its sources that is among `hosts`, or as a root. Siblings keep their order. Hosts that replicate from each
 * other have no root, so the first of them is one.
 */
export function treeOf(hosts: readonly HostPicture[]): readonly Branch[] {
  const names = new Set(hosts.map(({ host }) => host.name));
  const sourceOf = ({ host, sources }: HostPicture) => sources.find((name) => name !== host.name && names.has(name));
  const below = Map.groupBy(hosts, sourceOf);
  const placed = new Set<string>();
  const branches: Branch[] = [];
  const place = (picture: HostPicture, depth: number) => {
    const { name } = picture.host;
    if (placed.has(name)) return;
    placed.add(name);
    const above = depth === 0 ? undefined : sourceOf(picture);
    branches.push({ picture, depth, others: picture.sources.filter((one) => one !== above && one !== name) });
    for (const replica of below.get(name) ?? []) place(replica, depth + 1);
  };
  for (const root of below.get(undefined) ?? []) place(root, 0);
  for (const one of hosts) if (!placed.has(one.host.name)) place(ringAbove(one, sourceOf, hosts), 0);
  return branches;
}

/** The first host of a ring that replicates from itself, above `start`: the replicas of a ring are below it, and not it below them. */
function ringAbove(
  start: HostPicture,
  sourceOf: (host: HostPicture) => string | undefined,
  hosts: readonly HostPicture[],
): HostPicture {
  const byName = new Map(hosts.map((one) => [one.host.name, one]));
  const seen = new Set<HostPicture>();
  let at: HostPicture | undefined = start;
  while (at && !seen.has(at)) {
    seen.add(at);
    at = byName.get(sourceOf(at) ?? '');
  }
  return at ?? start;
}

/** What stands before and behind the name of each host: `  └ ` of a replica's replica, ` ‹ db5` of one with another source. */
export function edgesOf(hosts: readonly HostPicture[], look: Look): ReadonlyMap<string, readonly [string, string]> {
  const { branch, from } = signsOf(look);
  return new Map(
    treeOf(hosts).map(({ picture, depth, others }) => [
      picture.host.name,
      [
        depth === 0 ? '' : `${'  '.repeat(depth - 1)}${branch} `,
        others.length === 0 ? '' : ` ${from} ${others.join(', ')}`,
      ],
    ]),
  );
}
