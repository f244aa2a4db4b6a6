// One practice host as a process: a user-mode kernel started in the fleet's network, ended by its own id and nothing else.
import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DrillFailure } from './failure.ts';
import type { DrillHost } from './hosts.ts';
import { blockDevices, launchScript, makeSerialLine, memoryAndConsole } from './kernel.ts';
import { insideNetwork, macOf, plugIn, tapOf } from './network.ts';
import { hostFolder, type Places } from './places.ts';
import { run } from './run.ts';
import type { FleetState, HostRecord } from './state.ts';

export type MachineState = 'running' | 'paused' | 'off';

/** What a host gets of memory. Both servers take about 400 MB with the settings of overlay.ts. */
const memoryMib = { mysql: 880, mariadb: 640 };

/** Gives a host the disks of its first state. Its machine must be off. */
export async function freshDisks(places: Places, host: DrillHost, diskImage: string): Promise<void> {
  const folder = hostFolder(places, host.name);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await rm(join(folder, 'root.cow'), { force: true });
  await rm(join(folder, 'data.img'), { force: true });
  await run('cp', ['--sparse=always', '--reflink=auto', diskImage, join(folder, 'data.img')]);
}

/** Switches a host's machine on and gives its process, at once: it takes about ten seconds until it answers. */
export async function switchOn(places: Places, host: DrillHost, images: FleetState['images']): Promise<HostRecord> {
  const folder = hostFolder(places, host.name);
  await makeSerialLine(folder);
  await plugIn(places.namespace, host);
  const files = {
    cow: 'root.cow',
    root: images.roots[host.vendor],
    disk: join(folder, 'data.img'),
    tar: join(folder, 'files.tar'),
  };
  const [program, ...words] = [
    ...insideNetwork(places.namespace),
    launchScript,
    images.kernelTree,
    folder,
    `umid=${host.name}`,
    ...memoryAndConsole(memoryMib[host.vendor]),
    ...blockDevices(files),
    `vec0:transport=tap,ifname=${tapOf(host)},mac=${macOf(host)},depth=128,gro=1`,
    'net.ifnames=0',
  ] as [string, ...string[]];
  // Its own session: a Ctrl-C in this terminal is not for the fleet. Every program on the way replaces itself by the next,
  // so this process becomes the kernel.
  const child = spawn(program, words, { detached: true, stdio: 'ignore' });
  child.unref();
  if (child.pid === undefined)
    throw new DrillFailure('failed', `${host.name} could not be started: no ${program} here`);
  return processRecord(child.pid);
}

/** What is written down of a machine's process. */
export async function processRecord(pid: number): Promise<HostRecord> {
  const stat = await processStat(pid);
  if (!stat) throw new DrillFailure('failed', `process ${pid} ended as soon as it was started`);
  return { pid, startTicks: stat.startTicks, faults: [] };
}

/** Whether the machine is on. A process that only has the same number is not it. */
export async function machineState(record: HostRecord): Promise<MachineState> {
  const stat = await processStat(record.pid);
  if (stat?.startTicks !== record.startTicks || stat.state === 'Z') return 'off';
  return stat.state === 'T' ? 'paused' : 'running';
}

/** Pulls the plug: kills the kernel and the processes that carry its guests, and waits until all are gone. */
export async function cutPower(record: HostRecord): Promise<void> {
  if ((await machineState(record)) === 'off') return;
  process.kill(-record.pid, 'SIGKILL');
  const deadlineMs = Date.now() + 20_000;
  while ((await sessionMembers(record.pid)).length > 0) {
    if (Date.now() > deadlineMs) {
      throw new DrillFailure('failed', `process ${record.pid} is still there 20 s after SIGKILL`);
    }
    await sleep(50);
  }
}

/** Stops the machine's clock, and lets it go on. The guest cannot tell, and neither can who waits for it. */
export function pauseMachine(record: HostRecord): void {
  process.kill(-record.pid, 'SIGSTOP');
}

export function resumeMachine(record: HostRecord): void {
  process.kill(-record.pid, 'SIGCONT');
}

async function sessionMembers(session: number): Promise<number[]> {
  const members: number[] = [];
  for (const name of await readdir('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const stat = await processStat(pid);
    if (stat?.session === session && stat.state !== 'Z') members.push(pid);
  }
  return members;
}

/** proc_pid_stat(5). The second field is in parentheses and may hold anything. */
async function processStat(pid: number): Promise<{ state: string; session: number; startTicks: number } | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', session: Number(fields[3]), startTicks: Number(fields[19]) };
}
