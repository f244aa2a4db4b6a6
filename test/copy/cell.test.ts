// What a program sees that reads what another host sent (cell.sh).
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scriptText } from '../../src/scripts/script.ts';
import { account } from './staging.ts';

let base = '';
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reseed-cell-'));
  await chmod(base, 0o755);
  for (const name of ['cell', 'data']) await mkdir(join(base, name));
  await chown(join(base, 'data'), account.uid, account.gid);
});
afterEach(() => rm(base, { recursive: true }));

/** What the account sees there. `hides`: as seed-load.sh has it. */
async function seen(program: string, hides: string) {
  const text = await scriptText('seed-load');
  const fragment = text.slice(0, text.indexOf('# The work of a unit on the target: makes a server'));
  const script = `${fragment}\nowner=$1 cell_hides=$2\ncd -P "$3/data" || exit 1\nin_cell "$3/cell" sh -c "$4"`;
  const { stdout } = await execa('sh', ['-c', script, 'cell', account.name, hides, base, program], { reject: false });
  return stdout;
}

test('a socket of another server is not in the cell of a dump, whose account could log in by it', async () => {
  const socket = join(base, 'mysql.sock');
  const server = createServer().listen(socket);
  try {
    const look = `test -S ${socket} && echo there; echo looked`;
    expect(await seen(look, '')).toBe('there\nlooked');
    expect(await seen(look, '/tmp /nowhere')).toBe('looked');
  } finally {
    server.close();
  }
});

test('a program there writes in the new data, and nowhere else', async () => {
  await writeFile(join(base, 'other'), '');
  await chmod(join(base, 'other'), 0o666);
  const write = `for f in /mnt/own ${join(base, 'other')} /tmp/x /var/tmp/x; do { echo 1 >$f; } 2>/dev/null && echo $f; done; true`;
  expect(await seen(write, '/tmp /var')).toBe('/mnt/own');
});

/** What a program sees in a cell of a salvage: `in_log_cell ...` or `in_client_cell`. */
async function seenInSalvage(cell: string, program: string, socket = '') {
  const text = await scriptText('salvage-apply');
  const fragments = text.slice(0, text.indexOf('# Applies the logs that a job brought'));
  const script = `${fragments}\nclient_socket_path=$3\nset -u\ncd -P "$1/data" && : >socket && make_cell "$1/cell" 0 && ${cell} sh -c "$2" 8<<END\nlogin\nEND`;
  const { stdout } = await execa('sh', ['-c', script, 'cell', base, program, socket], { reject: false });
  return stdout;
}

test('what reads a log of another host sees programs and that log, and nothing else of this one', async () => {
  await writeFile(join(base, 'data/log.0'), 'log');
  const look =
    'ls / | tr "\\n" " "; cat /mnt/log.0; ls -d /etc /root /home /var /sys/class/net/lo /proc/net/unix 2>/dev/null; true';
  const [folders = '', ...others] = (await seenInSalvage(`in_log_cell ${account.uid}:${account.gid}`, look)).split(
    'log',
  );
  const allowed = ['bin', 'dev', 'lib', 'lib32', 'lib64', 'libx32', 'mnt', 'opt', 'proc', 'sbin', 'usr'];
  expect(
    folders
      .trim()
      .split(' ')
      .filter((name) => !allowed.includes(name)),
  ).toEqual([]);
  expect(others.join('').trim()).toBe('/proc/net/unix');
});

test.each(['in_log_cell 0:0', 'in_client_cell'])(
  'files of root beside programs are not in the cell of %s, unless a program lies there',
  async (cell) => {
    const socket = join(base, 'mysql.sock');
    const server = createServer().listen(socket);
    const secret = await mkdtemp('/usr/local/reseed-cell-');
    try {
      await writeFile(join(secret, '.env'), 'secret', { mode: 0o600 });
      const look = 'cat /usr/local/*/.env /opt/*/.env 2>/dev/null; test -d /usr/bin && echo programs';
      expect(await seenInSalvage(cell, look, socket)).toBe('programs');
      for (const name of ['mysqlbinlog', 'mysql']) await writeFile(join(secret, name), '#!/bin/sh\n', { mode: 0o755 });
      const own = `PATH=${secret}:$PATH; ${cell}`;
      expect(await seenInSalvage(own, `cat ${secret}/.env`, socket)).toBe('secret');
    } finally {
      server.close();
      await rm(secret, { recursive: true });
    }
  },
);

test('a client that applies a log is root by its uid alone: it writes nowhere, and has the socket and its login', async () => {
  const socket = join(base, 'mysql.sock');
  const server = createServer().listen(socket);
  try {
    const look = `id -u; grep CapEff /proc/self/status | tr -d '\\t'; for f in /mnt/a /a /proc/sys/kernel/domainname /dev/a /usr/a; do { echo 1 >$f; } 2>/dev/null && echo $f; done; find /dev -type b; test -S /mnt/socket && echo socket; cat /dev/fd/8`;
    expect((await seenInSalvage('in_client_cell', look, socket)).split('\n')).toEqual([
      '0',
      'CapEff:0000000000000000',
      'socket',
      'login',
    ]);
  } finally {
    server.close();
  }
});
