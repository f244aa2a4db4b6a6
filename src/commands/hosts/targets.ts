// The way from an inventory to hosts that answer: what every verb that looks at hosts starts with.
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

/** What a verb has to work with. */
export interface Chosen {
  readonly inventory: Inventory;
  readonly hosts: readonly Host[];
}

/**
 * Reads the inventory and picks the hosts named, all of them where none is. Whatever is wrong is printed, every mistake of
 * the file on a line of its own, and the process's exit code is set; then there is nothing to go on with.
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
  // Beside the answer, which may be JSON.
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
