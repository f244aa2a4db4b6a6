// What systemd makes of our drop-ins together with those of a shop: the unit's command line, its conditions.
import { chmod, mkdir, readdir, readFile, readlink, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scriptText } from '../../src/scripts/script.ts';
import { type StartVerb, type StartWords, seedStartWords } from '../../src/scripts/seed-start-words.ts';
import { type Staging, staging } from './staging.ts';

let here: Staging;
let folder: string;
beforeEach(async () => {
  here = await staging();
  folder = `/etc/systemd/system/${here.unit}.service.d`;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, '10-shop.conf'), '[Service]\nExecStart=\nExecStart=/usr/sbin/mysqld\n');
});
afterEach(async () => {
  await rm(`/var/lib/reseed/log-from/${here.job}-${here.unit}`, { force: true });
  await here.end();
});

const options = ['--skip-replica-start', '--read-only'];
async function seedStart<Verb extends StartVerb>(verb: Verb, own: StartWords<Verb>) {
  const args = ['-c', await scriptText('seed-start'), 'seed-start.sh', ...seedStartWords(verb, here, own)];
  const env = { PATH: `${here.base}/bin:${process.env.PATH}` };
  const { exitCode, all } = await execa('sh', args, { env, reject: false, all: true });
  return { exitCode, said: all };
}

test('a first start keeps its options where the shop has a command of its own in zz-local.conf', async () => {
  await writeFile(join(folder, 'zz-local.conf'), '[Service]\nExecStart=\nExecStart=/usr/sbin/mysqld --shop\n');
  expect(await seedStart('prepare', { log: '/var/log/none', option: options })).toEqual({ exitCode: 0, said: '' });
  const ours = `zzzz-reseed-${here.job}-start.conf`;
  expect(await readdir(folder)).toEqual(['10-shop.conf', 'zz-local.conf', ours]);
  expect((await readFile(join(folder, ours), 'utf8')).trim().split('\n').at(-1)).toBe(
    'ExecStart=/usr/sbin/mysqld --shop --skip-replica-start --read-only',
  );
  expect(await seedStart('release', {})).toEqual({ exitCode: 0, said: '' });
  expect(await readdir(folder)).toEqual(['10-shop.conf', 'zz-local.conf']);
});

test('a first start has no limit of its unit: systemd ended the recovery of a snapshot after its 90 s, at each try', async () => {
  expect(await seedStart('prepare', { log: '/var/log/none', option: options })).toEqual({ exitCode: 0, said: '' });
  expect(await readFile(join(folder, `zzzz-reseed-${here.job}-start.conf`), 'utf8')).toContain('\nTimeoutStartSec=0\n');
});

test('where a later file has a command of its own, it is refused by that file’s name, before the start and at it', async () => {
  const later = join(folder, 'zzzzz-local.conf');
  expect(await seedStart('prepare', { log: '/var/log/none', option: options })).toEqual({ exitCode: 0, said: '' });
  await writeFile(later, '[Service]\nExecStart=\nExecStart=/usr/sbin/mysqld --shop\n');
  const refused = { exitCode: 3, said: expect.stringContaining(`${later} is read after zzzz-reseed-`) };
  expect(await seedStart('start', { datadir: here.datadir })).toEqual(refused);
  expect(await seedStart('prepare', { log: '/var/log/none', option: options })).toEqual(refused);
  expect(await readdir(folder)).toEqual(['10-shop.conf', 'zzzzz-local.conf']);
});

test('a server that runs without the options of its first start is stopped, and that is said', async () => {
  const program = join(here.base, 'bin', 'mysqld');
  await writeFile(program, '#!/bin/sh\nwhile :; do sleep 0.1; done\n', { mode: 0o755 });
  const stops = `#!/bin/sh\n[ "$1" != stop ] || echo "$2" >"$0.stopped"\n`;
  await writeFile(join(here.base, 'bin', 'systemctl'), stops, { mode: 0o755 });
  for (const has of [options, ['--read-only']]) {
    const server = execa(program, has, { cwd: here.datadir, reject: false });
    try {
      await expect.poll(() => readlink(`/proc/${server.pid}/cwd`).catch(() => '')).toBe(here.datadir);
      const { exitCode, said } = await seedStart('held', { datadir: here.datadir, option: options });
      expect(exitCode).toBe(has === options ? 0 : 1);
      if (has !== options) expect(said).toContain('was started without --skip-replica-start, and is stopped again');
    } finally {
      server.kill('SIGKILL');
      await server;
    }
  }
  expect((await readFile(join(here.base, 'bin', 'systemctl.stopped'), 'utf8')).trim()).toBe(here.unit);
});

