// reseed complete: what the word under the cursor of a shell may be, a line each. The shell's part is in completion.ts.
import { Command } from 'commander';
import { loadInventory } from '../../inventory/inventory.ts';
import { namesFor } from '../../operations/completion/names.ts';
import { printLine } from '../answer.ts';
import { wantedAt } from './wanted.ts';

/** All verbs, where that of these words is loaded. */
type Program = (words: readonly string[]) => Promise<Command>;

export const completeCommand = (program: Program): Command =>
  new Command('complete')
    .description('what the last of these words may be, for the completion of a shell')
    .argument('[words...]', 'after the program, as they were typed; the last one is not whole')
    .action(async (words: readonly string[]) => {
      for (const word of await completed(program, words)) printLine(word);
    });

async function completed(program: Program, words: readonly string[]): Promise<readonly string[]> {
  const before = words.slice(0, -1);
  const current = words.at(-1) ?? '';
  const wanted = wantedAt(await program(before), before, current);
  const all = 'words' in wanted ? wanted.words : namesFor(wanted.argument, wanted.before, await inventoryIn(before));
  // A shell would take it for an end of the line.
  return all.filter((word) => word.startsWith(current) && !word.includes('\n'));
}

/** undefined: there is none, or it has mistakes, which the verb itself tells. */
async function inventoryIn(words: readonly string[]) {
  const at = words.lastIndexOf('--inventory');
  const flag = at < 0 ? undefined : words[at + 1];
  const read = await loadInventory({
    environment: process.env,
    workingDirectory: process.cwd(),
    ...(flag !== undefined && { flag }),
  });
  return read.ok ? read.inventory : undefined;
}
