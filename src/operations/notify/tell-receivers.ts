// After a tick of schedules: receivers are told of its runs, and of whatever else waits; the heartbeat says that schedules are looked at.
import type { Inventory } from '../../inventory/settings.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { sendDue } from './send.ts';
import { settleJobs, settleRuns } from './settle.ts';
import { callUrl, tried } from './ways/call-url.ts';
import { urlAt } from './ways/secret-url.ts';

interface Telling {
  readonly inventory: Inventory;
  /** The inventory's absolute path. */
  readonly path: string;
  /** The schedules were looked at by this process. */
  readonly isTick: boolean;
  readonly signal: AbortSignal;
}

/** With the last tries less than a minute: then the next tick comes. */
const budgetMs = 20_000;
const heartbeatMs = 10_000;
const keptMs = 90 * 86_400_000;

/** Throws where the journal's disk fails. */
export async function tellReceivers(store: JobStore, telling: Telling): Promise<void> {
  const { inventory, path, isTick, signal } = telling;
  settleRuns(store, path, inventory.notify ?? [], Date.now());
  settleJobs(store, Date.now());
  store.journal.telling.forget(Date.now() - keptMs);
  await Promise.all([
    sendDue(store, { nowMs: Date.now, budgetMs, signal }),
    isTick ? beat(store, telling) : Promise.resolve(),
  ]);
}

async function beat({ journal }: JobStore, { inventory: { heartbeat }, path, signal }: Telling): Promise<void> {
  if (!heartbeat) return;
  const failed = await tried(() => {
    const read = urlAt(heartbeat, true);
    return 'why' in read ? read : callUrl(read, { signal, deadlineMs: heartbeatMs });
  });
  journal.telling.setHeartbeat(path, failed?.why, Date.now());
}
