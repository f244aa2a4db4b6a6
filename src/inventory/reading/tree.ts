// The common form of every format, before its meaning is checked: text, maps and lists that know their place. Scalars
// stay text, so that `version: 8.0`, `host: 0x10` and a host named 123 are what the operator wrote.
import { type Complain, codePointOf, firstUnprintable, type Place, quoted } from '../problem.ts';

export type Tree = Text | Unset | Branch | List;

interface Text {
  readonly kind: 'text';
  readonly at: Place;
  readonly text: string;
}

/** A key without a value (`db1:`), `~` or `null`: as if it were not written, except that a host of that name exists. */
interface Unset {
  readonly kind: 'unset';
  readonly at: Place;
}

interface Branch {
  readonly kind: 'map';
  readonly at: Place;
  /** Keys are unique. */
  readonly entries: readonly Entry[];
}

interface List {
  readonly kind: 'list';
  readonly at: Place;
  readonly items: readonly Tree[];
}

export interface Entry {
  readonly key: string;
  /** The place of the key. */
  readonly at: Place;
  readonly value: Tree;
}

export function entriesOf(tree: Tree | undefined): readonly Entry[] {
  return tree?.kind === 'map' ? tree.entries : [];
}

/** The entry that `path` leads to, key by key. */
export function entryAt(tree: Tree | undefined, ...path: readonly string[]): Entry | undefined {
  let entry: Entry | undefined;
  let at = tree;
  for (const key of path) {
    entry = entriesOf(at).find((candidate) => candidate.key === key);
    at = entry?.value;
  }
  return entry;
}

/** What `path` leads to, by the keys of maps and the places of lists. */
export function treeAt(tree: Tree | undefined, path: readonly string[]): Tree | undefined {
  return path.reduce<Tree | undefined>(
    (at, step) => (at?.kind === 'list' ? at.items[Number(step)] : entryAt(at, step)?.value),
    tree,
  );
}

/** The tree as plain objects, arrays and strings, for zod. Unset values are left out. */
export function plain(tree: Tree): unknown {
  switch (tree.kind) {
    case 'text':
      return tree.text;
    case 'unset':
      return undefined;
    case 'list':
      return tree.items.map(plain);
    case 'map': {
      const set = tree.entries.filter(({ value }) => value.kind !== 'unset');
      return Object.fromEntries(set.map(({ key, value }) => [key, plain(value)]));
    }
  }
}

/** The kind of a tree, for a complaint. */
export function described(tree: Tree): string {
  switch (tree.kind) {
    case 'text':
      return quoted(tree.text);
    case 'unset':
      return 'empty';
    default:
      return tree.kind === 'list' && tree.items.length === 0 ? 'an empty list' : `a ${tree.kind}`;
  }
}

/** No path, name or command of an operator is longer. */
const longestText = 4096;

/** Reports every text that a terminal, a log or a plain object could not hold unchanged. */
export function refuseUnprintable(tree: Tree, complain: Complain): void {
  if (tree.kind === 'text') refuseText(tree.text, tree.at, complain);
  if (tree.kind === 'list') for (const item of tree.items) refuseUnprintable(item, complain);
  for (const { key, at, value } of entriesOf(tree)) {
    refuseText(key, at, complain);
    // zod silently leaves this key out of its records.
    if (key === '__proto__') complain(at, '__proto__ cannot be a key', 'write another name');
    refuseUnprintable(value, complain);
  }
}

function refuseText(text: string, at: Place, complain: Complain): void {
  if (text.length > longestText) {
    complain(at, `this text has ${text.length} characters`, `write at most ${longestText}`);
  }
  const character = firstUnprintable(text);
  if (character === undefined) return;
  const instead =
    character === '\n' ? 'write it on one line (">-" folds lines into one)' : 'write it without that character';
  complain(at, `${quoted(text)} holds the control character ${codePointOf(character)}`, instead);
}
