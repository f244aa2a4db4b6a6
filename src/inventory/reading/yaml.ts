// YAML text -> a tree with places, and every syntax error. Duplicate keys are found here: the yaml package compares
// each key with all others, which takes minutes for a file of some megabytes.
import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  type ParsedNode,
  parseDocument,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { type Complain, complainBefore, type Place, placeText, quoted } from '../problem.ts';
import { syntaxErrors } from './syntax.ts';
import type { Entry, Tree } from './tree.ts';

/** No inventory nests deeper; a file of brackets would exhaust the stack. */
const deepest = 64;
/** Aliases of aliases grow without end in a few lines. */
const maxNodes = 1_000_000;

/** `brokenAt` is the line of the first syntax error: everything from there on was read by guessing. */
export interface YamlReading {
  readonly tree: Tree;
  readonly brokenAt: number | undefined;
}

/** `file`: the file's name in places, where it is not the inventory itself. */
export function readYaml(text: string, complain: Complain, file?: string): YamlReading {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, {
    // Every scalar stays text.
    schema: 'failsafe',
    lineCounter,
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: 'error',
  });
  const placeAt = (offset: number): Place => {
    const { line, col } = lineCounter.linePos(offset);
    return { ...(file !== undefined && { file }), line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const lines = syntaxErrors(document).map(({ offset, what, instead }) => {
    const at = placeAt(offset);
    complain(at, what, instead);
    return at.line;
  });
  const brokenAt = lines.length === 0 ? undefined : lines.reduce((first, line) => Math.min(first, line));
  const tree = treeBuilder(placeAt, complainBefore(brokenAt, complain))(document.contents, 0, 0);
  return { tree, brokenAt };
}

type Build = (node: ParsedNode | null, offset: number, depth: number) => Tree;

/** `offset` is used for a node that the text only implies. */
function treeBuilder(placeAt: (offset: number) => Place, complain: Complain): Build {
  const anchors = new Map<string, { tree: Tree; nodes: number }>();
  let nodes = 0;

  const build: Build = (node, offset, depth) => {
    const at = placeAt(node?.range?.[0] ?? offset);
    nodes++;
    if (node === null) return { kind: 'unset', at };
    if (depth > deepest) {
      complain(at, 'this is nested too deeply', `write at most ${deepest} levels`);
      return { kind: 'unset', at };
    }
    if (isAlias(node)) return resolved(node.source, at);
    const before = nodes;
    const tree = composed(node, at, depth);
    if (node.anchor) anchors.set(node.anchor, { tree, nodes: nodes - before + 1 });
    return tree;
  };

  const composed = (node: Exclude<ParsedNode, Alias.Parsed>, at: Place, depth: number): Tree => {
    if (isMap(node)) return { kind: 'map', at, entries: entries(node, depth) };
    if (isSeq(node)) {
      return { kind: 'list', at, items: node.items.map((item) => build(item, node.range[0], depth + 1)) };
    }
    return isUnset(node) ? { kind: 'unset', at } : { kind: 'text', at, text: String(node.value) };
  };

  const resolved = (name: string, at: Place): Tree => {
    const target = anchors.get(name);
    nodes += target?.nodes ?? 0;
    if (target && nodes <= maxNodes) return target.tree;
    if (target) complain(at, `*${name} makes the file too large`, 'write the values themselves');
    else complain(at, `nothing above is marked &${name}`, `write &${name} in front of the value that *${name} repeats`);
    return { kind: 'unset', at };
  };

  const entries = (map: YAMLMap.Parsed, depth: number): Entry[] => {
    const own = new Map<string, Entry>();
    const merged: Tree[] = [];
    for (const pair of map.items) {
      const entry = entryFrom(pair, depth);
      if (entry === undefined) continue;
      const first = own.get(entry.key);
      if (entry.key === '<<') merged.push(entry.value);
      else if (first === undefined) own.set(entry.key, entry);
      else
        complain(
          entry.at,
          `${quoted(entry.key)} is written twice, first at ${placeText(first.at)}`,
          'keep one of them',
        );
    }
    // YAML 1.1's merge key: keys written here win, then those of the first merged map.
    for (const entry of merged.flatMap(mergedEntries)) if (!own.has(entry.key)) own.set(entry.key, entry);
    return [...own.values()];
  };

  const entryFrom = ({ key, value }: Pair<ParsedNode, ParsedNode | null>, depth: number): Entry | undefined => {
    const name = isAlias(key) ? textOf(build(key, 0, depth)) : isScalar(key) ? String(key.value) : undefined;
    const at = placeAt(key.range[0]);
    if (name !== undefined) return { key: name, at, value: build(value, key.range[0], depth + 1) };
    complain(at, 'this key is not text', 'write a name, in quotes if it holds { } [ ] or ?');
    return undefined;
  };
  return build;
}

function mergedEntries(tree: Tree): readonly Entry[] {
  if (tree.kind === 'list') return tree.items.flatMap(mergedEntries);
  return tree.kind === 'map' ? tree.entries : [];
}

function textOf(tree: Tree): string | undefined {
  return tree.kind === 'text' ? tree.text : undefined;
}

/** YAML's null, which the failsafe schema leaves as text. */
function isUnset({ type, value }: Scalar): boolean {
  return type === 'PLAIN' && ['', '~', 'null', 'Null', 'NULL'].includes(String(value));
}
