// Many hosts, asked by a process that gets too little time: no host is blamed for that.
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { type StandIns, standIns } from '../../bench/fleet.ts';
import { askOnce } from '../../src/fleet/polling/once.ts';
import { loadInventory } from '../../src/inventory/inventory.ts';
import type { Host, Inventory } from '../../src/inventory/settings.ts';
import { targetOf } from '../../src/operations/hosts/target-of.ts';
import { sendSignal } from '../../src/process/signal.ts';
import { deadlineIn, endedWithin } from '../../src/remote/deadline.ts';
import { openRemotes } from '../../src/remote/open.ts';
import { scriptText } from '../../src/scripts/script.ts';
import { ScriptedHost } from './scripted.ts';

const hosts = 12;
let folder: string;
let fleet: StandIns;
let silent: Server;
const held = new Set<Socket>();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-starved-'));
  fleet = await standIns(folder, hosts, false);
  silent = createServer((socket) => held.add(socket.resume().on('error', () => undefined)));
  await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening));
}, 240_000);
afterAll(async () => {
  fleet.end();
  for (const socket of held) socket.destroy();
  silent.close();
  await rm(folder, { recursive: true });
});

/** This process is idle, and takes no core from others. */
const stand = (ms: number) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

/** The event loop is blocked for `ms` at each of its turns. */
function starve(ms: number) {
  let isOver = false;
  const block = () => {
    stand(ms);
    if (!isOver) setTimeout(block, 1);
  };
  block();
  onTestFinished(() => {
    isOver = true;
  });
}

async function inventoryWith(change: (host: Host) => Host): Promise<Inventory> {
  const read = await loadInventory({ environment: process.env, workingDirectory: folder, flag: fleet.inventory });
  if (!read.ok) throw new Error('the inventory was not read');
  return { ...read.inventory, hosts: read.inventory.hosts.map(change) };
}

async function statesOf(inventory: Inventory, deadlineMs: number): Promise<string[]> {
  const remotes = openRemotes({ environment: process.env });
  const script = await scriptText('probe');
  const open = (host: Host) => remotes.open(targetOf(host, inventory));
  const { signal } = new AbortController();
  const picture = await askOnce({ inventory, script, open, deadlineMs, signal });
  await remotes.close();
  return picture.hosts.map(({ link }) => (link.state === 'failed' ? link.failure.message : link.state));
}

test('a starved process calls no host unreachable: it waits until each has answered', async () => {
  const inventory = await inventoryWith((host) => ({ ...host, ssh: { ...host.ssh, transport: 'ssh2' } }));
  starve(400);
  expect(await statesOf(inventory, 1500)).toEqual(Array.from({ length: hosts }, () => 'answering'));
}, 240_000);

test('a host that is silent is said to be, by a starved process as well', async () => {
  const { port } = silent.address() as AddressInfo;
  const mute = (host: Host): Host =>
    host.name === 'db1' ? { ...host, ssh: { ...host.ssh, host: '127.0.0.1', port, transport: 'ssh2' } } : host;
  const inventory = await inventoryWith(mute);
  const only = { ...inventory, hosts: inventory.hosts.slice(0, 1) };
  starve(300);
  expect(await statesOf(only, 1000)).toEqual(['db1 gave no answer within 1 s']);
  // Nothing of the attempt keeps this process alive after its answer.
  await expect.poll(() => [...held].map((socket) => socket.destroyed), { timeout: 6000 }).toEqual([true]);
}, 240_000);

test('a host that takes the probe and gives no whole report has not answered, though it is connected', async () => {
  const inventory = await inventoryWith((host) => host);
  const only = { ...inventory, hosts: inventory.hosts.slice(0, 1) };
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const host = new ScriptedHost();
  host.answersAtOnce = false;
  const { signal } = new AbortController();
  const asked = askOnce({ inventory: only, script: '', open: () => host.open(), deadlineMs: 20_000, signal });
  await vi.advanceTimersByTimeAsync(25_000);
  expect((await asked).hosts[0]?.link).toMatchObject({ state: 'failed', failure: { kind: 'timeout' } });
});

test('a deadline that a stopped process missed is reached later, after what came has been read', async () => {
  const order: string[] = [];
  const reached = Promise.withResolvers<void>();
  deadlineIn(200, () => {
    order.push('deadline');
    reached.resolve();
  });
  // Comes while the process does not read.
  const socket = createServer((caller) => caller.end('answer'));
  await new Promise<void>((listening) => socket.listen(0, '127.0.0.1', listening));
  const { connect } = await import('node:net');
  connect((socket.address() as AddressInfo).port, '127.0.0.1').on('data', () => order.push('answer'));
  stand(1000);
  await reached.promise;
  socket.close();
  expect(order).toEqual(['answer', 'deadline']);
});

test('a program that answered while this process stood still is not ended for being slow', async () => {
  let isKilled = false;
  const socket = createServer((caller) => caller.end('answer'));
  await new Promise<void>((listening) => socket.listen(0, '127.0.0.1', listening));
  const { connect } = await import('node:net');
  const answer = new Promise<string>((resolve) => {
    connect((socket.address() as AddressInfo).port, '127.0.0.1').on('data', (data) => resolve(data.toString()));
  });
  const kill = () => {
    isKilled = true;
    return true;
  };
  const ended = endedWithin(Object.assign(answer, { kill }), 200);
  stand(1000);
  expect(await ended).toBe('answer');
  socket.close();
  expect(isKilled).toBe(false);
});

test('a program that has to be ended is not waited for until what it started ends too', async () => {
  const child = execa('sh', ['-c', 'sleep 600 & echo $!; wait'], { reject: false, stdin: 'ignore' });
  const left = await new Promise((said) => child.stdout.once('data', said));
  onTestFinished(() => void sendSignal(Number(left), 'SIGKILL'));
  const { stdout, isTerminated } = await endedWithin(child, 100);
  expect({ stdout, isTerminated }).toEqual({ stdout: String(left).trim(), isTerminated: true });
}, 30_000);
