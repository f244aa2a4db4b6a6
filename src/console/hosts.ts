// The console's part that reaches hosts, loaded after its first frame: the poller and the followed logs.
import { randomBytes } from 'node:crypto';
import type { StoreApi } from 'zustand/vanilla';
import { followLog, type LogFollow } from '../fleet/log/follow.ts';
import type { FleetPicture } from '../fleet/picture.ts';
import { startPolling } from '../fleet/polling/poller.ts';
import { askProcesses } from '../fleet/processes/ask.ts';
import { type ProcessesWatch, watchProcesses } from '../fleet/processes/watch.ts';
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
  processes(host: string): ProcessesWatch;
  /** Another Remote for a host, with the keys that are unlocked already. The caller closes it. */
  open(target: RemoteTarget): Remote;
  /** Resolves when nothing of the console runs on a host any more. */
  stop(): Promise<void>;
}

interface Closing {
  close(): Promise<void>;
}

/** How many lines of the error log a host's screen begins with. */
const logLines = 500;

export async function watchFleet({ inventory, fleet, passphrase, readOnly }: WatchedFleet): Promise<FleetWatch> {
  const [probe, follow, sessions] = await Promise.all([
    scriptText('probe'),
    scriptText('follow-log'),
    scriptText('processes'),
  ]);
  const remotes = openRemotes({ environment: process.env, passphrase });
  const open = (host: Host) => remotes.open(targetOf(host, inventory));
  // Commands of the inventory that are asked are not run where nothing may be changed.
  const hosts = inventory.hosts.map((host) => ({ ...host, readOnly: host.readOnly || readOnly }));
  const polling = startPolling({ inventory: { hosts }, open, script: probe, store: fleet });
  /** What is read of one host while a screen shows it. */
  const opened = new Set<Closing>();
  const hostNamed = (name: string): Host => {
    const host = inventory.hosts.find((one) => one.name === name);
    if (!host) throw new Error(`the inventory has no host ${name}`);
    return host;
  };
  /** Closed with the console at the latest. */
  const closing = (reading: Closing, remote: Remote) => {
    const close = async () => {
      opened.delete(one);
      await reading.close();
      await remote.close();
    };
    const one = { close };
    opened.add(one);
    return one;
  };
  return {
    refresh: () => {
      for (const { name } of inventory.hosts) polling.pollNow(name);
    },
    changed: (name) => polling.changed(name),
    followLog: async (name) => {
      const host = hostNamed(name);
      const remote = open(host);
      const log = followLog({
        remote,
        script: follow,
        mark: () => randomBytes(16).toString('hex'),
        mysql: host.mysql,
        lines: logLines,
      });
      return { view: log.view, ...closing(log, remote) };
    },
    processes: (name) => {
      const host = hostNamed(name);
      const remote = open(host);
      const ask = (signal: AbortSignal) => askProcesses(remote, host, sessions, signal);
      const watch = watchProcesses({ ask, nowMs: Date.now });
      return { view: watch.view, ...closing(watch, remote) };
    },
    open: (target) => remotes.open(target),
    stop: async () => {
      await Promise.all([polling.stop(), ...[...opened].map((one) => one.close())]);
      await remotes.close();
    },
  };
}
