// Everything that is dear to make, made once: what a fleet of given hosts and data is started from.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DrillHost, Vendor } from '../hosts.ts';
import { withLock } from '../lock.ts';
import type { Places } from '../places.ts';
import type { Progress } from '../progress.ts';
import { dataDisk } from './disk.ts';
import { sampleDatadir } from './sample-datadir.ts';
import { tidy } from './store.ts';
import { debianTree, rootImage } from './tree.ts';

export interface Images {
  /** The tree that has the user-mode kernel in it. */
  readonly kernelTree: string;
  /** The root image of each vendor. */
  readonly roots: Readonly<Record<Vendor, string>>;
  /** The data disk of each host in its first state, by the host's name. */
  readonly disks: ReadonlyMap<string, string>;
}

const clusterOf: Record<Vendor, string> = { mysql: 'shop', mariadb: 'crm' };

/** Makes what is not in the cache yet: nothing of it in about two minutes on two cores, else in a second. */
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
    const trees = await progress.during('Debian trees', () => forVendors((vendor) => debianTree(cache, vendor, log)));
    const kernelTree = trees.mysql;
    const roots = await progress.during('root images', () =>
      forVendors((vendor) => rootImage(cache, vendor, trees[vendor], kernelTree, log)),
    );
    const datadirs = await progress.during('sample data', () =>
      forVendors((vendor) => sampleDatadir(cache, vendor, clusterOf[vendor], trees[vendor], dataBytes, log)),
    );
    const disks = new Map<string, string>();
    await progress.during('data disks', async () => {
      for (const host of hosts) {
        const datadir = host.blank ? undefined : datadirs[host.vendor];
        const parts = { kernelTree, kernelRoot: roots.mysql, tree: trees[host.vendor], datadir };
        disks.set(host.name, await dataDisk(cache, host, parts, dataBytes, log));
      }
    });
    return { kernelTree, roots, disks };
  });
}

/** Both vendors side by side. Neither is left running when the other has failed: the lock would go before it ends. */
async function forVendors(work: (vendor: Vendor) => Promise<string>): Promise<Record<Vendor, string>> {
  const [mysql, mariadb] = await Promise.allSettled([work('mysql'), work('mariadb')]);
  if (mysql.status === 'rejected') throw mysql.reason;
  if (mariadb.status === 'rejected') throw mariadb.reason;
  return { mysql: mysql.value, mariadb: mariadb.value };
}
