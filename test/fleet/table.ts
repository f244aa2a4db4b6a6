// A table that a verb prints, on hosts that an inventory of the test names.
import { reseed, reseedWords } from './fleet.ts';
import { inventoryOf } from './inventory.ts';

/** Columns of a table of `verb`, host -> column -> cell. */
export async function table(verb: string, ...hosts: string[]): Promise<Map<string, Map<string, string>>> {
  const words = [...reseedWords, verb, ...hosts, '--inventory', await inventoryOf(...hosts)];
  const { stdout } = await reseed(['drill', 'exec', '--', ...words]);
  const [header = [], ...rows] = stdout.split('\n').map((line) => line.split(/ {2,}/));
  return new Map(rows.map((row) => [row[0] ?? '', new Map(header.map((column, at) => [column, row[at] ?? '']))]));
}
