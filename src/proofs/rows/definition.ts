// How a table is defined, as both sides of a proof of rows tell it: its columns, and the key that it is read by. Pure.
import type { Answer, Row } from '../../host/server/batch.ts';
import { nameOf, shownName, type TableName, textOfHex } from './names.ts';

export interface Column {
  /** In hexadecimal. */
  readonly name: string;
  /** `int`, `varchar` */
  readonly type: string;
  /** `int unsigned`, `varchar(20)`: without what versions write otherwise. */
  readonly whole: string;
  /** Empty: it has none. */
  readonly charset: string;
  readonly collation: string;
  /** Made of other columns when it is read. */
  readonly isVirtual: boolean;
}

export interface KeyPart extends Column {
  readonly form: KeyForm;
}
/** How a value of a key is asked for and told: as a number, as a time, or its bytes in hexadecimal. */
export type KeyForm = 'number' | 'time' | 'text' | 'bytes';

export interface Definition {
  readonly columns: readonly Column[];
  /** Absent: no unique key by which ranges can be read. */
  readonly key?: { readonly index: string; readonly parts: readonly KeyPart[] };
  /** Both servers list the values inside a JSON (MySQL from 8.0.4 on). */
  readonly listsJson?: boolean;
}

const inHex = (text: string) => `CONVERT(0x${text} USING utf8mb4)`;

/** Both conditions alone let a server look into one table, and not into all. */
const ofTable = ({ db, name }: TableName) => `TABLE_SCHEMA = ${inHex(db)} AND TABLE_NAME = ${inHex(name)}`;

export const columnsQuestion = (table: TableName): string =>
  `SELECT HEX(TABLE_SCHEMA) AS db, HEX(TABLE_NAME) AS name, HEX(COLUMN_NAME) AS col, DATA_TYPE AS type, HEX(COLUMN_TYPE) AS whole, COALESCE(CHARACTER_SET_NAME, '') AS charset, COALESCE(COLLATION_NAME, '') AS collation, EXTRA AS extra FROM information_schema.COLUMNS WHERE ${ofTable(table)} ORDER BY ORDINAL_POSITION`;

export const keysQuestion = (table: TableName): string =>
  `SELECT HEX(TABLE_SCHEMA) AS db, HEX(TABLE_NAME) AS name, HEX(INDEX_NAME) AS called, HEX(COALESCE(COLUMN_NAME, '')) AS col, COALESCE(SUB_PART, 0) AS part, COALESCE(COLLATION, '') AS sorted, NULLABLE AS nullable FROM information_schema.STATISTICS WHERE ${ofTable(table)} AND NON_UNIQUE = 0 ORDER BY INDEX_NAME = 'PRIMARY' DESC, INDEX_NAME, SEQ_IN_INDEX`;

/** undefined: the server does not have this table, or did not tell. */
export function readDefinition(
  table: TableName,
  columns: Answer | undefined,
  keys: Answer | undefined,
): Definition | undefined {
  const isIts = (row: Row) => row.get('db') === table.db && row.get('name') === table.name;
  const read = columns?.rows.filter(isIts).map(columnOf) ?? [];
  if (read.length === 0 || read.some((column) => column === undefined) || !keys) return undefined;
  const known = read.filter((column) => column !== undefined);
  const byIndex = Map.groupBy(keys.rows.filter(isIts), (row) => row.get('called') ?? '');
  for (const [index, rows] of byIndex) {
    const parts = rows.map((row) => keyPart(row, known));
    if (parts.every((part) => part !== undefined)) return { columns: known, key: { index, parts } };
  }
  return { columns: known };
}

const hex = /^[0-9A-F]+$/;
const word = /^[a-z0-9_]*$/;

/** undefined: a name of another form than a server's own, which would become a part of a statement. */
function columnOf(row: Row): Column | undefined {
  const [name = '', whole = '', type = ''] = [row.get('col'), row.get('whole'), row.get('type')];
  const [charset = '', collation = ''] = [row.get('charset'), row.get('collation')].map((one) => one?.toLowerCase());
  if (!hex.test(name) || !hex.test(whole) || !word.test(charset) || !word.test(collation)) return undefined;
  const isVirtual = /VIRTUAL/i.test(row.get('extra') ?? '');
  return {
    name,
    type: type.toLowerCase(),
    whole: sameType(textOfHex(whole)),
    charset,
    collation,
    isVirtual,
  };
}

/** Versions differ in whether they tell a display width. */
const sameType = (whole: string): string => whole.replace(/^((?:tiny|small|medium|big)?int|year)\(\d+\)/i, '$1');

function keyPart(row: Row, columns: readonly Column[]): KeyPart | undefined {
  const column = columns.find(({ name }) => name === row.get('col'));
  const form = column && keyForm(column);
  const isWhole = row.get('part') === '0' && row.get('sorted') === 'A' && row.get('nullable') !== 'YES';
  return column && form && isWhole && !column.isVirtual ? { ...column, form } : undefined;
}

function keyForm({ type, charset }: Column): KeyForm | undefined {
  if (/^(?:(?:tiny|small|medium|big)?int|decimal|year)$/.test(type)) return 'number';
  if (/^(?:date|datetime|timestamp|time)$/.test(type)) return 'time';
  if (/^(?:var)?binary$/.test(type)) return 'bytes';
  return /^(?:var)?char$/.test(type) && charset !== '' ? 'text' : undefined;
}

/** What differs, in words; undefined: both have the same columns, and the same key. */
export function differenceOf(source: Definition, replica: Definition): string | undefined {
  const names = (of: Definition) => of.columns.map(({ name }) => name).join(' ');
  if (names(source) !== names(replica)) {
    return `the source has the columns ${columnsText(source)}, and the replica ${columnsText(replica)}`;
  }
  for (const [at, one] of source.columns.entries()) {
    const other = replica.columns[at];
    const [here, there] = [one, other].map(columnText);
    if (here !== there) return `column ${nameOf(one.name)} is ${here} on the source, and ${there} on the replica`;
  }
  const [key, other] = [source, replica].map(keyNames);
  return key === other ? undefined : `its key is ${key || 'none'} on the source, and ${other || 'none'} on the replica`;
}

const keyNames = ({ key }: Definition): string =>
  key ? `${nameOf(key.index)} (${key.parts.map(({ name }) => nameOf(name)).join(', ')})` : '';

const columnsText = ({ columns }: Definition): string => {
  const names = columns.map(({ name }) => nameOf(name));
  return names.length > 8 ? `${names.slice(0, 8).join(', ')}, … (${names.length})` : names.join(', ');
};
const columnText = (column: Column | undefined): string =>
  column === undefined
    ? 'none'
    : // Versions name the same collation in two ways.
      [shownName(column.whole), column.collation.replace(/^utf8_/, 'utf8mb3_'), column.isVirtual ? 'virtual' : '']
        .filter((one) => one !== '')
        .join(' ');
