// Which tables replication leaves out, by the filters of the replica and of the binary log of its source. Pure.
import { shownName } from './names.ts';

interface Named {
  readonly db: string;
  readonly name: string;
}

/** Filters that say nothing about a table by its name: what they leave out, or rename, can't be told apart. */
export const unreadFilters = (filters: readonly string[]): readonly string[] =>
  filters.filter((one) => !/^(?:replicate_(?:wild_)?(?:do|ignore)_(?:db|table)|binlog_(?:do|ignore)_db) /.test(one));

/** `replicate_ignore_db audit`, as a server told it: why rows of the table do not come; undefined: they do. */
export function leftOutBy(filters: readonly string[], { db, name }: Named): string | undefined {
  const table = `${db}.${name}`;
  const by = (kind: string) =>
    filters.filter((one) => one.startsWith(`${kind} `)).flatMap((one) => listed(one.slice(kind.length + 1)));
  for (const log of ['replicate', 'binlog']) {
    const [does, ignores] = [by(`${log}_do_db`), by(`${log}_ignore_db`)];
    if (ignores.some((one) => isSame(one, db))) return `${log}_ignore_db ${shownName(db)}`;
    if (does.length > 0 && !does.some((one) => isSame(one, db))) return `${log}_do_db`;
  }
  const [does, wildDoes] = [by('replicate_do_table'), by('replicate_wild_do_table')];
  if (does.some((one) => isSame(one, table))) return undefined;
  if (by('replicate_ignore_table').some((one) => isSame(one, table)))
    return `replicate_ignore_table ${shownName(table)}`;
  if (wildDoes.some((one) => isLike(one, table))) return undefined;
  const wild = by('replicate_wild_ignore_table').find((one) => isLike(one, table));
  if (wild !== undefined) return `replicate_wild_ignore_table ${shownName(wild)}`;
  if (does.length > 0) return 'replicate_do_table';
  return wildDoes.length > 0 ? 'replicate_wild_do_table' : undefined;
}

const listed = (text: string): string[] =>
  text
    .split(',')
    .map((one) => one.trim().replaceAll('`', ''))
    .filter((one) => one !== '');

/** A server may compare names without their case: what is left out by another case is told as left out, not as equal. */
const isSame = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

/** `%`, `_`, and a backslash before what is itself, by steps: no pattern of a host becomes a regular expression. */
function isLike(pattern: string, text: string): boolean {
  const parts = [...pattern.toLowerCase().matchAll(/\\(.)|(%)|(_)|(.)/gsu)].map(([, escaped, any, one, plain]) =>
    any ? ('any' as const) : one ? ('one' as const) : { letter: escaped ?? plain },
  );
  // Where in the pattern one may be after each letter.
  let at = afterAny(new Set([0]));
  for (const letter of text.toLowerCase()) {
    const next = new Set<number>();
    for (const place of at) {
      const part = parts[place];
      if (part === 'any') next.add(place);
      else if (part === 'one' || (part !== undefined && part.letter === letter)) next.add(place + 1);
    }
    at = afterAny(next);
  }
  return at.has(parts.length);

  function afterAny(places: ReadonlySet<number>): Set<number> {
    const all = new Set(places);
    for (const place of all) if (parts[place] === 'any') all.add(place + 1);
    return all;
  }
}
