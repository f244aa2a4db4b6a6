// The SELECT statements of a proof of rows. Both sides get the same. Names are quoted, values of keys are numbers, times of a fixed form, or hexadecimal: what a host told
// becomes a name or a value, and nothing else. Pure.
import type { Column, Definition, KeyForm, KeyPart } from './definition.ts';
import { quoted, quotedTable, type TableName } from './names.ts';

/** The values of a key, by its parts. */
export type Key = readonly string[];

/** Rows after `from` (absent: from the first), up to `to`, which is in it (absent: to the last). */
export interface Range {
  readonly from?: Key;
  readonly to?: Key;
}

const valueForms: Readonly<Record<KeyForm, RegExp>> = {
  number: /^-?\d{1,65}(?:\.\d{1,38})?$/,
  time: /^-?[\d: .-]{1,32}$/,
  text: /^(?:[0-9A-F]{2})*$/,
  bytes: /^(?:[0-9A-F]{2})*$/,
};

/** Whether the values are of the form that a server tells for these parts. */
export const isKey = (parts: readonly KeyPart[], key: Key): boolean =>
  key.length === parts.length && parts.every(({ form }, at) => valueForms[form].test(key[at] ?? '-'));

function literal({ form, charset, collation }: KeyPart, value: string): string {
  if (!valueForms[form].test(value)) throw new Error(`a value of a key is not in its form: ${form}`);
  switch (form) {
    case 'number':
      return value;
    case 'time':
      return `'${value}'`;
    case 'bytes':
      return `x'${value}'`;
    // The server's own names: definition.ts lets letters, digits and _ through.
    case 'text':
      return `_${charset} x'${value}' COLLATE ${collation}`;
  }
}

const column = ({ name }: Pick<Column, 'name'>) => quoted(name);

/** `a > 1 OR (a = 1 AND b > 2)`, with `a >= 1` before: a server reads ranges of an index by that. */
function beyond(parts: readonly KeyPart[], key: Key, sign: '>' | '<', orEqual: boolean): string {
  const values = parts.map((part, at) => literal(part, key[at] ?? ''));
  const cases = parts.map((part, at) => {
    const equal = parts.slice(0, at).map((one, before) => `${column(one)} = ${values[before]}`);
    const last = orEqual && at === parts.length - 1 ? `${sign}=` : sign;
    return `(${[...equal, `${column(part)} ${last} ${values[at]}`].join(' AND ')})`;
  });
  const [first] = parts;
  const lead = first && parts.length > 1 ? `${column(first)} ${sign}= ${values[0]} AND ` : '';
  return `(${lead}(${cases.join(' OR ')}))`;
}

type Keyed = Pick<Definition, 'key'>;

function whereOf({ key }: Keyed, { from, to }: Range): string {
  if (!key) return '';
  const conditions = [
    ...(from ? [beyond(key.parts, from, '>', false)] : []),
    ...(to ? [beyond(key.parts, to, '<', true)] : []),
  ];
  return conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';
}

const sourceOf = (table: TableName, { key }: Keyed) =>
  `${quotedTable(table)}${key ? ` FORCE INDEX (${quoted(key.index)})` : ''}`;

/** What is added where a row gives no sum, because a value was larger than a packet: more than all sums together. */
const unsummed = 10n ** 30n;

/**
 * The number of rows, and the sum of 64 bits of SHA-256 of each: equal where both sides have equal rows, in whatever order. Not XOR: two equal rows would be none.
 * The hash is there once, as a server may compute it as often as it is named.
 */
export function sumQuestion(table: TableName, definition: Definition, range: Range): string {
  const columns = definition.columns.filter(({ isVirtual }) => !isVirtual);
  const nulls = `CONCAT(${columns.map((one) => `ISNULL(${column(one)})`).join(', ')})`;
  const row = `CONCAT_WS('#', ${[...columns.map((one) => textOf(one, definition.listsJson)), nulls].join(', ')})`;
  const hash = `CAST(CONV(LEFT(SHA2(${row}, 256), 16), 16, 10) AS DECIMAL(30, 0))`;
  return `SELECT COUNT(*) AS n, COALESCE(SUM(COALESCE(${hash}, ${unsummed})), 0) AS total FROM ${sourceOf(table, definition)}${whereOf(definition, range)}`;
}

