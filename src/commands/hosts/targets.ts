// From an inventory to its chosen hosts: the first step of every verb that looks at hosts.
import { formatProblem, loadInventory } from '../../inventory/inventory.ts';
import type { Host, Inventory } from '../../inventory/settings.ts';
import { exitCodes, exitWith, printJson } from '../answer.ts';

export const inventoryFlag = [
  '--inventory <file>',
  'the hosts; left out: $RESEED_INVENTORY, ./hosts.yaml, $XDG_CONFIG_HOME/reseed/hosts.yaml',
] as const;

export interface HostOptions {
  readonly json?: boolean;
  readonly inventory?: string;
}

/** The inputs of a verb. */
export interface Chosen {
  readonly inventory: Inventory;
  readonly hosts: readonly Host[];
}

/**
 * Reads the inventory and picks the named hosts, or all if none is named. Prints every error, each mistake of the file
 * on a line of its own, and sets the exit code; then returns undefined.
 */
export async function chooseHosts(names: readonly string[], options: HostOptions): Promise<Chosen | undefined> {
  const flag = options.inventory;
  const read = await loadInventory({
    environment: process.env,
    workingDirectory: process.cwd(),
    ...(flag !== undefined && { flag }),
  });
  if (!read.ok) {
    return complain(options, read.problems.map(formatProblem));
  }
  const { inventory } = read;
  // On stderr, because the answer may be JSON.
  for (const note of read.notes) process.stderr.write(`note: ${formatProblem(note)}\n`);
  const unknown = names.filter((name) => !inventory.hosts.some((host) => host.name === name));
  if (unknown.length > 0) {
    const known = inventory.hosts.map(({ name }) => name).join(', ');
    return complain(
      options,
      unknown.map((name) => `reseed: ${inventory.file} has no host '${name}'; it has ${known}`),
    );
  }
  const hosts = names.length > 0 ? inventory.hosts.filter(({ name }) => names.includes(name)) : inventory.hosts;
  return { inventory, hosts };
}

function complain({ json }: HostOptions, lines: readonly string[]): undefined {
  exitWith(exitCodes.usage);
  if (json) {
    const message = lines.map((line) => line.replace(/^reseed: /, '')).join('\n');
    printJson('error', { error: 'usage', message, advice: '' });
  } else process.stderr.write(`${lines.join('\n')}\n`);
  return undefined;
}
