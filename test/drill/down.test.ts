// Ends a fleet whose machines are ordinary processes, so that a test can cause each kind of end.
import { execFileSync } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa, type Options } from 'execa';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { takeDown } from '../../src/drill/down.ts';
import { cutPower, machineState, pauseMachine, processRecord, resumeMachine } from '../../src/drill/machine/machine.ts';
import { hostFolder, placesFrom } from '../../src/drill/places.ts';
import { silentProgress } from '../../src/drill/progress.ts';
import { type HostRecord, readState, writeState } from '../../src/drill/state.ts';
import { sessionMembers } from '../../src/process/table.ts';

let folder: string;
const machines: HostRecord[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-down-'));
  // For the machine that belongs to another account.
  await chmod(folder, 0o755);
  for (const name of ['linux.uml', 'uml-userspace']) await copyFile('/bin/sleep', join(folder, name));
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const machine of machines.splice(0)) await cutPower(machine);
  await rm(folder, { recursive: true });
});

/** A session of its own, with a parent that reaps it, as init does for a machine; this process does not. */
async function started(script: string, options: Options = {}): Promise<HostRecord> {
  const parent = 'setsid sh -c "$2" "$1" & echo "$!"; wait';
  const child = execa('sh', ['-c', parent, 'sh', folder, script], { ...options, reject: false });
  const pid = await new Promise<number>((resolve) => child.stdout?.once('data', (line) => resolve(Number(line))));
  const record = await processRecord(pid);
  if (!record) throw new Error(`process ${pid} has ended`);
  machines.push(record);
  return record;
}
async function machine(): Promise<HostRecord> {
  const record = await started('exec "$0/linux.uml" 600');
  // Until the shell has become the kernel, there is none.
  await vi.waitFor(async () => expect(await machineState(record)).not.toBe('off'), 60_000);
  return record;
}

/** Its kernel alone, as if it had crashed. */
async function endsByItself(record: HostRecord): Promise<void> {
  await vi.waitFor(async () => expect(await machineState(record)).not.toBe('off'), 60_000);
  process.kill(record.pid, 'SIGKILL');
  await vi.waitFor(async () => expect(await machineState(record)).toBe('off'), 60_000);
}

/** The next signal comes too late: since it was last seen, the process has ended by itself and was reaped. */
function endsBeforeTheSignal({ pid }: HostRecord): void {
  const kill = process.kill.bind(process);
  vi.spyOn(process, 'kill').mockImplementationOnce((to, signal) => {
    execFileSync('sh', [
      '-c',
      'kill -KILL "$1"; while kill -0 "$1" 2>/dev/null; do sleep 0.01; done',
      'sh',
      String(pid),
    ]);
    return kill(to, signal);
  });
}

describe('a machine that ends by itself between the look and the signal is no error', () => {
  test('when its power is cut', async () => {
    const record = await machine();
    endsBeforeTheSignal(record);
    await cutPower(record);
    expect(await machineState(record)).toBe('off');
  });

  test.each([pauseMachine, resumeMachine])('of %o', async (act) => {
    const record = await machine();
    endsBeforeTheSignal(record);
    act(record);
    expect(await machineState(record)).toBe('off');
  });
});

test('a machine whose kernel was starting a process when it was paused is paused, and goes on: it stayed stopped for good', async () => {
  const record = await started('"$0/uml-userspace" 600 & exec "$0/linux.uml" 600');
  await vi.waitFor(async () => expect(await sessionMembers(record.pid)).toHaveLength(2), 60_000);
  const [guest] = (await sessionMembers(record.pid)).filter(({ pid }) => pid !== record.pid);
  process.kill(guest?.pid ?? Number.NaN, 'SIGSTOP');
  await vi.waitFor(async () => expect(await machineState(record)).toBe('paused'), 60_000);
  resumeMachine(record);
  await vi.waitFor(async () => expect(await machineState(record)).toBe('running'), 60_000);
});

