// The operator's own settings of the console: ~/.config/reseed/config.yaml, checked as the inventory is. Pure.
//
//   keys:                      own-keys.ts
//     seed.open: E
//   mouse: false               the mouse stays the terminal's
//   columns:                   own-columns.ts
//     fleet: [host, mysql, alert]
//   background: light          own-colours.ts
//   palette: colour-blind
import { nearest } from '../inventory/nearest.ts';
import { type Complain, inOrder, type Problem, problemIn, quoted } from '../inventory/problem.ts';
import { type Entry, entriesOf, type Tree } from '../inventory/reading/tree.ts';
import { readYaml } from '../inventory/reading/yaml.ts';
import type { Colours } from './colours.ts';
import type { ChosenColumns } from './list-columns.ts';
import { coloursIn } from './own-colours.ts';
import { columnsIn } from './own-columns.ts';
import { keysIn, type OwnKeys } from './own-keys.ts';

export interface ConsoleConfig {
  readonly keys: OwnKeys;
  readonly mouse: boolean;
  readonly columns: ChosenColumns;
  readonly colours: Colours;
}

export const defaultConfig: ConsoleConfig = { keys: new Map(), mouse: true, columns: {}, colours: {} };

export type ReadConfig =
  | { readonly ok: true; readonly config: ConsoleConfig }
  /** At least one, in the order of the file. */
  | { readonly ok: false; readonly problems: readonly Problem[] };

const settings = ['keys', 'mouse', 'columns', 'background', 'palette'];

/** `file`: its name in problems. */
export function readConfig(text: string, file: string): ReadConfig {
  const problems: Problem[] = [];
  const complain: Complain = (at, what, instead) => problems.push(problemIn(file, at, what, instead));
  const { tree } = readYaml(text, complain);
  const config = problems.length > 0 ? defaultConfig : configIn(tree, complain);
  return problems.length > 0 ? { ok: false, problems: inOrder(problems, file) } : { ok: true, config };
}

function configIn(tree: Tree, complain: Complain): ConsoleConfig {
  if (tree.kind !== 'map' && tree.kind !== 'unset') complain(tree.at, 'this is no map', 'write keys: { seed.open: E }');
  const entries = entriesOf(tree);
  for (const { key, at } of entries) {
    const near = nearest(key, settings);
    const instead = near === undefined ? `write one of ${settings.join(', ')}` : `did you mean ${near}?`;
    if (!settings.includes(key)) complain(at, `unknown setting ${quoted(key)}`, instead);
  }
  const of = (name: string) => entries.find(({ key }) => key === name);
  return {
    keys: keysIn(of('keys')?.value, complain),
    mouse: mouseIn(of('mouse'), complain),
    columns: columnsIn(of('columns')?.value, complain),
    colours: coloursIn({ background: of('background')?.value, palette: of('palette')?.value }, complain),
  };
}

function mouseIn(entry: Entry | undefined, complain: Complain): boolean {
  if (!entry || entry.value.kind === 'unset') return defaultConfig.mouse;
  const { value } = entry;
  const text = value.kind === 'text' ? value.text : undefined;
  if (text !== 'true' && text !== 'false') complain(value.at, 'mouse is neither true nor false', 'write mouse: false');
  return text !== 'false';
}
