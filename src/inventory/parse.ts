// The text of an inventory -> its hosts, or everything that is wrong with it. Which format it has is seen by its content.
import { isAnsibleIni, readAnsibleIni } from './ansible/ini.ts';
import { translated } from './ansible/translate.ts';
import { isAnsibleYaml, readAnsibleYaml } from './ansible/yaml.ts';
import { type Complain, complainBefore, inOrder, type Problem, problemIn } from './problem.ts';
import { readReseed } from './reseed.ts';
import type { Environment, Inventory } from './settings.ts';
import type { Tree } from './tree.ts';
import { readYaml } from './yaml.ts';

export type InventoryResult =
  | { readonly ok: true; readonly inventory: Inventory }
  /** At least one, in the order of the file. */
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Reads an inventory: hosts.yaml, or Ansible's in YAML or INI. Never throws, whatever the text. `fileName` is what
 * problems and the inventory call the file; `environment` is for `~` and `$NAME` in paths of this machine.
 */
export function parseInventory(text: string, fileName: string, environment: Environment): InventoryResult {
  const problems: Problem[] = [];
  const complain: Complain = (at, what, instead) => problems.push(problemIn(fileName, at, what, instead));
  const { tree, brokenAt } = treeOf(text.replace(/^\uFEFF/, ''), fileName, complain);
  const inventory =
    tree &&
    readReseed(tree, {
      fileName,
      environment,
      complain: complainBefore(brokenAt, complain),
      broken: brokenAt !== undefined,
    });
  return inventory && problems.length === 0 ? { ok: true, inventory } : { ok: false, problems: inOrder(problems) };
}

/** No tree: there is nothing left to say but what is said. */
interface FileReading {
  readonly tree: Tree | undefined;
  readonly brokenAt: number | undefined;
}

function treeOf(text: string, fileName: string, complain: Complain): FileReading {
  if (isAnsibleIni(text, fileName)) {
    return { tree: translated(readAnsibleIni(text, complain), complain), brokenAt: undefined };
  }
  const reading = readYaml(text, complain);
  if (!isAnsibleYaml(reading.tree)) return reading;
  if (reading.brokenAt !== undefined) return { ...reading, tree: undefined };
  return { ...reading, tree: translated(readAnsibleYaml(reading.tree, complain), complain) };
}
