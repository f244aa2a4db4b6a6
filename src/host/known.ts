// Facts, and reasons for their absence, in few words.
import { cleanLine } from '../text/clean.ts';
import type { Known } from './facts.ts';

export const known = <T>(value: T): Known<T> => ({ ok: true, value });

/** `why` may be a host's own words: it is cleaned and cut here. */
export const unknown = (why: string): Known<never> => ({
  ok: false,
  why: cleanLine(why.slice(0, 500)).trim() || 'no reason was given',
});

/** It was asked, and gave no answer in its time. */
export const unanswered = (why: string): Known<never> => ({ ...unknown(why), late: true }) as Known<never>;

/** A whole number that is not negative; undefined for any other text, `NULL` and the empty one among them. */
export function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** A number with or without a fraction, not negative. */
export function decimal(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}(?:\.\d{1,9})?$/.test(text) ? Number(text) : undefined;
}

/** A property only where it has a value: `...present('port', port)`. */
export function present<K extends string, V>(name: K, value: V | undefined): { readonly [name in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [name in K]: V });
}
