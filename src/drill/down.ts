// Takes the fleet down: the machines that `up` started, the network, the disks and the keys.
import { rm } from 'node:fs/promises';
import { execa } from 'execa';
import { type ProcessStat, processCommand, processStat } from '../process/table.ts';
import { DrillFailure } from './failure.ts';
import type { DrillHost } from './host.ts';
import { withLock } from './lock.ts';
import { cutPower, isMachine, machineState, processRecord, removeDisks } from './machine/machine.ts';
import { networkStands, removeNetwork } from './machine/network.ts';
import { askSerial } from './machine/serial.ts';
import { hostFolder, type Places } from './places.ts';
import type { Progress } from './progress.ts';
import { type HostRecord, readState, requireHost, requireState, writeState } from './state.ts';

export interface TakenDown {
  /** Whether there was a fleet: its state file, or its network. */
  readonly stood: boolean;
  /** How many machines were still on, and were ended. */
  readonly machines: number;
  /**
   * Machines that could not be ended. Their disks, the network and their part of the state stay; everything of the
   * others is gone.
   */
  readonly leftOn: readonly { readonly host: string; readonly pid: number; readonly why: string }[];
  /** Processes of other programs inside the fleet's network: they keep running, without a network. */
  readonly leftInside: readonly { readonly pid: number; readonly command: string }[];
}

interface Machine {
  readonly host: string;
  readonly record: HostRecord;
}

/** Leaves no process, namespace, tap or file of the fleet. Also works without the state file, by what it finds on this machine. */
export async function takeDown(places: Places, progress: Progress): Promise<TakenDown> {
  return withLock(places.state, progress, async () => {
    const written = await readState(places).then(
      (state) => state?.hosts ?? {},
      () => ({}),
    );
    const stood = Object.keys(written).length > 0 || (await networkStands(places.namespace));
    const machines = await machinesOf(places, written);
    const ends = await Promise.allSettled(machines.map(({ record }) => cutPower(record)));
    const leftOn = machines.flatMap(({ host, record }, at) => {
      const end = ends[at];
      return end?.status === 'rejected' ? [{ host, pid: record.pid, why: whyLeft(end.reason) }] : [];
    });
    const ended = ends.filter((end) => end.status === 'fulfilled' && end.value).length;
    if (leftOn.length > 0) {
      await removeAllBut(places, new Set(leftOn.map(({ host }) => host)));
      return { stood, machines: ended, leftOn, leftInside: [] };
    }
    const inside = await processesInside(places);
    const leftInside = inside.map(({ stat, command }) => ({ pid: stat.pid, command }));
    await removeNetwork(places.namespace);
    await rm(places.state, { recursive: true, force: true });
    return { stood, machines: ended, leftOn, leftInside };
  });
}

/** Ends `hosts` and removes their disks; the rest of the fleet stays up. A DrillFailure where one is not up, or can't be ended. */
export async function takeHostsDown(places: Places, hosts: readonly DrillHost[], progress: Progress): Promise<void> {
  await withLock(places.state, progress, async () => {
    const state = await requireState(places);
    for (const host of hosts) requireHost(state, host.name);
    for (const host of hosts) {
      const record = requireHost(state, host.name);
      // Lets its source and its replicas see their connections end. A host that does not answer is ended anyway.
      if ((await machineState(record)) === 'running') {
        await progress.during(`${host.name} stops its server`, () =>
          askSerial(places, host, `systemctl stop ${host.server.service} || true`, 60_000),
        );
      }
      await cutPower(record);
      await removeDisks(places, host);
      delete state.hosts[host.name];
      await writeState(places, state);
    }
  });
}

/** The machines in the state file, and those found in the network, each once. */
async function machinesOf(places: Places, written: Readonly<Record<string, HostRecord>>): Promise<Machine[]> {
  const machines = new Map<number, Machine>();
  for (const [host, record] of Object.entries(written)) machines.set(record.pid, { host, record });
  // The kernels of a fleet whose state file was lost. Only `up` starts this program in this namespace.
  for (const { stat, command } of await processesInside(places)) {
    if (!isMachine(stat)) continue;
    const { session } = stat;
    const host = /umid=(\S+)/.exec(command)?.[1] ?? machines.get(session)?.host ?? `process ${session}`;
    const record = (await processRecord(session)) ?? { pid: session, startTicks: 0, faults: [] };
    machines.set(session, { host, record });
  }
  return [...machines.values()];
}

/** Removes only what belongs to the ended hosts. The others can be examined, and taken down again. */
async function removeAllBut(places: Places, left: ReadonlySet<string>): Promise<void> {
  const state = await readState(places).catch(() => undefined);
  if (!state) return;
  for (const host of Object.keys(state.hosts).filter((name) => !left.has(name))) {
    await rm(hostFolder(places, host), { recursive: true, force: true });
    delete state.hosts[host];
  }
  await writeState(places, state);
}

const whyLeft = (reason: unknown) => (reason instanceof DrillFailure ? reason.message : String(reason));

/** Leaves out processes that end meanwhile. */
async function processesInside(places: Places): Promise<{ stat: ProcessStat; command: string }[]> {
  if (!(await networkStands(places.namespace))) return [];
  const { stdout } = await execa('ip', ['netns', 'pids', places.namespace], { reject: false });
  const found = await Promise.all(stdout.split('\n').filter(Boolean).map(Number).map(processStat));
  const running = found.flatMap((stat) => (stat && stat.state !== 'Z' ? [stat] : []));
  return Promise.all(running.map(async (stat) => ({ stat, command: await processCommand(stat.pid) })));
}
