// Where a running server would keep its state after a restart, as seed-facts.sh reports it. Pure.

/** For a running server: its option files may have changed since its start. */
export interface NextStart {
  /** Why its program could not be asked; absent: it was asked. */
  readonly unread?: string;
  /** Kinds of places (state-places.ts, and `datadir`) whose place after a restart is unknown. */
  readonly unknown: readonly string[];
  /** Kinds that would be elsewhere, with absolute paths; `none`: the server has none of that kind, or would have none. */
  readonly changed: readonly ChangedPlace[];
  /** The variables that would decide whether it takes writes and runs events. Absent: not asked. */
  readonly values?: Readonly<Record<string, string>>;
}

export interface ChangedPlace {
  readonly kind: string;
  readonly now: readonly string[];
  readonly next: readonly string[];
}

/** `all` gives the texts after a name, a line each. undefined: the server is down, or this was not asked. */
export function readNextStart(all: (name: string) => readonly string[]): NextStart | undefined {
  const asked = all('next_start')[0];
  if (asked === undefined) return undefined;
  const [, why] = /^unread ?(.*)$/.exec(asked) ?? [];
  if (why !== undefined) return { unread: why, unknown: [], changed: [] };
  const now = all('now_at').flatMap(readAt);
  const next = all('next_at').flatMap(readAt);
  const pathsOf = (places: typeof now, kind: string) =>
    places.filter((place) => place.kind === kind).map(({ path }) => path);
  const kinds = [...new Set([...now, ...next].map(({ kind }) => kind))];
  return {
    values: Object.fromEntries(all('next_value').flatMap(readValue)),
    unknown: all('next_unknown'),
    changed: kinds.map((kind) => ({ kind, now: pathsOf(now, kind), next: pathsOf(next, kind) })),
  };
}

function readValue(text: string): [string, string][] {
  const [, name, value] = /^([a-z_]+) (\S+)$/.exec(text) ?? [];
  return name === undefined || value === undefined ? [] : [[name, value]];
}

function readAt(text: string) {
  const [, kind, path] = /^([a-z-]+) (\/.*)$/.exec(text) ?? [];
  return kind === undefined || path === undefined ? [] : [{ kind, path }];
}
