// Which processes scripts take for a server of a host.
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
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
