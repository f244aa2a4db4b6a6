// Hosts of a step that can't be reached now: told beside what the work of the step tells itself, for as long as they are tried again.
import type { RemoteFailure } from '../remote/failure.ts';
import { cleanLine } from '../text/clean.ts';
import type { HostAway } from './record.ts';

export interface HostsAway {
  /** In the order in which they were lost. */
  now(): readonly HostAway[];
  /** Of one more try in vain. `beganMs`: when it, or the first of its row, began. */
  lost(host: string, beganMs: number, failure: Pick<RemoteFailure, 'message'>, givenUpAfterMs?: number): void;
  /** True: it was away. */
  found(host: string): boolean;
}

export function hostsAway(): HostsAway {
  const away = new Map<string, HostAway>();
  return {
    now: () => [...away.values()],
    lost: (host, beganMs, { message }, givenUpAfterMs) => {
      const { sinceMs = beganMs, tries = 0 } = away.get(host) ?? {};
      const limit = givenUpAfterMs === undefined ? {} : { givenUpAfterMs };
      away.set(host, { host, sinceMs, tries: tries + 1, ...limit, why: cleanLine(message) });
    },
    found: (host) => away.delete(host),
  };
}