/** A value as text of digits, signs and hexadecimal. What may be long is hashed by itself: a row may be larger than a packet. */
function textOf(one: Column, listsJson = false): string {
  const { type } = one;
  if (/^(?:(?:tiny|small|medium|big)?int|decimal|year|date|datetime|timestamp|time)$/.test(type)) return column(one);
  // A FLOAT is shown with six digits; as a DOUBLE it has all that tell it from others.
  if (/^(?:float|double)$/.test(type)) return `${column(one)} * 1e0`;
  if (type === 'bit') return `${column(one)} + 0`;
  if (/^(?:(?:var)?(?:char|binary)|enum|set)$/.test(type)) return `HEX(${column(one)})`;
  if (type === 'json') return [`SHA2(${column(one)}, 256)`, ...storedAs(column(one), listsJson)].join(', ');
  return `SHA2(${column(one)}, 256)`;
}

/** Above this many bytes its values are not listed: each list has them once more for each level that they lie in. */
const maxListedBytes = 64 * 1024;

/**
 * How the values inside a JSON are stored: a moment, a DECIMAL or a BLOB is shown as a text or number of the same look. In an array it is stored anew: without room
 * that changes left. Sizes alone may be equal: a DECIMAL(8,2) and a DOUBLE have eight bytes. An unsigned number is the same as one with a sign.
 */
function storedAs(json: string, listsValues: boolean): readonly string[] {
  const size = `JSON_STORAGE_SIZE(JSON_ARRAY(${json}))`;
  if (!listsValues) return [size];
  const values = `JSON_TABLE(JSON_EXTRACT(JSON_ARRAY(${json}), '$**.*', '$**[*]'), '$[*]' COLUMNS (o FOR ORDINALITY, v JSON PATH '$')) AS inside`;
  const types = `SELECT COALESCE(SUM(CRC32(CONCAT(inside.o, TRIM(LEADING 'UNSIGNED ' FROM JSON_TYPE(inside.v))))), 0) FROM ${values}`;
  return [size, `IF(${size} > ${maxListedBytes}, '', (${types}))`];
}

/** The key of the row that is the `rows`th of the range; no row: it has fewer. */
export function boundQuestion(
  table: TableName,
  { key }: { readonly key: NonNullable<Definition['key']> },
  range: Range,
  rows: number,
): string {
  const told = key.parts.map((part, at) => `${keyValue(part)} AS k${at}`);
  const order = key.parts.map(column).join(', ');
  return `SELECT ${told.join(', ')}, 1 AS it FROM ${sourceOf(table, { key })}${whereOf({ key }, range)} ORDER BY ${order} LIMIT 1 OFFSET ${Math.max(0, Math.floor(rows) - 1)}`;
}

/** The key of the last row of the range; no row: it has none. */
export function lastQuestion(
  table: TableName,
  { key }: { readonly key: NonNullable<Definition['key']> },
  range: Range,
): string {
  const told = key.parts.map((part, at) => `${keyValue(part)} AS k${at}`);
  const order = key.parts.map((part) => `${column(part)} DESC`).join(', ');
  return `SELECT ${told.join(', ')}, 1 AS it FROM ${sourceOf(table, { key })}${whereOf({ key }, range)} ORDER BY ${order} LIMIT 1`;
}

function keyValue(part: KeyPart): string {
  if (part.form === 'number') return column(part);
  return part.form === 'time' ? `CAST(${column(part)} AS CHAR)` : `HEX(${column(part)})`;
}

export const isUnsummed = (total: string): boolean => BigInt(total) >= unsummed;
