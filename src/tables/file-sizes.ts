// How large the files of tables are, as InnoDB itself knows them. What information_schema.TABLES counts comes from statistics, which
// are 16 KB for a table of 500 GB that was restored and not analyzed since. Pure.
// https://dev.mysql.com/doc/refman/8.4/en/information-schema-innodb-tablespaces-table.html
// https://mariadb.com/docs/server/reference/system-tables/information-schema/information-schema-tables/information-schema-innodb-tables/information-schema-innodb_sys_tablespaces-table
import { wholeNumber } from '../host/known.ts';
import type { Answer } from '../host/server/batch.ts';
import type { Speaker } from '../seed/replica/words.ts';
import { atLeast } from '../snapshot/lock-words.ts';

/** The question; the databases have plain names. It needs PROCESS. */
export function filesWordsOf({ vendor, version }: Speaker, databases: readonly string[]): string {
  const table = vendor === 'mysql' && atLeast(version, [8, 0]) ? 'INNODB_TABLESPACES' : 'INNODB_SYS_TABLESPACES';
  const some = databases.flatMap((name) => [...new Set([name, inFiles(name)])]).map((name) => `'${name}'`);
  return `SELECT NAME AS name, FILE_SIZE AS bytes FROM information_schema.${table} WHERE SUBSTRING_INDEX(NAME, '/', 1) IN (${some.join(', ')})`;
}

/** The name as a file has it: `my-shop` -> `my@002dshop`. */
const inFiles = (name: string) =>
  name.replace(/[^A-Za-z0-9_]/g, (sign) => `@${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
const asNamed = (name: string) =>
  name.replace(/@([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

/** By name, `shop.orders`; 0: it has no file of its own. undefined: the server does not tell. */
export function fileBytesOf(answer: Answer | undefined): ((name: string) => number) | undefined {
  if (!answer || answer.error !== undefined) return undefined;
  const sums = new Map<string, number>();
  for (const row of answer.rows) {
    // A partition is a file: `shop/orders#p#p0`, in older series `shop/orders#P#p0`.
    const [path = ''] = (row.get('name') ?? '').split(/#p#/i);
    const name = asNamed(path.replace('/', '.'));
    const bytes = wholeNumber(row.get('bytes'));
    if (bytes === undefined) return undefined;
    sums.set(name, (sums.get(name) ?? 0) + bytes);
  }
  return (name) => sums.get(name) ?? 0;
}
