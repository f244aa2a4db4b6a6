// seed-own.sh itself, with the scripts that orchestrator-agent's users have: `tar | nc`, called with their arguments.
import { chmod, copyFile, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { scriptText } from '../../src/scripts/script.ts';
import { receiveOwnWords, settleOwnWords } from '../../src/scripts/seed-own-words.ts';
import { type Receiving, receiving } from './receiving.ts';
import { account } from './staging.ts';

const port = 21_987;
const fixture = (name: string) => new URL(`../fixtures/agent/${name}`, import.meta.url).pathname;

let target: Receiving;
let donor: string;
let unit: string;
beforeEach(async () => {
  target = await receiving();
  donor = join(target.base, 'donor');
  unit = join(target.base, 'unit-own');
  await mkdir(join(donor, 'shop'), { recursive: true });
  await mkdir(unit);
  await writeFile(join(donor, 'ibdata1'), 'system', { mode: 0o640 });
  await writeFile(join(donor, 'shop', 'orders.ibd'), 'orders', { mode: 0o640 });
  await chmod(join(donor, 'shop'), 0o750);
  await copyFile(fixture('receive.sh'), join(target.base, 'receive.sh'));
  const files = ['1\tf\t640\t0\t6\tibdata1', '1\tf\t640\t0\t6\tshop/orders.ibd', 'end\t1\t2\t12'];
  expect(await target.list(['0\td\t750\t0\t0\tshop', ...files])).toMatchObject({ exitCode: 0 });
});
afterEach(() => target.end());

/** The unit's program; `run`: a line, as an inventory has it. */
async function receiver(run: string, seconds = 20) {
  const { datadir } = target;
  const words = receiveOwnWords({
    ...{ line: run, words: ['/mnt', String(port)], seconds, port, datadir },
    job: '0badcafe',
    owner: account.name,
  });
  const env = { RESEED_FOLDER: unit, RESEED_UNIT: `0badcafe/own-${process.pid}` };
  await execa('rm', ['-f', `/var/lib/reseed/ran/0badcafe.own-${process.pid}`]);
  return execa('sh', ['-c', await scriptText('seed-own'), 'seed-own.sh', ...words], { env, reject: false, all: true });
}
const progress = () => readFile(join(unit, 'progress'), 'utf8').catch(() => '');
const listening = () =>
  vi.waitFor(async () => expect(await progress()).toContain('listens'), { timeout: 20_000, interval: 50 });
async function settled() {
  const { datadir, known } = target;
  const words = settleOwnWords({ datadir, job: '0badcafe', owner: account.name, folder: known });
  return execa('sh', ['-c', await scriptText('seed-own'), 'seed-own.sh', ...words], { reject: false });
}
const receiveLine = () => join(target.base, 'receive.sh');
const send = (folder: string) => execa('bash', [fixture('send.sh'), folder, '127.0.0.1', String(port)]);

describe("the blog's tar | nc", () => {
  test('fills the folder of the new data as the account of the server; what the list has not is taken away', async () => {
    await writeFile(join(donor, 'auto.cnf'), 'uuid of the donor');
    await writeFile(join(donor, 'relay-bin.000001'), 'relay log');
    await symlink('/etc/shadow', join(donor, 'link'));
    const received = receiver(receiveLine());
    await listening();
    await send(donor);
    const { exitCode, stdout } = await received;
    expect([exitCode, stdout]).toEqual([0, 'delete /mnt\nstart nc on port 21987\nrun chown on /mnt']);
    const { stdout: said } = await settled();
    expect(said).toMatch(/^removed 2 (link relay-bin.000001|relay-bin.000001 link)\ncame 2 12$/);
    const { uid, mode } = await stat(join(target.arriving, 'shop', 'orders.ibd'));
    expect([uid, mode & 0o777]).toEqual([account.uid, 0o640]);
    expect(await readFile(join(target.arriving, 'shop', 'orders.ibd'), 'utf8')).toBe('orders');
  });

  test('that was cut after half of it ends well, and has failed: the file that did not come is named', async () => {
    await writeFile(join(donor, 'shop', 'orders.ibd'), 'ord', { mode: 0o640 });
    await execa('rm', [join(donor, 'ibdata1')]);
    const received = receiver(receiveLine());
    await listening();
    await send(donor);
    expect((await received).exitCode).toBe(0);
    expect(await settled()).toMatchObject({
      exitCode: 1,
      stderr: '2 of the files and folders of the donor did not come whole: ibdata1; shop/orders.ibd has 3 bytes, not 6',
    });
  });

  test('whose sender is hostile: no file outside of the new data is written or changed', async () => {
    const victim = join(target.base, 'victim');
    await writeFile(victim, 'as it was', { mode: 0o666 });
    await chmod(victim, 0o666);
    const received = receiver(`cd "$1"; nc -l -p ${port} | tar xPf -; true`);
    await listening();
    await execa('sh', [
      '-c',
      `printf evil >"$1/x" && tar cPf - --transform "s,.*,$2," "$1/x" | nc -N 127.0.0.1 ${port}`,
      'sh',
      donor,
      victim,
    ]);
    await received;
    expect(await readFile(victim, 'utf8')).toBe('as it was');
  });
});

test('a receiver that another program took the port from says so, before anything is run', async () => {
  const other = execa('nc', ['-l', '-p', String(port)], { reject: false });
  await vi.waitFor(async () => expect((await execa('sh', ['-c', 'cat /proc/net/tcp'])).stdout).toContain(':55E3 '));
  const { exitCode, stderr } = await receiver('echo was run');
  other.kill();
  await other;
  expect([exitCode, stderr]).toEqual([
    1,
    `port ${port} of this host is in use: another range of seed.ports has a free one`,
  ]);
});

test('a receiver that never ends is ended after its deadline, with all that it started', async () => {
  // Other tests have processes that sleep, too.
  const own = [1, 2].map((each) => `sleep ${each}0${process.pid}.${Date.now() % 1_000_000}`);
  const { exitCode } = await receiver(`${own[0]} & ${own[1]}; :`, 1);
  expect([exitCode, await progress()]).toEqual([124, expect.stringMatching(/late\n$/)]);
  const left = async () => (await execa('ps', ['-eo', 'args'])).stdout.split('\n').filter((line) => own.includes(line));
  await vi.waitFor(async () => expect(await left()).toEqual([]), { timeout: 60_000 });
});