test('a server that the machine has started meanwhile is stopped where it is held back, and left where it is not', async () => {
  const program = join(here.base, 'bin', 'mysqld');
  await writeFile(program, '#!/bin/sh\nwhile :; do sleep 0.1; done\n', { mode: 0o755 });
  expect(await seedStart('prepare', { log: '/var/log/none', option: options })).toEqual({ exitCode: 0, said: '' });
  const calls = join(here.base, 'bin', 'systemctl.calls');
  await writeFile(join(here.base, 'bin', 'systemctl'), `#!/bin/sh\necho "$1" >>${calls}\n`, { mode: 0o755 });
  const asked = async () => (await readFile(calls, 'utf8')).split('\n').filter((verb) => /^(stop|start)$/.test(verb));
  const again = () => seedStart('again', { datadir: here.datadir, log: '/var/log/none' });
  const runs = async (words: string[], look: () => Promise<void>) => {
    const server = execa(program, words, { cwd: here.datadir, reject: false });
    try {
      await expect.poll(() => readlink(`/proc/${server.pid}/cwd`).catch(() => '')).toBe(here.datadir);
      await look();
    } finally {
      server.kill('SIGKILL');
      await server;
    }
  };
  await runs(['--read-only'], async () => {
    const refused = { exitCode: 3, said: expect.stringContaining('the server was started by hand') };
    expect(await again()).toEqual(refused);
  });
  await writeFile(calls, '');
  await runs(options, async () => {
    expect((await again()).exitCode).toBe(0);
    expect(await asked()).toEqual(['stop', 'start']);
  });
  expect(await readdir(folder)).toEqual(['10-shop.conf']);
  await writeFile(calls, '');
  await runs(['--read-only'], async () => {
    expect(await again()).toEqual({ exitCode: 0, said: '' });
    expect(await asked()).toEqual([]);
  });
  await seedStart('release', {});
});

test('a process of another account, which looks like the server, stops no server by its words, and is none that was started', async () => {
  await chmod(here.base, 0o755);
  const program = join(here.base, 'bin', 'mysqld');
  await writeFile(program, '#!/bin/sh\nwhile :; do sleep 0.1; done\n', { mode: 0o755 });
  const calls = join(here.base, 'bin', 'systemctl.calls');
  await writeFile(join(here.base, 'bin', 'systemctl'), `#!/bin/sh\necho "$1" >>${calls}\n`, { mode: 0o755 });
  for (const words of [options, ['--shop']]) {
    const as = ['--reuid=64002', '--regid=64002', '--clear-groups', program, ...words];
    const other = execa('setpriv', as, { cwd: here.datadir, reject: false });
    try {
      await expect.poll(() => readFile(`/proc/${other.pid}/comm`, 'utf8').catch(() => '')).toBe('mysqld\n');
      const held = await seedStart('held', { datadir: here.datadir, option: options });
      expect(held).toEqual({ exitCode: 0, said: 'none' });
      // The datadir is not taken for a free one.
      const again = await seedStart('again', { datadir: here.datadir, log: '/var/log/none' });
      expect(again).toEqual({ exitCode: 3, said: expect.stringContaining(`process ${other.pid} works in `) });
    } finally {
      other.kill('SIGKILL');
      await other;
    }
  }
  expect(await readFile(calls, 'utf8')).not.toMatch(/^(stop|start)$/m);
});

test('what a server said that its machine started, after a power cut just before its start, is read: its second start showed no torn page any more', async () => {
  const program = join(here.base, 'bin', 'mysqld');
  await writeFile(program, '#!/bin/sh\nwhile :; do sleep 0.1; done\n', { mode: 0o755 });
  expect(await seedStart('prepare', { log: '/var/log/none', option: options })).toEqual({ exitCode: 0, said: '' });
  const systemctl = join(here.base, 'bin', 'systemctl');
  const calls = `${systemctl}.calls`;
  await rename(systemctl, `${systemctl}.shown`);
  const stops = `case $1 in stop | start | reset-failed) echo "$1" >>${calls} ;; *) exec ${systemctl}.shown "$@" ;; esac`;
  await writeFile(systemctl, `#!/bin/sh\n${stops}\n`, { mode: 0o755 });
  const server = execa(program, options, { cwd: here.datadir, reject: false });
  const from = `/var/lib/reseed/log-from/${here.job}-${here.unit}`;
  const asked = async () => {
    await writeFile(calls, '');
    expect(await seedStart('start', { datadir: here.datadir })).toEqual({
      exitCode: 0,
      said: '',
    });
    return (await readFile(calls, 'utf8')).split('\n').filter((verb) => /^(stop|start)$/.test(verb));
  };
  try {
    await expect.poll(() => readlink(`/proc/${server.pid}/cwd`).catch(() => '')).toBe(here.datadir);
    // Noted before, and not behind its words.
    expect(await readFile(from, 'utf8')).toBe('0\n');
    expect(await asked()).toEqual(['start']);
    expect(await readFile(from, 'utf8')).toBe('0\n');
  } finally {
    server.kill('SIGKILL');
    await server;
    await seedStart('release', {});
  }
});

test('a hold that a later file takes back fails, and one that an earlier takes back does not', async () => {
  await here.stage.prepare();
  await writeFile(join(folder, 'zz-local.conf'), '[Unit]\nConditionPathExists=\n');
  expect(await here.stage.hold()).toEqual({ exitCode: 0, said: '' });
  await writeFile(join(folder, 'zzzzz-local.conf'), '[Unit]\nConditionPathExists=\n');
  const { exitCode, said } = await here.stage.hold();
  expect(exitCode).toBe(1);
  expect(said).toContain(
    `could be started while its datadir is not complete: ${folder}/zzzzz-local.conf is read after`,
  );
  expect((await here.stage.back()).exitCode).toBe(0);
  expect(await readdir(folder)).toEqual(['10-shop.conf', 'zz-local.conf', 'zzzzz-local.conf']);
});
