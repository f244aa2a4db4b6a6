// Checks a part of the file against its schema: zod finds the errors, the tree has their places.
import type * as z from 'zod';
import { carefulKey, carefully } from './kept-back.ts';
import { nearest } from './nearest.ts';
import { type Complain, quoted } from './problem.ts';
import { described, entriesOf, entryAt, plain, type Tree, treeAt } from './reading/tree.ts';
import { keysAt } from './schema.ts';

/**
 * The settings in `tree`; undefined if something is wrong with them, which is then reported. `name` is what complaints
 * call this part. `careful`: what is wrong there may be a secret.
 */
export function checked<T extends z.ZodType>(
  tree: Tree,
  schema: T,
  name: string,
  complain: Complain,
  careful = false,
): z.output<T> | undefined {
  const report: Report = { complain, careful };
  reportUnknownKeys(tree, schema, [], report);
  const result = schema.safeParse(tree.kind === 'unset' ? {} : plain(tree));
  if (result.success) return result.data;
  for (const issue of result.error.issues) reportValue(tree, issue, name, report);
  return undefined;
}

interface Report {
  readonly complain: Complain;
  readonly careful: boolean;
}

/**
 * zod does not see a key without a value, and such keys matter: in `{ jump: a,b@c }` the `b@c` is one, and the operator
 * meant something else.
 */
function reportUnknownKeys(tree: Tree, schema: z.ZodType, path: readonly string[], report: Report): void {
  const { complain, careful } = report;
  const known = keysAt(schema, path);
  const within = path.length === 0 ? '' : ` in ${path.join('.')}`;
  for (const { key, at, value } of entriesOf(tree)) {
    if (known === 'any' || known.includes(key)) reportUnknownKeys(value, schema, [...path, key], report);
    else
      complain(
        at,
        `unknown key ${careful ? carefulKey(key) : quoted(key)}${within}`,
        insteadOf(key, known, schema, path),
      );
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

function reportValue(tree: Tree, issue: z.core.$ZodIssue, name: string, { complain, careful }: Report): void {
  const path = writtenPath(tree, issue.path.map(String));
  const value = treeAt(tree, path);
  const label = path.join('.') || name;
  if (value === undefined || value.kind === 'unset') {
    const at = entryAt(tree, ...path.slice(0, -1))?.at ?? tree.at;
    complain(at, `${label} is missing`, `write ${path.at(-1)}: ...`);
    return;
  }
  const is = careful ? carefully(value, label) : described(value);
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
