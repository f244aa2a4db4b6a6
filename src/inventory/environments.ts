// The environments of an inventory: production, staging. A host, a cluster or the defaults name one.
import type { z } from 'zod';
import { checked } from './check.ts';
import { nearest } from './nearest.ts';
import { type Complain, quoted } from './problem.ts';
import { type Entry, entryAt, type Tree } from './reading/tree.ts';
import { environmentSchema } from './schema.ts';

/** By name. */
export type Environments = ReadonlyMap<string, z.infer<typeof environmentSchema>>;

export function environmentsIn(entries: readonly Entry[], complain: Complain): Environments {
  return new Map(
    entries.flatMap(({ key, value }) => {
      // `staging:` alone names one without settings.
      if (value.kind === 'unset') return [[key, {}] as const];
      const settings = checked(value, environmentSchema, `environment ${quoted(key)}`, complain);
      return settings ? [[key, settings] as const] : [];
    }),
  );
}

/** A name that is mistyped would leave production without its settings. `parts`: hosts, clusters and defaults. */
export function checkEnvironments(
  parts: readonly (Tree | undefined)[],
  entries: readonly Entry[],
  complain: Complain,
): void {
  const names = new Set(entries.map(({ key }) => key));
  for (const part of parts) if (part) checkEnvironment(part, names, complain);
}

function checkEnvironment(part: Tree, names: ReadonlySet<string>, complain: Complain): void {
  const value = entryAt(part, 'environment')?.value;
  if (value?.kind !== 'text' || names.has(value.text)) return;
  const near = nearest(value.text, names);
  const add = `add it under environments, as in environments: { ${value.text}: { colour: red, confirm: true } }`;
  complain(value.at, `unknown environment ${quoted(value.text)}`, near === undefined ? add : `did you mean ${near}?`);
}
