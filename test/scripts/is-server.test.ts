// Which processes scripts take for a server of a host.
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { scriptText } from '../../src/scripts/script.ts';
import { type Alone, openAlone } from '../alone.ts';

let folder: string;
let alone: Alone;
let prelude: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-server-'));
  alone = await openAlone();
  await copyFile('/bin/bash', join(folder, 'mysqld'));
  // The words stay on the command line of the process.
  await writeFile(join(folder, 'waits'), 'sleep 1000 & wait\n');
  prelude = (await scriptText('check')).split('\n#!/bin/sh\n')[0] as string;
});
afterAll(async () => {
  await alone.end();
  await rm(folder, { recursive: true });
});

async function aFolder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'reseed-datadir-'));
  onTestFinished(() => rm(made, { recursive: true }));
  return made;
}
const serversIn = async (datadir: string) =>
  (await alone.run('sh', ['-c', `${prelude}\nservers_in '${datadir}'`])).stdout;
const found = async (...words: string[]) => {
  const pid = await alone.start(join(folder, 'mysqld'), [join(folder, 'waits'), ...words], folder);
  const { stdout } = await alone.run('sh', ['-c', `${prelude}\nservers_in '${folder}'`]);
  await alone.kill(pid);
  return stdout === '' ? 'no server' : stdout === String(pid) ? 'a server' : stdout;
};

test.each([
  ['--verbose', '--help'],
  ['--no-defaults', '--print-defaults'],
  ['--defaults-file=/etc/my.cnf', '--validate-config'],
  ['-V'],
])(
  'a mysqld that another reseed asks something (%s %s) is no server that runs and does not answer',
  async (...words) => {
    expect(await found(...words)).toBe('no server');
  },
);

test.each([['--user=mysql'], ['--initialize', '--user=mysql'], ['--init-file=/tmp/--help']])(
  'a mysqld with %s %s works in its datadir',
  async (...words) => {
    expect(await found(...words)).toBe('a server');
  },
);

test.each([
  ['<>', 'is a server, whatever the name of its program (a wrapper may run another)'],
  ['<', 'only reads, and is none'],
])('a process that has the data open by %s %s', async (mode) => {
  await copyFile('/bin/bash', join(folder, 'database'));
  await writeFile(join(folder, 'ibdata1'), 'x');
  await writeFile(
    join(folder, 'opens'),
    `exec 7${mode}'${folder}/ibdata1'; : >'${folder}/opened'; sleep 1000 & wait\n`,
  );
  await rm(join(folder, 'opened'), { force: true });
  const pid = await alone.start(join(folder, 'database'), [join(folder, 'opens')], folder);
  await expect.poll(() => existsSync(join(folder, 'opened'))).toBe(true);
  const { stdout } = await alone.run('sh', ['-c', `${prelude}\nservers_in '${folder}'`]);
  await alone.kill(pid);
  expect(stdout.split('\n').filter(Boolean).includes(String(pid))).toBe(mode === '<>');
});

test('a server in a container, whose files are called alike there, does not work in the folder of this host: its stop was waited for without end', async () => {
  const [here, there] = [await aFolder(), await aFolder()];
  for (const one of [here, there]) await writeFile(join(one, 'ibdata1'), 'x');
  const opens = `exec 7<>'${here}/ibdata1'; : >'${there}/opened'; sleep 1000 & wait`;
  const mounts = `mount --bind '${there}' '${here}'; cd /; exec '${folder}/mysqld' -c "${opens}" >/dev/null 2>&1\n`;
  await writeFile(join(there, 'mounts'), mounts);
  const ended = alone.run('unshare', ['-m', 'bash', join(there, 'mounts')]);
  await expect.poll(() => existsSync(join(there, 'opened'))).toBe(true);
  const named = 'for one in /proc/[0-9]*; do [ "$(cat "$one/comm")" != mysqld ] || basename "$one"; done';
  const pid = (await alone.run('sh', ['-c', named])).stdout;
  expect((await alone.run('readlink', [`/proc/${pid}/fd/7`])).stdout).toBe(`${here}/ibdata1`);
  expect(await serversIn(here)).toBe('');
  await alone.kill(Number(pid));
  await ended;
});

test('a server that is starting has files of its datadir open, and works there', async () => {
  const here = await aFolder();
  await writeFile(join(here, 'starts'), `exec 7<>'${here}/ib_logfile0'; : >'${here}/begun'; sleep 1000 & wait\n`);
  const pid = await alone.start(join(folder, 'mysqld'), [join(here, 'starts')], '/');
  await expect.poll(() => existsSync(join(here, 'begun'))).toBe(true);
  expect(await serversIn(here)).toBe(String(pid));
  await alone.kill(pid);
});
