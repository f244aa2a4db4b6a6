// What a tick of schedules does besides its jobs: it looks at all hosts from time to time, where receivers are told of alerts, metrics are
// written or rules plan recoveries. Of several processes one does.
import type { Inventory } from '../../inventory/settings.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { measured } from '../metrics/measure.ts';
import { writeMetrics } from '../metrics/write-file.ts';
import { settleAlerts } from '../notify/settle-alerts.ts';
import { tellReceivers } from '../notify/tell-receivers.ts';
import { carryOut } from '../rules/carry-out.ts';
import { settleRules } from '../rules/settle-rules.ts';
import { lookAtFleet } from './look.ts';

const usualEveryMs = 5 * 60_000;
/** Ticks do not come to the second. */
const earlyMs = 20_000;

/** Whether there is anything to look for. */
const isWatched = ({ notify = [], metricsFile, rules = [] }: Inventory): boolean =>
  rules.length > 0 || metricsFile !== undefined || notify.some(({ on }) => on.includes('alert'));

/** What went wrong with it, a line each; undefined: it was not the time to look. Throws where the journal's disk fails. */
export async function watchFleet(
  store: JobStore,
  { inventory, path, signal }: { readonly inventory: Inventory; readonly path: string; readonly signal: AbortSignal },
): Promise<readonly string[] | undefined> {
  if (!isWatched(inventory)) return undefined;
  const { watchEveryMs = usualEveryMs, metricsFile } = inventory;
  const startMs = Date.now();
  if (!store.journal.looks.begin(path, startMs - watchEveryMs + earlyMs, startMs)) return undefined;
  const picture = await lookAtFleet(inventory, signal);
  // What has not answered by then is not known to be away.
  if (signal.aborted) return undefined;
  const nowMs = Date.now();
  settleAlerts(store, path, picture, inventory, nowMs);
  const trouble =
    metricsFile === undefined
      ? undefined
      : writeMetrics(metricsFile, measured(store, { inventory, path, picture, nowMs }));
  // Neither waits for plans, which take up to a minute.
  await tellReceivers(store, { inventory, path, isTick: false, signal });
  const looking = { inventory, path, picture, signal, nowMs };
  await settleRules(store, looking);
  await carryOut(store, looking);
  return trouble === undefined ? [] : [trouble];
}
