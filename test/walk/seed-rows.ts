// The rows of a seed's target: those of its source after a seed that is done, those that it had before after one that was undone. Files and
// threads that are as before do not tell that.

import type { Facts } from './facts.ts';
import type { Scene } from './scene.ts';
import { isReplica } from './seed-facts.ts';

interface Sides {
  scene(side: 'target' | 'source'): Pick<Scene, 'run'>;
}

/** By table, as verify.sh names it: count and checksum of its rows on the target, and on its source at the same position. */
export type Rows = ReadonlyMap<string, { readonly target: string; readonly source?: string }>;

const verify = '/usr/local/lib/drill/verify.sh';

/** Of a target with those facts; undefined: its server does not run. */
export async function rowsOf(sides: Sides, target: Facts): Promise<Rows | undefined> {
  if (!target.includes('server up')) return undefined;
  const { here, there } = isReplica(target)
    ? await atOnePosition(sides)
    : { here: await sumsOn(sides, 'target'), there: '' };
  const source = new Map(tablesIn(there));
  return new Map(
    tablesIn(here).map(([name, sums]) => {
      const other = source.get(name);
      return [name, { target: sums, ...(other !== undefined && { source: other }) }];
    }),
  );
}

/**
 * What an undone seed has changed. Its source goes on: rows that were equal to those of the source are so again, and others, which no transaction of
 * the source is about, are as they were.
 */
export function changedRows(before: Rows | undefined, now: Rows | undefined): string[] {
  if (!before) return [];
  if (!now) return ['its rows cannot be read'];
  const lost = [...before.keys()].filter((name) => !now.has(name)).map((name) => `${name} is gone`);
  const changed = [...now].flatMap(([name, { target, source }]) => {
    const was = before.get(name);
    if (!was) return [`${name} is new`];
    const due = was.target === was.source ? source : was.target;
    return target === due ? [] : [`${name} has ${target}, and ${due} were due`];
  });
  return [...lost, ...changed].map((text) => `rows: ${text}`);
}

/** Compares every table at one position, as `drill verify` does, but without reseed. */
export async function unequalRows(sides: Sides): Promise<string | undefined> {
  const { here, there } = await atOnePosition(sides);
  return here === there ? undefined : `the tables differ: ${firstDifference(here, there)}`;
}

/** Of a server on its own: the source's rows have changed since, so only the target's are looked at. */
export async function brokenTables({ scene }: Sides): Promise<string | undefined> {
  const lines = (await scene('target').run(`${verify} checksums '' replica`)).split('\n');
  return lines.find((line) => line.startsWith('not ok') || /\t[1-9]\d* broken links$/.test(line));
}

async function atOnePosition(sides: Sides): Promise<{ here: string; there: string }> {
  const source = sides.scene('source');
  const position = (await source.run(`${verify} hold`)).trim();
  try {
    return { there: await sumsOn(sides, 'source'), here: await sumsOn(sides, 'target', position) };
  } finally {
    await source.run(`${verify} release`);
  }
}

/** `replica`: it has to reach the position, also on a host that the fleet brings up without data. */
const sumsOn = ({ scene }: Sides, side: 'target' | 'source', position = ''): Promise<string> =>
  scene(side).run(`${verify} checksums "$1" "$2"`, [position, position === '' ? '' : 'replica']);

/** A line of its own for each table, and for each trouble with one. */
const tablesIn = (told: string): [string, string][] =>
  told
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (line.startsWith('not ok') ? [line, ''] : [line.replace(/\t.*/, ''), line.replace(/^.*?\t/, '')]));

function firstDifference(here: string, there: string): string {
  const lines = there.split('\n');
  return here.split('\n').find((line) => !lines.includes(line)) ?? 'a table is not there';
}
