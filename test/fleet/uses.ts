// The hosts that a test file uses: it has them for itself, and files with other hosts run at the same time.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { requireHostNamed } from '../../src/drill/hosts.ts';
import { tryLock } from '../../src/drill/lock.ts';
import { drill, sampleBytes, testState, until, upFile } from './fleet.ts';

const locks = join(testState, 'uses');
/** In turn, after every file that waits for the same hosts. */
const patienceSeconds = 3600;

export const everyHost = ['db1', 'db2', 'db3', 'db4', 'db5', 'db6'] as const;
type HostName = (typeof everyHost)[number] | 'db7' | 'db8' | 'db9' | 'db10';

const keep = process.env.RESEED_KEEP_FLEET === '1';

/**
 * To be called first in a test file, with all the hosts that its tests change, and those that these replicate with if
 * that is checked. It delays the file's tests until the fleet is up and no other file uses these hosts. Without hosts
 * it waits for the fleet alone. A host that `drill up` does not bring up by default is brought up for the file, and
 * taken down at its end: other files see six hosts. Its source has to be named too, because it has one more replica
 * meanwhile.
 */
export function usesHosts(...hosts: HostName[]): void {
  const releases: (() => Promise<void>)[] = [];
  const extra = hosts.map(requireHostNamed).filter((host) => host.extra);
  for (const { name, source } of extra) {
    const named: readonly string[] = hosts;
    if (source && !named.includes(source.host)) throw new Error(`who uses ${name} uses ${source.host}`);
  }
  const names = extra.map(({ name }) => name);
  beforeAll(
    async () => {
      await fleetIsUp();
      await mkdir(locks, { recursive: true });
      const began = Date.now();
      // All files take hosts in one order; else two would wait for each other.
      for (const host of hosts.toSorted()) {
        const release = await tryLock(join(locks, host), patienceSeconds);
        if (!release) throw new Error(`${host} was in use for ${patienceSeconds} s`);
        releases.push(release);
      }
      const waited = Math.round((Date.now() - began) / 1000);
      // A file's time, as the reporter prints it, includes this.
      if (waited > 1) process.stderr.write(`waited ${waited} s for ${hosts.join(' ')}\n`);
      if (names.length > 0) await drill('up', ...names, '--data', sampleBytes);
    },
    (patienceSeconds + 60) * 1000,
  );
  afterAll(async () => {
    if (names.length > 0 && !keep) await drill('down', ...names);
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
