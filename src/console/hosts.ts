// The console's part that reaches hosts, loaded after its first frame: the poller and the followed logs.
import { randomBytes } from 'node:crypto';
import type { StoreApi } from 'zustand/vanilla';
import { followLog, type LogFollow } from '../fleet/log/follow.ts';
import type { FleetPicture } from '../fleet/picture.ts';
import { startPolling } from '../fleet/polling/poller.ts';
import type { Host, Inventory } from '../inventory/settings.ts';
import { targetOf } from '../operations/hosts/target-of.ts';
import { openRemotes } from '../remote/open.ts';
import type { Remote, RemoteTarget } from '../remote/remote.ts';
import type { AskPassphrase } from '../remote/trust/key-ring.ts';
import { scriptText } from '../scripts/script.ts';

interface WatchedFleet {
  readonly inventory: Inventory;
  readonly fleet: StoreApi<FleetPicture>;
  readonly passphrase: AskPassphrase;
  /** `--read-only`. */
  readonly readOnly: boolean;
}

export interface FleetWatch {
  /** Asks every host now. */
  refresh(): void;
  /** Asks a host that a job has changed. */
  changed(host: string): void;
  followLog(host: string): Promise<LogFollow>;
  /** Another Remote for a host, with the keys that are unlocked already. The caller closes it. */
  open(target: RemoteTarget): Remote;
  /** Resolves when nothing of the console runs on a host any more. */
  stop(): Promise<void>;
}

/** How many lines of the error log a host's screen begins with. */
const logLines = 500;

export async function watchFleet({ inventory, fleet, passphrase, readOnly }: WatchedFleet): Promise<FleetWatch> {
  const [probe, follow] = await Promise.all([scriptText('probe'), scriptText('follow-log')]);
  const remotes = openRemotes({ environment: process.env, passphrase });
  const open = (host: Host) => remotes.open(targetOf(host, inventory));
  // Commands of the inventory that are asked are not run where nothing may be changed.
  const hosts = inventory.hosts.map((host) => ({ ...host, readOnly: host.readOnly || readOnly }));
  const polling = startPolling({ inventory: { hosts }, open, script: probe, store: fleet });
  const followed = new Set<LogFollow>();
  return {
    refresh: () => {
      for (const { name } of inventory.hosts) polling.pollNow(name);
    },
    changed: (name) => polling.changed(name),
    followLog: async (name) => {
      const host = inventory.hosts.find((one) => one.name === name);
      if (!host) throw new Error(`the inventory has no host ${name}`);
      const remote = open(host);
      const log = followLog({
        remote,
        script: follow,
        mark: () => randomBytes(16).toString('hex'),
        mysql: host.mysql,
        lines: logLines,
      });
      const close = async () => {
        followed.delete(closing);
        await log.close();
        await remote.close();
      };
      const closing = { view: log.view, close };
      followed.add(closing);
      return closing;
    },
    open: (target) => remotes.open(target),
    stop: async () => {
      await Promise.all([polling.stop(), ...[...followed].map((log) => log.close())]);
      await remotes.close();
    },
  };
}
