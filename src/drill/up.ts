// Brings the fleet up: images, network, keys, machines. Then waits until the servers run and replicate.

import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { shortSize } from '../text/amounts.ts';
import { DrillFailure } from './failure.ts';
import type { DrillHost } from './host.ts';
import { drillHosts } from './hosts.ts';
import { prepareImages } from './image/images.ts';
import { exists } from './image/store.ts';
import { withLock } from './lock.ts';
import { clientKey, type HostKeys, hostKeys, writeSshFiles } from './machine/keys.ts';
import { cutPower, freshDisks, machineState, switchOn } from './machine/machine.ts';
import { makeNetwork } from './machine/network.ts';
import { writeOverlay } from './machine/overlay.ts';
import { tellSerial } from './machine/serial.ts';
import { hostFolder, type Places } from './places.ts';
import type { Progress } from './progress.ts';
import { type FleetState, readState, writeState } from './state.ts';

/** How long a server may take to replicate, once its machine answers. Six at once on two cores take a minute in all. */
const readyDeadlineMs = 120_000;
/** How long a machine may take to answer on its serial line. */
const bootDeadlineMs = 60_000;

const usualDataBytes = 200e6;

/** The size of each cluster's sample data: the running fleet's, else as given. Throws a DrillFailure where the two differ. */
export function dataBytesOf(before: Pick<FleetState, 'dataBytes'> | undefined, given: number | undefined): number {
  if (before && given !== undefined && before.dataBytes !== given) {
    throw new DrillFailure(
      'refused',
      `the fleet is up with ${shortSize(before.dataBytes, 1000)} of sample data, not ${shortSize(given, 1000)}`,
      'leave --data away, or take it down first: reseed drill down',
    );
  }
  return before?.dataBytes ?? given ?? usualDataBytes;
}

/**
 * Brings `hosts` up, beside the running ones. `given`: the requested size of the sample data. A host that a fault
 * powered off stays off.
 */
export async function bringUp(
  places: Places,
  hosts: readonly DrillHost[],
  given: number | undefined,
  progress: Progress,
): Promise<FleetState> {
  return withLock(places.state, progress, async () => {
    const before = await readState(places);
    const dataBytes = dataBytesOf(before, given);
    const images = await imagesFor(places, before?.images, hosts, dataBytes, progress);
    const state: FleetState = before ?? {
      version: 1,
      dataBytes,
      replicationPassword: randomBytes(18).toString('base64url'),
      images,
      hosts: {},
    };
    state.images = images;
    await makeNetwork(places.namespace);
    const off = await hostsToStart(state, hosts);
    await writeAllKeys(places);
    for (const host of off) await startHost(places, state, host, progress);
    await waitUntilReady(places, state, off, progress);
    return state;
  });
}

/** Waits until `hosts` can be reached and their servers run, and replicate if their source is up too. */
export async function waitUntilReady(
  places: Places,
  state: FleetState,
  hosts: readonly DrillHost[],
  progress: Progress,
): Promise<void> {
  const waits = hosts.map((host) =>
    progress.during(`${host.name} starts`, () => {
      const replicating = host.source && state.hosts[host.source.host] ? 'replicating' : '';
      const script = `/usr/local/lib/drill/wait-ready.sh ${readyDeadlineMs / 1000} ${replicating}`;
      // The host first says what it waits for, so a host that answers is not reported as silent.
      return tellSerial(places, host, script, bootDeadlineMs + readyDeadlineMs);
    }),
  );
  const failed = (await Promise.allSettled(waits)).find((wait) => wait.status === 'rejected');
  if (failed) throw failed.reason;
}

/** Starts a host's machine, on fresh disks if it has none, and writes down its process. */
export async function startHost(places: Places, state: FleetState, host: DrillHost, progress: Progress): Promise<void> {
  const disk = state.images.disks[host.name];
  if (!disk) throw new DrillFailure('failed', `there is no disk image for ${host.name}`);
  await mkdir(hostFolder(places, host.name), { recursive: true, mode: 0o700 });
  if (!(await exists(join(hostFolder(places, host.name), 'data.img')))) {
    await progress.during(`${host.name} gets its disks`, () => freshDisks(places, host, disk));
    const keys = await hostKeys(places, host);
    const { publicKey } = await clientKey(places);
    await writeOverlay(places, host, keys, publicKey, state.replicationPassword);
  }
  const before = state.hosts[host.name];
  const faults = before?.faults ?? [];
  // A kernel that ended by itself may have left processes of its guests.
  if (before) await cutPower(before);
  state.hosts[host.name] = { ...(await switchOn(places, host, state.images)), faults };
  await writeState(places, state);
}

/** The images that the fleet was started from, and further ones that `hosts` need. Existing ones stay the same. */
async function imagesFor(
  places: Places,
  before: FleetState['images'] | undefined,
  hosts: readonly DrillHost[],
  dataBytes: number,
  progress: Progress,
): Promise<FleetState['images']> {
  const more = hosts.filter(({ name }) => !before?.disks[name]);
  if (before && more.length === 0) return before;
  const { kernelTree, roots, disks } = await prepareImages(places, more, dataBytes, progress);
  return {
    kernelTree: before?.kernelTree ?? kernelTree,
    roots: { ...Object.fromEntries(roots), ...before?.roots },
    disks: { ...Object.fromEntries(disks), ...before?.disks },
  };
}

async function hostsToStart(state: FleetState, hosts: readonly DrillHost[]): Promise<DrillHost[]> {
  const off: DrillHost[] = [];
  for (const host of hosts) {
    const record = state.hosts[host.name];
    const cut = record?.faults.some(({ name }) => name === 'power-cut');
    if (!cut && (!record || (await machineState(record)) === 'off')) off.push(host);
  }
  return off;
}

/** Every host has its key from the start, up or not, so that known_hosts does not change when one more comes up. */
async function writeAllKeys(places: Places): Promise<void> {
  const keys = new Map<string, HostKeys>();
  await clientKey(places);
  for (const host of drillHosts) {
    await mkdir(hostFolder(places, host.name), { recursive: true, mode: 0o700 });
    keys.set(host.name, await hostKeys(places, host));
  }
  await writeSshFiles(places, keys);
}
