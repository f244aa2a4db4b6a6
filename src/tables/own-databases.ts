// Databases that a server has by itself: their tables are not taken by name.
import type { TablesLook } from './facts.ts';

const ofAll = ['information_schema', 'performance_schema', 'mysql', 'sys'];

/** Before a server was asked: `SYS` may be a database of its users. */
export const isOwnDatabase = (name: string): boolean => ofAll.includes(name);

export function isOwnDatabaseOf(
  { state: { server }, settings }: Pick<TablesLook, 'state' | 'settings'>,
  name: string,
): boolean {
  const kept = settings.get('lower_case_table_names') === '0' ? name : name.toLowerCase();
  return isOwnDatabase(kept) || (kept === 'ndbinfo' && server.vendor !== 'mariadb');
}
