// Inventories of the practice fleet with only the hosts of a test: others that are not up would delay it.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { testState } from './fleet.ts';

/** An inventory with `hosts` as hosts-all.yaml has them. */
export async function inventoryText(...hosts: string[]): Promise<string> {
  const text = await readFile(join(import.meta.dirname, '../../hosts-all.yaml'), 'utf8');
  const [head = '', ...blocks] = text.split(/^ {2}(?=db\d+:)/m);
  const kept = hosts.map((host) => {
    const block = blocks.find((one) => one.startsWith(`${host}:`));
    if (!block) throw new Error(`hosts-all.yaml has no ${host}`);
    return `  ${block}`;
  });
  return `${head}${kept.join('')}`;
}

/** The path of one, for --inventory. */
export async function inventoryOf(...hosts: string[]): Promise<string> {
  const folder = join(testState, 'inventories');
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${hosts.join('-')}.yaml`);
  await writeFile(path, await inventoryText(...hosts));
  return path;
}
