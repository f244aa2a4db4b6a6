// The answer of an operation: a value, or why there is none. An operation prints nothing and knows no terminal.
import { about } from '../text/about.ts';

export interface Refusal {
  /** `usage`: the request makes no sense here; `unreachable`: a host did not answer. */
  readonly kind: 'usage' | 'refused' | 'unreachable' | 'parse' | 'failed';
  /** Clean words. */
  readonly message: string;
  /** What would make it possible; empty: unknown. */
  readonly advice: string;
  /** The host of the refusal, where the message does not name it. */
  readonly host?: string;
  /** The refusals of further hosts. */
  readonly further?: readonly Refusal[];
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

export const given = <T>(value: T): Result<T> => ({ ok: true, value });

export const refused = (refusal: Refusal): Extract<Result<never>, { ok: false }> => ({ ok: false, refusal });

/** The refusals of all hosts on one line: `db2: why; db3: why`. */
export const refusalText = (refusal: Refusal): string => eachRefusal(refusal).map(refusalLine).join('; ');

export const eachRefusal = (refusal: Refusal): readonly Refusal[] => [refusal, ...(refusal.further ?? [])];

/** `db2: why` */
const refusalLine = ({ host, message }: Refusal): string => (host === undefined ? message : about(host, message));
