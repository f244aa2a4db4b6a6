// The state file of the running fleet: its processes, what it was started from, and its faults. The file is replaced as
// a whole, so that a reader never sees half of it.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { DrillFailure } from './failure.ts';
import type { Places } from './places.ts';

const faultRecord = z.object({ name: z.string(), args: z.array(z.string()) });
const hostRecord = z.object({
  /** The kernel's process, and its start time, in clock ticks since the boot (proc_pid_stat(5), field 22). */
  pid: z.number(),
  startTicks: z.number(),
  faults: z.array(faultRecord),
});
const fleetState = z.object({
  version: z.literal(1),
  dataBytes: z.number(),
  /** The password of the replication account; made by `up`, and useless outside the fleet. */
  replicationPassword: z.string(),
  images: z.object({
    kernelTree: z.string(),
    /** The root image of each release and the data disk of each host that were needed so far. */
    roots: z.record(z.string(), z.string()),
    disks: z.record(z.string(), z.string()),
  }),
  hosts: z.record(z.string(), hostRecord),
});

export type FleetState = z.infer<typeof fleetState>;
export type HostRecord = z.infer<typeof hostRecord>;
export type FaultRecord = z.infer<typeof faultRecord>;

const stateFile = (places: Places) => join(places.state, 'fleet.json');

/** The running fleet, or undefined. */
export async function readState(places: Places): Promise<FleetState | undefined> {
  const text = await readFile(stateFile(places), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return fleetState.parse(JSON.parse(text));
  } catch (error) {
    throw new DrillFailure(
      'failed',
      `${stateFile(places)} is not what reseed wrote: ${error instanceof Error ? error.message : error}`,
      'reseed drill down removes the fleet by what it finds on the machine',
      { cause: error },
    );
  }
}

export async function writeState(places: Places, state: FleetState): Promise<void> {
  await mkdir(places.state, { recursive: true, mode: 0o700 });
  const half = `${stateFile(places)}.new`;
  await writeFile(half, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  await rename(half, stateFile(places));
}

/** The running fleet; a DrillFailure if there is none. */
export async function requireState(places: Places): Promise<FleetState> {
  const state = await readState(places);
  if (state) return state;
  throw new DrillFailure('refused', 'the practice fleet is not up', 'bring it up with: reseed drill up');
}

/** The record of a running host; a DrillFailure if it is not part of the running fleet. */
export function requireHost(state: FleetState, name: string): HostRecord {
  const record = state.hosts[name];
  if (record) return record;
  throw new DrillFailure('refused', `${name} was not brought up`, `bring it up with: reseed drill up ${name}`);
}
