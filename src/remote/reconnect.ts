// One connection: made when it is needed, kept while it lives, and not retried too often when it fails.
import { awayRetry, refusedRetry, waitMs } from './backoff.ts';
import { bad, type Outcome, refused, type Trouble } from './failure.ts';

export interface Chance {
  readonly nowMs: () => number;
  /** In [0, 1). */
  readonly random: () => number;
}

export interface Kept<T> {
  /** The live connection, or a new one. After a failure, returns that failure again until the wait is over. */
  get(): Promise<Outcome<T>>;
  /** No connection is made afterwards; an attempt under way is ended. */
  close(): Promise<void>;
}

export interface Making<T> {
  /** `closed`: the connection is not needed any more, and the attempt has to end at once. */
  readonly connect: (closed: AbortSignal) => Promise<Outcome<T>>;
  readonly isAlive: (connection: T) => boolean | Promise<boolean>;
  readonly end: (connection: T) => Promise<void>;
}

export function kept<T>({ connect, isAlive, end }: Making<T>, { nowMs, random }: Chance): Kept<T> {
  let current: Promise<Outcome<T>> | undefined;
  let live: T | undefined;
  let failures = 0;
  let notBeforeMs = 0;
  const closing = new AbortController();

  const make = async (): Promise<Outcome<T>> => {
    const made = await connect(closing.signal);
    if (made.ok && closing.signal.aborted) await end(made.value);
    else if (made.ok) live = made.value;
    failures = made.ok ? 0 : failures + 1;
    if (!made.ok) notBeforeMs = nowMs() + waitMs(retryAfter(made.trouble), failures, random());
    return made;
  };

  const stands = (last: Outcome<T>) => (last.ok ? isAlive(last.value) : nowMs() < notBeforeMs);

  const get = async (): Promise<Outcome<T>> => {
    if (closing.signal.aborted) return bad(refused('the connection was closed here', ''));
    const before = current;
    if (before) {
      const last = await before;
      if (await stands(last)) return last.ok ? last : later(last.trouble);
      // Another caller may have noticed first, and may be connecting again already.
      if (current !== before) return await get();
    }
    current = make();
    return await current;
  };

  const later = (trouble: Trouble) => {
    const seconds = Math.max(1, Math.ceil((notBeforeMs - nowMs()) / 1000));
    return bad({ ...trouble, advice: `${trouble.advice && `${trouble.advice}; `}the next try is in ${seconds} s` });
  };

  return {
    get,
    close: async () => {
      closing.abort();
      if (live !== undefined) await end(live);
    },
  };
}

function retryAfter({ kind }: Trouble) {
  return kind === 'unreachable' || kind === 'timeout' ? awayRetry : refusedRetry;
}
