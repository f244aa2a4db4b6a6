// Which requests of other jump hosts are of now. The shared database could give an old one again, so that its own time counts for nothing: each
// names a nonce that this process told a few seconds ago, and each is taken once.
import { randomBytes } from 'node:crypto';
import { uptime } from 'node:os';

/** What asks waits longer before the request is said to be taken back: it is too old then, whatever the database does. */
export const freshMs = 25_000;

export interface Moments {
  /** The next nonce, to be told now. */
  issue(): string;
  /** Why a request is not to be carried out; undefined: it is of now, and was not taken before. */
  refuses(request: { readonly id: string; readonly nonce: string }): string | undefined;
}

/** `nowMs`: a clock that is not set, and goes on while the machine sleeps. */
export function openMoments(nowMs: () => number = () => uptime() * 1000): Moments {
  const issued = new Map<string, number>();
  const taken = new Set<string>();
  return {
    issue: () => {
      const nonce = randomBytes(16).toString('hex');
      for (const [old, ms] of issued) if (nowMs() - ms > freshMs) issued.delete(old);
      issued.set(nonce, nowMs());
      return nonce;
    },
    refuses: ({ id, nonce }) => {
      const sinceMs = issued.get(nonce);
      if (sinceMs === undefined || nowMs() - sinceMs > freshMs) {
        return 'the request is not of now: it names nothing that this jump host has told in the last seconds; ask again';
      }
      if (taken.has(id)) return 'the request was answered before';
      taken.add(id);
      return undefined;
    },
  };
}
