import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { placesFrom } from '../../src/drill/places.ts';
import { sendSignal } from '../../src/process/signal.ts';
import { type Ended, reseed, runs, testEnvironment } from './fleet.ts';
import { usesHosts } from './uses.ts';

usesHosts();

let stateHome: string;
beforeAll(async () => {
  stateHome = await mkdtemp(join(tmpdir(), 'reseed-second-fleet-'));
});
afterAll(async () => {
  await second('down');
  await rm(stateHome, { recursive: true, force: true });
});

/** A drill verb on a second fleet, beside the one that the other tests run on. */
const second = (...words: string[]): Promise<Ended> =>
  reseed(['drill', ...words], { env: { ...testEnvironment, XDG_STATE_HOME: stateHome } });
const up = () => second('up', 'db6', '--data', '20M');

async function kernels(): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    const words = /^\d+$/.test(name) ? await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '') : '';
    if (words.includes(stateHome)) found.push(Number(name));
  }
  return found;
}
const namespaces = async () => (await runs('ip', ['netns', 'list'])).stdout;
const ownNamespace = () => placesFrom({ ...testEnvironment, XDG_STATE_HOME: stateHome }).namespace;

test('down leaves no process, namespace, mount or file', async () => {
  expect((await up()).exitCode).toBe(0);
  expect(await namespaces()).toContain(ownNamespace());
  expect((await kernels()).length).toBeGreaterThan(0);
  expect((await second('down')).stdout).toBe('1 machine ended; network, disks and keys are gone');
  expect(await kernels()).toEqual([]);
  expect(await namespaces()).not.toContain(ownNamespace());
  expect(await readdir(join(stateHome, 'reseed'))).toEqual([]);
  expect(await readFile('/proc/self/mounts', 'utf8')).not.toContain(stateHome);
});

test('up just works after a crash of the machine', async () => {
  expect((await up()).exitCode).toBe(0);
  // What a crash leaves: the files, and nothing that ran.
  for (const pid of await kernels()) sendSignal(pid, 'SIGKILL');
  await expect.poll(kernels).toEqual([]);
  await runs('ip', ['netns', 'delete', ownNamespace()]);
  const again = await up();
  expect(again.exitCode).toBe(0);
  expect(again.stdout).toMatch(/^db6 .* running .* ✔/m);
});

test('down ends the fleet even when what was written down of it is lost', async () => {
  expect((await up()).exitCode).toBe(0);
  await rm(join(stateHome, 'reseed/drill/fleet.json'));
  expect((await second('down')).stdout).toBe('1 machine ended; network, disks and keys are gone');
  expect(await kernels()).toEqual([]);
});

test('down with no fleet says so', async () => {
  expect(await second('down')).toMatchObject({ exitCode: 0, stdout: 'no fleet was up' });
});
