// The values in rows of the journal, checked: a damaged one is reported with its job and column.
import type { SQLOutputValue } from 'node:sqlite';
import type { ZodType } from 'zod';
import { issueText } from '../plan/step-work.ts';
import { type Column, RowDamage } from './row-damage.ts';

export type Row = Record<string, SQLOutputValue>;

/** Reads the columns of a row; each method throws a RowDamage. A name with `?` in a type: null gives undefined. */
export interface RowReader {
  text(column: string): string;
  maybeText(column: string): string | undefined;
  whole(column: string): number;
  maybeWhole(column: string): number | undefined;
  oneOf<Word extends string>(column: string, words: readonly Word[]): Word;
  json<T>(column: string, schema: ZodType): T;
  maybeJson<T>(column: string, schema: ZodType): T | undefined;
}

/** A Date of more is none, and can't be shown. */
const latestMs = 8.64e15;

export function rowReader(row: Row, job: number, table: Column['table']): RowReader {
  const damaged = (column: string, why: string) => new RowDamage({ job, table, column }, why);
  const read = <T>(column: string, of: (value: SQLOutputValue | undefined) => T | undefined, why: string): T => {
    const value = of(row[column]);
    if (value === undefined) throw damaged(column, why);
    return value;
  };
  const unlessNull = <T>(column: string, of: () => T): T | undefined => (row[column] === null ? undefined : of());
  const text = (column: string) => read(column, (value) => (typeof value === 'string' ? value : undefined), 'no text');
  const whole = (column: string) => {
    const number = read(column, wholeOf, 'no whole number');
    if (column.endsWith('_ms') && Math.abs(number) > latestMs) throw damaged(column, 'no time');
    return number;
  };
  const json = <T>(column: string, schema: ZodType): T => {
    const value = read(column, parsed, 'not JSON').json;
    const { error } = schema.safeParse(value);
    if (error) throw damaged(column, issueText(error));
    return value as T;
  };
  return {
    text,
    maybeText: (column) => unlessNull(column, () => text(column)),
    whole,
    maybeWhole: (column) => unlessNull(column, () => whole(column)),
    oneOf: (column, words) =>
      read(column, (value) => words.find((word) => word === value), `not one of ${words.join(', ')}`),
    json,
    maybeJson: <T>(column: string, schema: ZodType) => unlessNull(column, () => json<T>(column, schema)),
  };
}

/** Integers come as bigint, since SQLite has larger ones than JavaScript's numbers. */
function wholeOf(value: SQLOutputValue | undefined): number | undefined {
  if (typeof value !== 'bigint' && typeof value !== 'number') return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** In an object, because the value may be undefined's like: null, false. */
function parsed(value: SQLOutputValue | undefined): { readonly json: unknown } | undefined {
  if (typeof value !== 'string') return undefined;
  try {
    return { json: JSON.parse(value) };
  } catch {
    return undefined;
  }
}
