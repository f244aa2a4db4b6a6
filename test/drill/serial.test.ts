// The serial line of a practice host, with the guest's own end of it on this machine.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DrillHost } from '../../src/drill/host.ts';
import { hostNamed } from '../../src/drill/hosts.ts';
import { askSerial, tellSerial } from '../../src/drill/machine/serial.ts';
import { drillSources, hostFolder, type Places, placesFrom } from '../../src/drill/places.ts';

const host = hostNamed('db1') as DrillHost;
let base: string;
let places: Places;
let guest: { kill: () => void; ended: Promise<unknown> };

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reseed-serial-'));
  places = placesFrom({ XDG_STATE_HOME: base });
  const folder = hostFolder(places, host.name);
  await mkdir(folder, { recursive: true });
  await execa('sh', ['-c', 'mkfifo "$1/serial.in" "$1/serial.out"', 'sh', folder]);
  // Both ends stay open, as those of a device do.
  const script = 'exec bash "$0" <>"$1/serial.in" 1<>"$1/serial.out" 2>/dev/null';
  const process = execa('bash', ['-c', script, join(drillSources, 'guest/serial.sh'), folder], {
    reject: false,
    forceKillAfterDelay: 1000,
  });
  guest = { kill: () => process.kill(), ended: process };
});
afterEach(async () => {
  guest.kill();
  await guest.ended;
  await rm(base, { recursive: true });
});

test('tells what a script printed, whatever its text, and that it failed', async () => {
  expect(await askSerial(places, host, `printf '%s' "$((1 + 1)) \\$HOME \\\\"\nexit 0`)).toBe('2 $HOME \\');
  await expect(tellSerial(places, host, 'echo no; exit 3')).rejects.toThrow('ended with 3:\n  no');
});

test('a fault is healed though a question to a server that hangs was asked before', async () => {
  expect(await askSerial(places, host, 'sleep 120; echo late', 1000)).toBeUndefined();
  expect(await tellSerial(places, host, 'echo healed', 60_000)).toBe('healed');
});
