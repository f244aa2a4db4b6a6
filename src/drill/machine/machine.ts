// One practice host as a process: a user-mode kernel started in the fleet's network, ended by its own id and nothing else.
import { spawn } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sendSignal } from '../../process/signal.ts';
import { type ProcessStat, processStat, sessionMembers } from '../../process/table.ts';
import { DrillFailure } from '../failure.ts';
import type { DrillHost } from '../host.ts';
import { hostFolder, type Places } from '../places.ts';
import { run } from '../run.ts';
import type { FleetState, HostRecord } from '../state.ts';
import { blockDevices, launchScript, makeSerialLine, memoryAndConsole } from './kernel.ts';
import { insideNetwork, macOf, plugIn, tapOf } from './network.ts';

export type MachineState = 'running' | 'paused' | 'off';

/** A host's memory. Both servers take about 400 MB with the settings of overlay.ts. */
const memoryMib = { mysql: 880, mariadb: 640 };

/** The root image that a host boots from; a DrillFailure where the fleet has none. */
function rootOf({ roots }: FleetState['images'], host: DrillHost): string {
  const root = roots[host.server.release];
  if (root) return root;
  throw new DrillFailure('failed', `there is no root image for ${host.name}`);
}

/** Gives a host the disks of its first state. Its machine must be off. */
export async function freshDisks(places: Places, host: DrillHost, diskImage: string): Promise<void> {
  const folder = hostFolder(places, host.name);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await removeDisks(places, host);
  await run('cp', ['--sparse=always', '--reflink=auto', diskImage, join(folder, 'data.img')]);
}

export async function removeDisks(places: Places, host: DrillHost): Promise<void> {
  for (const disk of ['root.cow', 'data.img']) await rm(join(hostFolder(places, host.name), disk), { force: true });
}

/** Starts a host's machine and returns its process at once; the machine answers about ten seconds later. */
export async function switchOn(places: Places, host: DrillHost, images: FleetState['images']): Promise<HostRecord> {
  const folder = hostFolder(places, host.name);
  await makeSerialLine(folder);
  await plugIn(places.namespace, host);
  const files = {
    cow: 'root.cow',
    root: rootOf(images, host),
    disk: join(folder, 'data.img'),
    tar: join(folder, 'files.tar'),
  };
  const [program, ...words] = [
    ...insideNetwork(places.namespace),
    launchScript,
    images.kernelTree,
    folder,
    `umid=${host.name}`,
    ...memoryAndConsole(memoryMib[host.server.vendor]),
    ...blockDevices(files),
    `vec0:transport=tap,ifname=${tapOf(host)},mac=${macOf(host)},depth=128,gro=1`,
    'net.ifnames=0',
  ] as [string, ...string[]];
  // Its own session, so that a Ctrl-C in this terminal does not reach the fleet. Every program on the way replaces
  // itself by the next, so this process becomes the kernel.
  const child = spawn(program, words, { detached: true, stdio: 'ignore' });
  child.unref();
  // The missing pid reports this error.
  child.on('error', () => undefined);
  if (child.pid === undefined)
    throw new DrillFailure('failed', `${host.name} could not be started: no ${program} here`);
  const record = await processRecord(child.pid);
  if (record) return record;
  throw new DrillFailure('failed', `${host.name}: process ${child.pid} ended as soon as it was started`);
}

/** The record of a machine's process; undefined where it has ended. */
export async function processRecord(pid: number): Promise<HostRecord | undefined> {
  const stat = await processStat(pid);
  return stat && { pid, startTicks: stat.startTicks, faults: [] };
}

/** Whether the machine is on. Another process with the same pid does not count. */
export async function machineState(record: HostRecord): Promise<MachineState> {
  const stat = await processStat(record.pid);
  if (stat?.startTicks !== record.startTicks || stat.state === 'Z') return 'off';
  if (stat.state === 'T') return 'paused';
  // A kernel that was just starting a process of its guest waits for that uninterruptibly, and is not seen as stopped itself.
  const guests = (await sessionMembers(record.pid)).filter(({ pid }) => pid !== record.pid);
  return guests.length > 0 && guests.every(({ state }) => state === 'T') ? 'paused' : 'running';
}

/**
 * Cuts the power: kills the kernel and its guests' processes, and waits until all are gone. Also ends processes of a
 * kernel that has ended by itself. Returns false where nothing was left to end; a DrillFailure where a process does not
 * end.
 */
export async function cutPower(record: HostRecord, patienceMs = 60_000): Promise<boolean> {
  const found = await processesOf(record);
  const deadlineMs = Date.now() + patienceMs;
  for (let left = found; left.length > 0; left = await processesOf(record)) {
    const refused = end(record, left);
    const last = left.join(', ');
    if (refused) throw new DrillFailure('failed', `process ${last} may not be ended: ${refused}`);
    if (Date.now() > deadlineMs) {
      throw new DrillFailure('failed', `process ${last} is still there ${patienceMs / 1000} s after SIGKILL`);
    }
    await sleep(50);
  }
  return found.length > 0;
}

/** Why a signal was refused, or undefined. The group is killed first: a living kernel could start more processes. */
function end(record: HostRecord, pids: readonly number[]): string | undefined {
  try {
    for (const pid of [-record.pid, ...pids]) sendSignal(pid, 'SIGKILL');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Stops the machine's clock. Neither the guest nor a client that waits for it can tell. */
export function pauseMachine(record: HostRecord): void {
  sendSignal(-record.pid, 'SIGSTOP');
}

export function resumeMachine(record: HostRecord): void {
  sendSignal(-record.pid, 'SIGCONT');
}

/**
 * The pids of a machine: its kernel's session. After the kernel has ended, only processes with a machine's name: the
 * session id may belong to others by now.
 */
async function processesOf(record: HostRecord): Promise<number[]> {
  const leader = await processStat(record.pid);
  if (leader && leader.startTicks !== record.startTicks) return [];
  const members = await sessionMembers(record.pid);
  const isOn = leader !== undefined && leader.state !== 'Z';
  return members.filter((member) => isOn || isMachine(member)).map(({ pid }) => pid);
}

/** Whether a process is a kernel, or carries guests of one. */
export function isMachine({ name }: ProcessStat): boolean {
  return name === 'linux.uml' || name === 'uml-userspace';
}
