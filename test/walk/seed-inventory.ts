// The inventory of a seed for which hosts.yaml does not do: with hosts that are brought up by name, or with commands that carry the data.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { testState } from '../fleet/fleet.ts';
import { inventoryText } from '../fleet/inventory.ts';
import type { Scene } from './scene.ts';
import type { Pair } from './seed-pairs.ts';

export const inventoryPath = (line: string): string =>
  join(testState, 'inventories', `walk-${line.replaceAll(/[^a-z0-9]+/g, '-')}.yaml`);

type Walked = Pick<Pair, 'donor' | 'target' | 'source' | 'inventory' | 'ownCommands'>;

export async function writeInventory({ donor, target, source, inventory, ownCommands }: Walked): Promise<void> {
  if (inventory === undefined) return;
  const text = await inventoryText(...new Set([donor, target, source]));
  await mkdir(dirname(inventory), { recursive: true });
  await writeFile(inventory, ownCommands ? withCommands(text, donor, target) : text);
}

const folder = '/usr/local/bin';

const withCommands = (text: string, donor: string, target: string): string =>
  text
    .replace(new RegExp(`^ {2}${donor}:.*\n`, 'm'), (line) => `${line}    commands: { send: ${folder}/send }\n`)
    .replace(
      new RegExp(`^ {2}${target}:.*\n`, 'm'),
      (line) => `${line}    commands: { receive: { run: ${folder}/receive, insecure: true } }\n`,
    );

const scripts = join(import.meta.dirname, '../fixtures/agent');

/** As the users of orchestrator-agent have them. */
export async function installScripts(donor: Scene, target: Scene): Promise<void> {
  await installed('send', donor);
  await installed('receive', target);
}

async function installed(name: string, { run }: Scene): Promise<void> {
  const path = `${folder}/${name}`;
  await run('printf %s "$2" >"$1" && chmod 755 "$1" && sync "$1"', [
    path,
    await readFile(join(scripts, `${name}.sh`), 'utf8'),
  ]);
}
