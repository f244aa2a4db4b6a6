// What the inventory's own reader refuses is not printed as if it were taken, nor what two keys tell differently.
import { stringify } from 'yaml';
import type { Problem } from '../problem.ts';
import { parseInventory } from '../reading/parse.ts';
import type { Given, Outcome } from './outcome.ts';

const fileName = 'the printed lines';

/** The first problem of these lines of an inventory. */
export function problemOf(yaml: string): Problem | undefined {
  const read = parseInventory(yaml, { fileName, environment: {} });
  return read.ok ? undefined : read.problems[0];
}

const nested = ({ path, value }: Given): object | string | boolean =>
  path.reduceRight<object | string | boolean>((below, key) => ({ [key]: below }), value);

/** Why the inventory would refuse what this outcome gives; undefined: it reads it. */
export function whyRefused({ gives = [], later }: Outcome): string | undefined {
  const commented: Given[] = later ? [{ path: ['commands', later.name], value: later.line }] : [];
  for (const given of [...gives, ...commented]) {
    const problem = problemOf(stringify({ defaults: nested(given), hosts: { host: {} } }, { blockQuote: false }));
    if (problem) return `${given.path.join('.')}: the inventory would refuse it: ${problem.what}, ${problem.instead}`;
  }
  return undefined;
}

/** The settings that several keys tell, each differently: `mysql.service`, with its values. */
export function differing(given: readonly Given[]): ReadonlyMap<string, string> {
  const byPath = Map.groupBy(given, ({ path }) => path.join('.'));
  const values = [...byPath].map(
    ([path, some]) => [path, [...new Set(some.map(({ value }) => String(value)))]] as const,
  );
  return new Map(values.filter(([, own]) => own.length > 1).map(([path, own]) => [path, own.join(', ')]));
}
