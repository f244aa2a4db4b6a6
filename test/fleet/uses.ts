// Which hosts a test file works on: it has them for itself, and files that name others run beside it.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { tryLock } from '../../src/drill/lock.ts';
import { testState, until, upFile } from './fleet.ts';

const locks = join(testState, 'uses');
/** In its turn behind every file that wants the same hosts. */
const patienceSeconds = 3600;

export const everyHost = ['db1', 'db2', 'db3', 'db4', 'db5', 'db6'] as const;
type HostName = (typeof everyHost)[number];

/**
 * To be called first in a test file, with all the hosts that its tests change, and those that these replicate with where they look at
 * that. Holds the file's tests back until the fleet is up and nobody else uses these hosts. None: needs the fleet alone.
 */
export function usesHosts(...hosts: HostName[]): void {
  const releases: (() => Promise<void>)[] = [];
  beforeAll(
    async () => {
      await fleetIsUp();
      await mkdir(locks, { recursive: true });
      // In one order for all, or two would wait for each other.
      for (const host of hosts.toSorted()) {
        const release = await tryLock(join(locks, host), patienceSeconds);
        if (!release) throw new Error(`${host} was in use for ${patienceSeconds} s`);
        releases.push(release);
      }
    },
    (patienceSeconds + 60) * 1000,
  );
  afterAll(async () => {
    for (const release of releases) await release();
  });
}

async function fleetIsUp(): Promise<void> {
  const ended = await until(
    () => readFile(upFile, 'utf8').catch(() => ''),
    (words) => words !== '',
    1_800_000,
  );
  if (ended !== 'up') throw new Error(ended);
}