test('a machine that is named twice is ended once', async () => {
  const record = await machine();
  expect((await Promise.all([cutPower(record), cutPower(record)])).filter(Boolean).length).toBeGreaterThan(0);
  expect(await cutPower(record)).toBe(false);
});

test('what carried the guests of a kernel that has ended is ended with it', async () => {
  const record = await started('"$0/uml-userspace" 600 & "$0/uml-userspace" 600 & exec "$0/linux.uml" 600');
  const guests = async () => (await sessionMembers(record.pid)).filter(({ name }) => name === 'uml-userspace');
  await vi.waitFor(async () => expect(await guests()).toHaveLength(2), 60_000);
  await endsByItself(record);
  expect(await guests()).toHaveLength(2);
  expect(await cutPower(record)).toBe(true);
  expect(await sessionMembers(record.pid)).toEqual([]);
});

test('a session that only has the number of a machine that ended is left alone', async () => {
  const record = await started('sleep 600 & exec "$0/linux.uml" 600');
  await endsByItself(record);
  await vi.waitFor(async () => expect(await nameOf(record)).toBe('sleep'), 60_000);
  expect(await cutPower(record)).toBe(false);
  const [other] = await sessionMembers(record.pid);
  expect(other?.name).toBe('sleep');
  process.kill(other?.pid ?? Number.NaN, 'SIGKILL');
});

describe('down', () => {
  // Apart: with a bundle, a start keeps what it compiled in the cache.
  const homes = () => ({ XDG_STATE_HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') });
  const places = () => placesFrom(homes());
  const fleetOf = async (hosts: Record<string, HostRecord>) => {
    for (const host of Object.keys(hosts)) await mkdir(hostFolder(places(), host), { recursive: true });
    const images = { kernelTree: '', roots: { mysql: '', mariadb: '' }, disks: {} };
    await writeState(places(), { version: 1, dataBytes: 1, replicationPassword: '', images, hosts });
  };

  test('ends with nothing left though a machine is written down twice, and another has ended by itself', async () => {
    const [db1, db2] = [await machine(), await machine()];
    await fleetOf({ db1, 'db1-again': db1, db2 });
    endsBeforeTheSignal(db2);
    expect(await takeDown(places(), silentProgress)).toMatchObject({ stood: true, leftOn: [], leftInside: [] });
    expect(await machineState(db1)).toBe('off');
    expect(await readdir(join(folder, 'reseed'))).toEqual([]);
  });

  test('a machine that may not be ended does not keep the others up, and is named', async () => {
    const db1 = await machine();
    const db2 = await started('exec setpriv --reuid 65534 --clear-groups "$0/linux.uml" 600');
    await vi.waitFor(async () => expect(await nameOf(db2)).toBe('linux.uml'), 20_000);
    await fleetOf({ db1, db2 });
    const withoutKill = ['--bounding-set=-kill', '--inh-caps=-kill', process.execPath, 'bin/reseed.js'];
    const down = await execa('setpriv', [...withoutKill, 'drill', 'down'], {
      env: homes(),
      reject: false,
    });
    expect(down.stderr).toBe('');
    expect(down.stdout).toContain(`1 machine ended\ndb2 is still on (process ${db2.pid}): `);
    expect(down.stdout).toContain('may not be ended: kill EPERM');
    expect(down.exitCode).toBe(1);
    expect(await machineState(db1)).toBe('off');
    expect(Object.keys((await readState(places()))?.hosts ?? {})).toEqual(['db2']);
    expect(await readdir(places().state)).toEqual(expect.arrayContaining(['db2', 'fleet.json']));
    expect(await readdir(places().state)).not.toContain('db1');
    expect(await takeDown(places(), silentProgress)).toMatchObject({ machines: 1, leftOn: [] });
    expect(await readdir(join(folder, 'reseed'))).toEqual([]);
  });
});

const nameOf = async ({ pid }: HostRecord) => (await sessionMembers(pid))[0]?.name;
