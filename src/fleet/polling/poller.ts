// Keeps the live picture current: a watch over every host, each with a Remote of its own, all publishing into one
// store.
import type { StoreApi } from 'zustand/vanilla';
import type { ReportPart } from '../../host/facts.ts';
import type { Host, Inventory } from '../../inventory/settings.ts';
import type { Remote } from '../../remote/remote.ts';
import type { FleetPicture } from '../picture.ts';
import { batched } from './batched.ts';
import { pollIntervalMs } from './cadence.ts';
import { HostWatch } from './watch.ts';

export interface PollingOptions {
  readonly inventory: Pick<Inventory, 'hosts'>;
  /** A new Remote at each call; the poller closes it. The gate of src/remote limits how many connect at once. */
  readonly open: (host: Host) => Remote;
  /** The text of scripts/probe.sh. */
  readonly script: string;
  readonly store: StoreApi<FleetPicture>;
  readonly nowMs?: () => number;
  /** In [0, 1). */
  readonly random?: () => number;
  readonly intervalMs?: number;
}

export interface Polling {
  /**
   * Asks a host now: `parts`, or all but the size of the datadir. An unreachable host, or one that refused us, is tried
   * at once instead of after its wait. Does nothing for a host that is not watched.
   */
  pollNow(hostName: string, parts?: readonly ReportPart[]): void;
  /** Asks a host now, of which a job has changed something. What it answers to an earlier request is left out. */
  changed(hostName: string): void;
  /** Resolves when every connection is closed and no probe is left on any host. The store keeps its content. */
  stop(): Promise<void>;
}

/** Starts at once on all hosts. Never throws; a host's failures are in its picture. */
export function startPolling(options: PollingOptions): Polling {
  const { inventory, store, nowMs = Date.now, random = Math.random, intervalMs = pollIntervalMs } = options;
  const { publish, flush } = batched(store);
  const { hosts } = inventory;
  const watches = new Map(
    hosts.map((host, at) => {
      const { open, script } = options;
      return [
        host.name,
        new HostWatch(host, { open, script, publish, nowMs, random, intervalMs, turn: at / hosts.length }),
      ];
    }),
  );
  return {
    pollNow: (hostName, parts) => watches.get(hostName)?.pollNow(parts),
    changed: (hostName) => watches.get(hostName)?.changed(),
    stop: async () => {
      await Promise.all([...watches.values()].map((watch) => watch.stop()));
      flush();
    },
  };
}
