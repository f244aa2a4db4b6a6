// The sample data of a cluster, as a datadir made by the vendor's own server.
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Vendor } from '../host.ts';
import { drillSources } from '../places.ts';
import { run } from '../run.ts';
import { customerRows, orderRows, rowCounts } from './sample-rows.ts';
import { digestOf, entry } from './store.ts';

/** A tar of a datadir with `dataBytes` of sample tables, made by the vendor's own server. */
export async function sampleDatadir(
  cache: string,
  vendor: Vendor,
  cluster: string,
  tree: string,
  dataBytes: number,
  log: string,
): Promise<string> {
  const script = join(drillSources, 'image', 'sample-datadir.sh');
  const rowSource = join(drillSources, 'image', 'sample-rows.ts');
  const digest = await digestOf([tree, cluster, String(dataBytes)], [script, rowSource]);
  return entry(cache, `datadir-${cluster}`, digest, async (tar) => {
    const rows = `${tar}.rows`;
    await run('mkdir', ['-p', rows]);
    try {
      const { customers, orders } = rowCounts(dataBytes);
      await writePieces(join(rows, 'customers.tsv'), customerRows(customers));
      await writePieces(join(rows, 'orders.tsv'), orderRows(orders, customers));
      await run(script, [tree, vendor, cluster, rows, tar], { log });
    } finally {
      await rm(rows, { recursive: true, force: true });
    }
  });
}

async function writePieces(file: string, pieces: Iterable<string>): Promise<void> {
  const handle = await open(file, 'w');
  try {
    for (const piece of pieces) await handle.write(piece);
  } finally {
    await handle.close();
  }
}
