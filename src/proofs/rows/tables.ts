// Which tables a proof of rows compares, and which it does not, with the reason: by the lists of both servers. Pure.
import { z } from 'zod';
import type { Answer } from '../../host/server/batch.ts';
import { ownDatabases } from '../../host/server/own-databases.ts';
import { leftOutBy } from './filters.ts';
import { type TableName, tableText, textOfHex } from './names.ts';

/** Not those that a server has by itself; SYS is a database of its users where names have a case. */
export const tablesQuestion = `SELECT HEX(TABLE_SCHEMA) AS db, HEX(TABLE_NAME) AS name, TABLE_TYPE AS type, COALESCE(ENGINE, '') AS engine, COALESCE(TABLE_ROWS, 0) AS about, COALESCE(DATA_LENGTH, 0) AS bytes FROM information_schema.TABLES WHERE TABLE_TYPE NOT IN ('VIEW', 'SYSTEM VIEW') AND CAST(TABLE_SCHEMA AS BINARY) NOT IN (${ownDatabases})`;

export interface Listed extends TableName {
  readonly type: string;
  readonly engine: string;
  /** As the server estimates them. */
  readonly rows: number;
  readonly bytes: number;
}

/** undefined: the server did not answer. */
export function readTables(answer: Answer | undefined): readonly Listed[] | undefined {
  if (!answer || answer.error !== undefined) return undefined;
  return answer.rows.flatMap((row) => {
    const [db = '', name = ''] = [row.get('db'), row.get('name')];
    const [rows, bytes] = [Number(row.get('about')) || 0, Number(row.get('bytes')) || 0];
    const isName = [db, name].every((one) => /^(?:[0-9A-F]{2})+$/.test(one));
    return isName ? [{ db, name, type: row.get('type') ?? '', engine: row.get('engine') ?? '', rows, bytes }] : [];
  });
}

const told = z.strictObject({ table: z.string(), why: z.string() });

export const tablesSchema = z.strictObject({
  /** Names in hexadecimal, estimates of rows and bytes. */
  compare: z.array(z.tuple([z.string(), z.string(), z.number(), z.number()])),
  /** On one side alone. */
  missing: z.array(told),
  notCompared: z.array(told),
  /** By filters of replication. */
  leftOut: z.array(told),
  /** Of which data the lists are (data-id.ts). Absent: of a job that an earlier version began. */
  dataIds: z.strictObject({ source: z.string(), replica: z.string() }).optional(),
});
export type ListedTables = z.infer<typeof tablesSchema>;

interface Lists {
  readonly source: readonly Listed[];
  readonly replica: readonly Listed[];
  /** The list of the source after that of the replica: what is in one of the two alone came or went meanwhile. */
  readonly sourceAfter: readonly Listed[];
  readonly filters: readonly string[];
}

type Sorted = Omit<ListedTables, 'dataIds'>;

export function tablesOf({ source, replica, sourceAfter, filters }: Lists): Sorted {
  const keyOf = ({ db, name }: TableName) => `${db}.${name}`;
  const byKey = (list: readonly Listed[]) => new Map(list.map((one) => [keyOf(one), one]));
  const [before, there, after] = [byKey(source), byKey(replica), byKey(sourceAfter)];
  const found: { [name in keyof Sorted]: Sorted[name][number][] } = {
    compare: [],
    missing: [],
    notCompared: [],
    leftOut: [],
  };
  for (const key of [...new Set([...before.keys(), ...there.keys(), ...after.keys()])].toSorted()) {
    const [one, other, again] = [before.get(key), there.get(key), after.get(key)];
    const any = (one ?? other ?? again) as Listed;
    const filter = leftOutBy(filters, { db: textOfHex(any.db), name: textOfHex(any.name) });
    const { list, why } = filter === undefined ? placed(one, other, again) : { list: 'leftOut' as const, why: filter };
    if (list === 'compare') found.compare.push([any.db, any.name, any.rows, any.bytes]);
    else found[list].push({ table: tableText(any), why });
  }
  return found;
}

function placed(
  one: Listed | undefined,
  other: Listed | undefined,
  again: Listed | undefined,
): { readonly list: 'compare' | 'missing' | 'notCompared'; readonly why: string } {
  if ((one === undefined) !== (again === undefined))
    return { list: 'notCompared', why: 'it came, or went, while tables were listed' };
  if (!one) return { list: 'missing', why: 'the source does not have this table' };
  if (!other) return { list: 'missing', why: 'the replica does not have this table' };
  const why = unread(one, 'source') ?? unread(other, 'replica');
  return why === undefined ? { list: 'compare', why: '' } : { list: 'notCompared', why };
}
/** Only InnoDB has a view of the rows that stays while others write. */
function unread({ type, engine }: Listed, side: string): string | undefined {
  if (type !== 'BASE TABLE') return `it is no plain table on the ${side} (${type.toLowerCase()})`;
  return engine === 'InnoDB'
    ? undefined
    : `its engine on the ${side} is ${engine || 'unknown'}: only InnoDB has a view of rows that stays`;
}
