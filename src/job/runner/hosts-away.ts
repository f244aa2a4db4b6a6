// Hosts of a step that can't be reached now. They are shown beside the step's own progress while they are retried.
import type { RemoteFailure } from '../../remote/failure.ts';
import { cleanLine } from '../../text/clean.ts';
import type { HostAway } from '../journal/record.ts';

export interface HostsAway {
  /** Hosts that are retried, in the order of their first failure. Several parallel commands on a host count as one. */
  now(): readonly HostAway[];
  /** Records one more failed try of the command `key`. `beganMs`: when it, or the first of its row, began. */
  lost(
    host: string,
    key: string,
    beganMs: number,
    failure: Pick<RemoteFailure, 'message'>,
    givenUpAfterMs?: number,
  ): void;
  /** The command is not retried for now. If it is later, its count continues, since no answer came meanwhile. */
  givenUp(host: string, key: string): void;
  /** The host answered any command. Returns true if it was away. */
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

/** The longest row of a host, with the reason of its last failed command. */
function asOne(rows: readonly Row[]): readonly HostAway[] {
  const last = rows.at(-1);
  if (!last) return [];
  const { givenUp: _, ...told } = last;
  const sinceMs = Math.min(...rows.map((row) => row.sinceMs));
  return [{ ...told, sinceMs, tries: Math.max(...rows.map(({ tries }) => tries)) }];
}
