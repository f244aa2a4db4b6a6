// Makes facts, and the reasons for unknown ones, in few words.
import { cleanLine } from '../text/clean.ts';
import type { Known } from './facts.ts';

export const known = <T>(value: T): Known<T> => ({ ok: true, value });

/** `why` may be a host's own words: it is cleaned and shortened here. */
export const unknown = (why: string): Known<never> => ({
  ok: false,
  why: cleanLine(why.slice(0, 500)).trim() || 'no reason was given',
});

/** An unknown fact because the host gave no answer in time. */
export const unanswered = (why: string): Known<never> => ({ ...unknown(why), late: true }) as Known<never>;

/** An unknown fact because the host lacks the program that would tell. */
export const uninstalled = (program: string): Known<never> =>
  ({ ...unknown(`${program} is not installed`), missing: true }) as Known<never>;

/** A whole number that is not negative. Undefined for any other text, such as `NULL` or an empty one. */
export function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** A number with or without a fraction, not negative. */
export function decimal(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}(?:\.\d{1,9})?$/.test(text) ? Number(text) : undefined;
}

/** A property that exists only where it has a value: `...present('port', port)`. */
export function present<K extends string, V>(name: K, value: V | undefined): { readonly [name in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [name in K]: V });
}
