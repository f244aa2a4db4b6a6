// Makes faults, and heals them at the end of a test.
import { afterEach, expect } from 'vitest';
import { drill, onHost, statusOf, until } from './fleet.ts';

const broken = new Set<string>();

/** To be called once in a test file: what a test leaves broken is healed. */
export function healsWhatIsBroken(): void {
  afterEach(async () => {
    for (const host of broken) await drill('heal', host);
    broken.clear();
  });
}

export async function breaks(fault: string, host: string, ...args: string[]): Promise<void> {
  broken.add(host);
  await drill('fault', fault, host, ...args);
}

export async function mends(host: string): Promise<void> {
  await drill('heal', host);
  broken.delete(host);
}

/** The status tells of it. */
export async function make(fault: string, host: string, ...args: string[]): Promise<void> {
  await breaks(fault, host, ...args);
  expect((await statusOf(host)).faults).toEqual([{ name: fault, args }]);
}

/** Waits until the status no longer reports it. */
export async function heal(host: string): Promise<void> {
  await mends(host);
  const { faults, machine } = await statusOf(host);
  expect({ faults, machine }).toEqual({ faults: [], machine: 'running' });
}

export const replicates = (host: string) =>
  until(
    () => statusOf(host),
    ({ replication, lagSeconds }) => replication === 'replicating' && lagSeconds === 0,
  );

/** break-replication, and back. */
export async function applierStops(host: string): Promise<void> {
  await make('break-replication', host);
  const stopped = await until(
    () => statusOf(host),
    ({ replication }) => replication?.startsWith('broken') ?? false,
  );
  expect(stopped.replication).toMatch(/Duplicate entry '\d+' for key/);
  await heal(host);
  await replicates(host);
  expect(await drill('verify', host)).toContain('✔');
}

/** disk-errors, and back. */
export async function readsFail(host: string, volume: string): Promise<void> {
  const read = () => onHost(host, `sudo -n dd if=/dev/${volume} of=/dev/null bs=1M count=8 iflag=direct`);
  await make('disk-errors', host);
  expect((await read()).stderr).toContain('Input/output error');
  await heal(host);
  expect((await read()).exitCode).toBe(0);
}
