// Every costly input of a fleet, made once for its hosts and data.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DrillHost, Release } from '../host.ts';
import { withLock } from '../lock.ts';
import type { Places } from '../places.ts';
import type { Progress } from '../progress.ts';
import { dataDisk } from './disk.ts';
import { sampleDatadir } from './sample-datadir.ts';
import { tidy } from './store.ts';
import { debianTree, rootImage } from './tree.ts';

export interface Images {
  /** The tree that contains the user-mode kernel. */
  readonly kernelTree: string;
  /** The root image of each release that a host boots from. */
  readonly roots: ReadonlyMap<Release, string>;
  /** The data disk of each host in its first state, by the host's name. */
  readonly disks: ReadonlyMap<string, string>;
}

/** Makes what the cache lacks: about two minutes on two cores with an empty cache, a second with a full one. */
export async function prepareImages(
  places: Places,
  hosts: readonly DrillHost[],
  dataBytes: number,
  progress: Progress,
): Promise<Images> {
  const { cache } = places;
  await mkdir(cache, { recursive: true });
  return withLock(cache, progress, async () => {
    await tidy(cache, Date.now());
    const log = join(cache, 'build.log');
    const used = new Set(hosts.map(({ server }) => server.release));
    // The kernel of every host comes with MySQL's packages; a MySQL machine makes the disks.
    const releases: Release[] = [...new Set<Release>(['mysql', ...used])];
    const trees = await progress.during('Debian trees', () =>
      forEach(releases, (release) => debianTree(cache, release, log)),
    );
    const kernelTree = of(trees, 'mysql');
    const roots = await progress.during('root images', () =>
      forEach(releases, (release) => rootImage(cache, release, of(trees, release), kernelTree, log)),
    );
    const datadirs = await progress.during('sample data', () =>
      forEach([...used], (release) => {
        const { cluster, server } = hosts.find((host) => host.server.release === release) ?? {};
        if (!cluster || !server) throw new Error(`no host boots from ${release}`);
        return sampleDatadir(cache, server.vendor, cluster, of(trees, release), dataBytes, log);
      }),
    );
    const disks = new Map<string, string>();
    await progress.during('data disks', async () => {
      for (const host of hosts) {
        const { release } = host.server;
        const datadir = host.blank ? undefined : of(datadirs, release);
        const parts = { kernelTree, kernelRoot: of(roots, 'mysql'), tree: of(trees, release), datadir };
        disks.set(host.name, await dataDisk(cache, host, parts, dataBytes, log));
      }
    });
    return { kernelTree, roots, disks };
  });
}

/** All side by side. If one fails, the others are waited for: the lock must not be released before they end. */
async function forEach(
  releases: readonly Release[],
  work: (release: Release) => Promise<string>,
): Promise<ReadonlyMap<Release, string>> {
  const made = await Promise.allSettled(releases.map(async (release) => [release, await work(release)] as const));
  const failed = made.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
  return new Map(made.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
}

function of(made: ReadonlyMap<Release, string>, release: Release): string {
  const path = made.get(release);
  if (path === undefined) throw new Error(`nothing was made for ${release}`);
  return path;
}
