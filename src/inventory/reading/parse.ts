// The text of an inventory -> its hosts, or everything that is wrong with it. Its content decides which format it has.
import { type FilesBeside, fileVariables } from '../ansible/file-variables.ts';
import { isForeign, isPluginFile } from '../ansible/foreign.ts';
import type { AnsibleInventory } from '../ansible/groups.ts';
import { isAnsibleIni, readAnsibleIni } from '../ansible/ini.ts';
import { isAnsibleList, readAnsibleList } from '../ansible/json.ts';
import { type Reports, translated } from '../ansible/translate.ts';
import { isAnsibleYaml, readAnsibleYaml } from '../ansible/yaml.ts';
import { type Complain, complainBefore, inOrder, type Problem, problemIn } from '../problem.ts';
import { readReseed } from '../reseed.ts';
import type { Environment, Inventory } from '../settings.ts';
import type { Tree } from './tree.ts';
import { readYaml } from './yaml.ts';

export type InventoryResult =
  | {
      readonly ok: true;
      readonly inventory: Inventory;
      /** Requests of the file that reseed does not do, each once; verbs show them. */
      readonly notes: readonly Problem[];
    }
  /** At least one, in the order of the file. */
  | { readonly ok: false; readonly problems: readonly Problem[] };

export interface ParseOptions {
  /** The file's name in problems and in the inventory. */
  readonly fileName: string;
  /** For `~` and `$NAME` in paths of this machine. */
  readonly environment: Environment;
  /** group_vars and host_vars of an Ansible inventory; absent: there are none. Only called for an Ansible file. */
  readonly beside?: FilesBeside;
}

/** Reads an inventory: hosts.yaml, or Ansible's in YAML, INI or JSON. Never throws, whatever the text. */
export function parseInventory(text: string, { fileName, environment, beside }: ParseOptions): InventoryResult {
  const problems: Problem[] = [];
  const notes: Problem[] = [];
  const complain: Complain = (at, what, instead) => problems.push(problemIn(fileName, at, what, instead));
  const note: Complain = (at, what, instead) => notes.push(problemIn(fileName, at, what, instead));
  const reading = treeOf(text.replace(/^\uFEFF/, ''), { fileName, beside: beside ?? (() => []), complain, note });
  const inventory =
    reading.tree &&
    readReseed(reading.tree, {
      fileName,
      environment,
      complain: complainBefore(reading.brokenAt, complain),
      note,
      broken: reading.brokenAt !== undefined,
    });
  return inventory && problems.length === 0
    ? { ok: true, inventory, notes: inOrder(notes, fileName) }
    : { ok: false, problems: inOrder(problems, fileName) };
}

/** Without a tree, everything that can be reported was reported. */
interface FileReading {
  readonly tree: Tree | undefined;
  readonly brokenAt: number | undefined;
}

interface TreeContext extends Reports {
  readonly fileName: string;
  readonly beside: FilesBeside;
}

const noTree: FileReading = { tree: undefined, brokenAt: undefined };

function treeOf(text: string, context: TreeContext): FileReading {
  const { fileName, beside, complain } = context;
  const fromAnsible = (inventory: AnsibleInventory): FileReading => ({
    tree: translated(inventory, fileVariables(beside, context), context),
    brokenAt: undefined,
  });
  if (isForeign(text, fileName, complain)) return noTree;
  if (isAnsibleIni(text, fileName)) return fromAnsible(readAnsibleIni(text, complain));
  const reading = readYaml(text, complain);
  if (isPluginFile(reading.tree, fileName, complain)) return noTree;
  const isList = isAnsibleList(reading.tree);
  if (!isList && !isAnsibleYaml(reading.tree)) return reading;
  if (reading.brokenAt !== undefined) return { ...reading, tree: undefined };
  return fromAnsible((isList ? readAnsibleList : readAnsibleYaml)(reading.tree, complain));
}
