// What a tick of schedules does besides its jobs: it looks at all hosts from time to time, where receivers are told of alerts, metrics are
// written or rules plan recoveries. Of several processes one does.
import type { Inventory } from '../../inventory/settings.ts';
import type { JobStore } from '../jobs/job-store.ts';

const usualEveryMs = 5 * 60_000;
/** Ticks do not come to the second. */
const earlyMs = 20_000;

/** Whether there is anything to look for. */
const isWatched = ({ notify = [], metricsFile, rules = [] }: Inventory): boolean =>
  rules.length > 0 || metricsFile !== undefined || notify.some(({ on }) => on.includes('alert'));

/** Hosts that do not answer, and plans, keep a tick for minutes. */
const longestLookMs = 3 * 60_000;

/** Nothing looks at the hosts by this account, on this machine; `sinceMs` undefined: nothing has ever. undefined: all is well, or nothing has to. */
export function quietLook(
  { journal }: Pick<JobStore, 'journal'>,
  inventory: Inventory,
  path: string,
  nowMs: number,
): { readonly sinceMs: number | undefined } | undefined {
  if (!isWatched(inventory)) return undefined;
  const sinceMs = journal.looks.lastMs(path);
  const { watchEveryMs = usualEveryMs } = inventory;
  return sinceMs !== undefined && nowMs - sinceMs <= 2 * watchEveryMs + longestLookMs ? undefined : { sinceMs };
}

export interface Watching {
  readonly inventory: Inventory;
  /** The inventory's absolute path. */
  readonly path: string;
  readonly signal: AbortSignal;
}

/** What went wrong with it, a line each; undefined: it was not the time to look. Throws where the journal's disk fails. */
export async function watchFleet(store: JobStore, watching: Watching): Promise<readonly string[] | undefined> {
  const { inventory, path } = watching;
  if (!isWatched(inventory)) return undefined;
  const { watchEveryMs = usualEveryMs } = inventory;
  const startMs = Date.now();
  if (!store.journal.looks.begin(path, startMs - watchEveryMs + earlyMs, startMs)) return undefined;
  // Most ticks do not look.
  const { looked } = await import('./looked.ts');
  return await looked(store, watching);
}
