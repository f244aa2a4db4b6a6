// One look at all hosts, and what becomes of it.

import type { JobStore } from '../jobs/job-store.ts';
import { measured } from '../metrics/measure.ts';
import { writeMetrics } from '../metrics/write-file.ts';
import { settleAlerts } from '../notify/settle-alerts.ts';
import { tellReceivers } from '../notify/tell-receivers.ts';
import { carryOut } from '../rules/carry-out.ts';
import { settleRules } from '../rules/settle-rules.ts';
import { lookAtFleet } from './look.ts';
import type { Watching } from './watch.ts';

/** What went wrong with it, a line each; undefined: it was ended. Throws where the journal's disk fails. */
export async function looked(
  store: JobStore,
  { inventory, path, signal }: Watching,
): Promise<readonly string[] | undefined> {
  const { metricsFile } = inventory;
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
