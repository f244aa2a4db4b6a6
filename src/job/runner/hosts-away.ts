// Hosts of a step that can't be reached now: told beside what the work of the step tells itself, for as long as they are tried again.
import type { RemoteFailure } from '../../remote/failure.ts';
import { cleanLine } from '../../text/clean.ts';
import type { HostAway } from '../journal/record.ts';

export interface HostsAway {
  /** Those that are tried again, in the order in which they were lost. Several commands at once on a host count as one. */
  now(): readonly HostAway[];
  /** Of one more try in vain of the command `key`. `beganMs`: when it, or the first of its row, began. */
  lost(
    host: string,
    key: string,
    beganMs: number,
    failure: Pick<RemoteFailure, 'message'>,
    givenUpAfterMs?: number,
  ): void;
  /** The command is not tried again for now. Should it be, its count goes on: no answer came meanwhile. */
  givenUp(host: string, key: string): void;
  /** It answered, whichever command. True: it was away. */
  found(host: string): boolean;
}

interface Row extends HostAway {
  readonly givenUp: boolean;
}

export function hostsAway(): HostsAway {
  const away = new Map<string, Map<string, Row>>();
  return {
    now: () => [...away.values()].flatMap((rows) => asOne([...rows.values()].filter(({ givenUp }) => !givenUp))),
    lost: (host, key, beganMs, { message }, givenUpAfterMs) => {
      const rows = away.get(host) ?? new Map<string, Row>();
      const { sinceMs = beganMs, tries = 0 } = rows.get(key) ?? {};
      const limit = givenUpAfterMs === undefined ? {} : { givenUpAfterMs };
      rows.delete(key);
      rows.set(key, { host, sinceMs, tries: tries + 1, ...limit, why: cleanLine(message), givenUp: false });
      away.set(host, rows);
    },
    givenUp: (host, key) => {
      const row = away.get(host)?.get(key);
      if (row) away.get(host)?.set(key, { ...row, givenUp: true });
    },
    found: (host) => away.delete(host),
  };
}

/** The longest of the rows, with the words of the last that was lost. */
function asOne(rows: readonly Row[]): readonly HostAway[] {
  const last = rows.at(-1);
  if (!last) return [];
  const { givenUp: _, ...told } = last;
  const sinceMs = Math.min(...rows.map((row) => row.sinceMs));
  return [{ ...told, sinceMs, tries: Math.max(...rows.map(({ tries }) => tries)) }];
}
