// The names of databases and tables that an operator types. Pure.
import { isPlain, isPlainWord } from '../../tables/facts.ts';
import { isOwnDatabase } from '../../tables/own-databases.ts';
import type { TablesWanted } from './draft.ts';

/** Why the words are none of tables; undefined: they are. */
export function namesTrouble({ databases, tables }: Pick<TablesWanted, 'databases' | 'tables'>): string | undefined {
  const odd = [...databases.filter((name) => !isPlainWord(name)), ...tables.filter((name) => !isPlain(name))][0];
  const own = [...databases, ...tables.map((name) => name.split('.')[0] ?? '')].find(isOwnDatabase);
  if (odd === undefined) return own === undefined ? undefined : `${own} is a database of the server itself`;
  return `"${odd}" is no name that can be taken by itself: ${databases.includes(odd) ? 'a database' : 'DATABASE.TABLE'}, of letters, digits, _, - and $`;
}

/** `shop` is a database, `crm.notes` a table. */
export const splitNames = (only: readonly string[]): Pick<TablesWanted, 'databases' | 'tables'> => ({
  databases: only.filter((name) => !name.includes('.')),
  tables: only.filter((name) => name.includes('.')),
});
