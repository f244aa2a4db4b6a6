// Takes the fleet down: the machines that `up` started, the network, the disks and the keys.
import { readFile, rm } from 'node:fs/promises';
import { execa } from 'execa';
import { withLock } from './lock.ts';
import { cutPower, processRecord } from './machine.ts';
import { networkStands, removeNetwork } from './network.ts';
import type { Places } from './places.ts';
import type { Progress } from './progress.ts';
import { type HostRecord, readState } from './state.ts';

export interface TakenDown {
  /** How many machines were still on. */
  readonly machines: number;
  /** Processes of others inside the fleet's network: they go on, without a network. */
  readonly leftInside: readonly { readonly pid: number; readonly command: string }[];
}

/** Leaves no process, namespace, tap or file of the fleet. Works without its written state too, by what is on the machine. */
export async function takeDown(places: Places, progress: Progress): Promise<TakenDown> {
  return withLock(places.state, progress, async () => {
    const written = await readState(places).catch(() => undefined);
    const records: HostRecord[] = Object.values(written?.hosts ?? {});
    for (const { pid, command } of await processesInside(places)) {
      // The kernels of a fleet whose state was lost. Only `up` starts this program in this namespace.
      if (command.startsWith('linux.uml umid=')) records.push(await processRecord(pid));
    }
    const machines = new Set(records.map(({ pid }) => pid)).size;
    await Promise.all(records.map(cutPower));
    const leftInside = await processesInside(places);
    await removeNetwork(places.namespace);
    await rm(places.state, { recursive: true, force: true });
    return { machines, leftInside };
  });
}

async function processesInside(places: Places): Promise<{ pid: number; command: string }[]> {
  if (!(await networkStands(places.namespace))) return [];
  const { stdout } = await execa('ip', ['netns', 'pids', places.namespace], { reject: false });
  const found = stdout.split('\n').filter(Boolean).map(Number);
  return Promise.all(
    found.map(async (pid) => {
      const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return { pid, command: words.split('\0').join(' ').trim() };
    }),
  );
}
