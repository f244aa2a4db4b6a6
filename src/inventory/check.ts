// Checks a part of the file against its schema: zod finds the errors, the tree has their places.
import type * as z from 'zod';
import { nearest } from './nearest.ts';
import { type Complain, quoted } from './problem.ts';
import { described, entriesOf, entryAt, plain, type Tree, treeAt } from './reading/tree.ts';
import { keysAt } from './schema.ts';

/**
 * The settings in `tree`; undefined if something is wrong with them, which is then reported. `name` is what complaints
 * call this part.
 */
export function checked<T extends z.ZodType>(
  tree: Tree,
  schema: T,
  name: string,
  complain: Complain,
): z.output<T> | undefined {
  reportUnknownKeys(tree, schema, [], complain);
  const result = schema.safeParse(tree.kind === 'unset' ? {} : plain(tree));
  if (result.success) return result.data;
  for (const issue of result.error.issues) reportValue(tree, issue, name, complain);
  return undefined;
}

/**
 * zod does not see a key without a value, and such keys matter: in `{ jump: a,b@c }` the `b@c` is one, and the operator
 * meant something else.
 */
function reportUnknownKeys(tree: Tree, schema: z.ZodType, path: readonly string[], complain: Complain): void {
  const known = keysAt(schema, path);
  const within = path.length === 0 ? '' : ` in ${path.join('.')}`;
  for (const { key, at, value } of entriesOf(tree)) {
    if (known === 'any' || known.includes(key)) reportUnknownKeys(value, schema, [...path, key], complain);
    else complain(at, `unknown key ${quoted(key)}${within}`, insteadOf(key, known, schema, path));
  }
}

function insteadOf(key: string, known: readonly string[], schema: z.ZodType, parents: readonly string[]): string {
  const owner = known.find((section) => {
    const below = keysAt(schema, [...parents, section]);
    return below !== 'any' && below.includes(key);
  });
  if (owner !== undefined) return `write it under ${owner}: ${owner}: { ${key}: ... }`;
  const near = nearest(key, known);
  return near === undefined ? `write one of ${known.join(', ')}` : `did you mean ${near}?`;
}

function reportValue(tree: Tree, issue: z.core.$ZodIssue, name: string, complain: Complain): void {
  const path = writtenPath(tree, issue.path.map(String));
  const value = treeAt(tree, path);
  const label = path.join('.') || name;
  if (value === undefined || value.kind === 'unset') {
    const at = entryAt(tree, ...path.slice(0, -1))?.at ?? tree.at;
    complain(at, `${label} is missing`, `write ${path.at(-1)}: ...`);
    return;
  }
  // A URL that was written in place of the name of its file is a secret.
  const is =
    /(^|\.)url(File|Variable)$/.test(label) && value.kind === 'text'
      ? 'a text that is not repeated here'
      : described(value);
  complain(value.at, `${label} is ${is}`, adviceIn(issue) ?? 'write a map here: key: value');
}

/** `run` of the short form `restart: systemctl restart mysql` is not written: the mistake is at `restart`. */
function writtenPath(tree: Tree, path: readonly string[]): readonly string[] {
  const above = path.slice(0, -1);
  const owner = treeAt(tree, above);
  const isWritten = treeAt(tree, path) !== undefined;
  return !isWritten && (owner?.kind === 'text' || owner?.kind === 'list') ? above : path;
}

function adviceIn(issue: z.core.$ZodIssue): string | undefined {
  const params: Record<string, unknown> | undefined = issue.code === 'custom' ? issue.params : undefined;
  return typeof params?.instead === 'string' ? params.instead : undefined;
}
