// What an operation answers: a value, or why there is none. An operation prints nothing and knows no terminal.
import { about } from '../text/about.ts';

export interface Refusal {
  /** `usage`: what was asked for makes no sense here; `unreachable`: a host did not answer. */
  readonly kind: 'usage' | 'refused' | 'unreachable' | 'parse' | 'failed';
  /** Clean words. */
  readonly message: string;
  /** What would make it possible; empty: nothing that is known. */
  readonly advice: string;
  /** The host that it is about, where the message does not name it. */
  readonly host?: string;
  /** Where several hosts stand in the way: the others. */
  readonly further?: readonly Refusal[];
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

export const given = <T>(value: T): Result<T> => ({ ok: true, value });

export const refused = (refusal: Refusal): Extract<Result<never>, { ok: false }> => ({ ok: false, refusal });

/** Every host that stands in the way, in one line: `db2: why; db3: why`. */
export const refusalText = (refusal: Refusal): string => eachRefusal(refusal).map(refusalLine).join('; ');

export const eachRefusal = (refusal: Refusal): readonly Refusal[] => [refusal, ...(refusal.further ?? [])];

/** `db2: why` */
const refusalLine = ({ host, message }: Refusal): string => (host === undefined ? message : about(host, message));
