// reseed snapshot hosts: the hosts that have snapshots to seed from, for scripts.
import { askSnapshotHosts, type SnapshotHost, seenHosts, withSaid } from '../../../operations/hosts/snapshot-hosts.ts';
import { pastJobs } from '../../../operations/jobs/job-store.ts';
import { exitCodes, exitWith, printJson, printLine, printRefusal } from '../../answer.ts';
import { chooseHosts, type HostOptions } from '../../hosts/targets.ts';
import { listenTo, sayAway } from '../ask.ts';
import { unreadJson, volumesUntold } from './unread.ts';

export interface HostsOptions extends HostOptions {
  readonly datacenter?: string;
  readonly cluster?: string;
}

/** Sets the exit code: 4 if a host or a command did not answer. */
export async function snapshotHosts(options: HostsOptions): Promise<void> {
  const chosen = await chooseHosts([], options);
  if (!chosen) return;
  const { datacenter, cluster, json } = options;
  const { inventory } = chosen;
  const hosts = inventory.hosts.filter(
    (host) =>
      (datacenter === undefined || host.datacenter === datacenter) &&
      (cluster === undefined || host.cluster === cluster),
  );
  if (hosts.length === 0) {
    const wanted = [
      ...(datacenter === undefined ? [] : [`datacenter ${datacenter}`]),
      ...(cluster === undefined ? [] : [`cluster ${cluster}`]),
    ].join(' and ');
    exitWith(printRefusal(json, { kind: 'usage', message: `${inventory.file} has no host of ${wanted}`, advice: '' }));
    return;
  }
  const { asked, away, code } = await listenTo({ inventory, hosts });
  if (code !== exitCodes.done) return exitWith(code);
  const unread = [...away, ...volumesUntold(asked)];
  const { told, untold } = await askSnapshotHosts(asked, datacenter !== undefined);
  const all = withSaid(seenHosts(asked, pastJobs()), told, inventory.hosts);
  const found = all.filter(({ snapshots }) => snapshots.length > 0);
  const saidAlone = all.filter(({ snapshots, saidBy }) => snapshots.length === 0 && saidBy.length > 0);
  exitWith(unread.length + untold.length > 0 ? exitCodes.unreachable : exitCodes.done);
  if (json) {
    const answer = { hosts: found.map(jsonOf), saidAlone: saidAlone.map(jsonOf), untold };
    printJson('snapshot-hosts', { ...answer, unread: unread.map(unreadJson) });
    return;
  }
  for (const { name } of found) printLine(name);
  sayAway(unread);
  for (const text of [...untold, ...saidAlone.map(saidText)]) process.stderr.write(`reseed: ${text}\n`);
}

const saidText = ({ name, host, saidBy }: SnapshotHost): string =>
  `${saidBy.join(', ')} says that ${name} has snapshots, and ${host ? 'reseed sees none there that a seed can use' : 'the inventory has no such host'}`;

const jsonOf = ({ name, host, snapshots, saidBy }: SnapshotHost) => ({
  host: name,
  inInventory: host !== undefined,
  datacenter: host?.datacenter ?? null,
  cluster: host?.cluster ?? null,
  snapshots: snapshots.map(({ volume: { group, volume, uuid }, ageMs }) => ({
    group,
    volume,
    uuid,
    ageMs: ageMs ?? null,
  })),
  saidBy,
});
