// What option files say to the client of a host: folders of theirs may be another account's. Where the client logs in, another account may listen.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { processesWords } from '../../src/scripts/processes-words.ts';
import { scriptText } from '../../src/scripts/script.ts';
import { account } from '../copy/staging.ts';
import { freePort } from '../free-port.ts';

test('a FIFO among the option files of a client is given up after some seconds: it held each login of that host for good', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reseed-options-'));
  const [prelude = ''] = (await scriptText('check')).split('\n#!/bin/sh\n');
  const fifo = join(folder, 'x.cnf');
  try {
    await execa('mkfifo', [fifo]);
    const asked = `${prelude}\noptions_seconds=2\noptions_of_client '${fifo}'; echo "$?"`;
    const { stdout } = await execa('sh', ['-c', asked], { timeout: 30_000, forceKillAfterDelay: 100 });
    expect(stdout).toBe('124');
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a server is not asked while option files do not say to which host they lead the client: it was taken for that of this host', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reseed-options-'));
  const [prelude = ''] = (await scriptText('check')).split('\n#!/bin/sh\n');
  try {
    await writeFile(join(folder, 'my_print_defaults'), '#!/bin/sh\nexec sleep 60\n', { mode: 0o755 });
    await writeFile(join(folder, 'mysql'), '#!/bin/sh\necho asked\n', { mode: 0o755 });
    const env = { PATH: `${folder}:${process.env.PATH}` };
    const asked = `${prelude}\noptions_seconds=2\nsql_client '' '' -e x; echo "$?"`;
    const { stdout, stderr } = await execa('sh', ['-c', asked], { env, timeout: 30_000, forceKillAfterDelay: 100 });
    expect([stdout, stderr]).toEqual([
      '124',
      'ERROR: my_print_defaults did not say in its time what option files say to the client',
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('sessions of a server that was not asked, since option files were late: that it did not answer is not said', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reseed-options-'));
  try {
    await writeFile(join(folder, 'my_print_defaults'), '#!/bin/sh\nexec sleep 60\n', { mode: 0o755 });
    await writeFile(join(folder, 'mysql'), '#!/bin/sh\necho asked\n', { mode: 0o755 });
    const env = { PATH: `${folder}:${process.env.PATH}` };
    const text = (await scriptText('processes')).replace('\noptions_seconds=5\n', '\noptions_seconds=1\n');
    const words = ['-c', text, 'processes.sh', ...processesWords({}, 10)];
    const { stdout } = await execa('sh', words, { env, timeout: 60_000, forceKillAfterDelay: 100 });
    expect(stdout).toBe('ERROR: my_print_defaults did not say in its time what option files say to the client');
  } finally {
    await rm(folder, { recursive: true });
  }
});

describe('a login', () => {
  let folder: string;
  let listener: ChildProcess | undefined;
  /** What the listener has heard. */
  let heard = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reseed-login-'));
    heard = '';
  });
  afterEach(async () => {
    listener?.kill('SIGKILL');
    listener = undefined;
    await rm(folder, { recursive: true });
  });

  /** At a socket, or a port: as that account. It says `came` for each connection. */
  async function listen(at: string | number, as: { uid?: number; gid?: number }): Promise<void> {
    const text = `use IO::Socket::UNIX; use IO::Socket::INET; umask 0; $| = 1; my ($socket, $port) = @ARGV;
      my $listener = $socket ? IO::Socket::UNIX->new(Local => $socket, Listen => 5) : IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => $port, Listen => 5);
      $listener or die $!; print "ready\\n"; while (my $one = $listener->accept) { print "came\\n"; close $one }`;
    const words = typeof at === 'number' ? ['', String(at)] : [at, '0'];
    listener = spawn('perl', ['-e', text, ...words], { stdio: ['ignore', 'pipe', 'inherit'], ...as });
    if (listener.stdout) await once(listener.stdout, 'data');
    listener.stdout?.on('data', (chunk) => {
      heard += chunk;
    });
  }

  async function login(lines: string, socket = ''): Promise<string> {
    const [prelude = ''] = (await scriptText('check')).split('\n#!/bin/sh\n');
    const file = join(folder, 'login.cnf');
    await writeFile(file, `[client]\nuser = keeper\npassword = secret\n${lines}\n`, { mode: 0o600 });
    const asked = `${prelude}\nsql_client '${file}' '${socket}' -e 'DO 0'`;
    return (await execa('sh', ['-c', asked], { stdin: 'ignore', reject: false, timeout: 30_000 })).stderr;
  }

  const shared = async () => {
    await chmod(folder, 0o1777);
    return join(folder, 'mysql.sock');
  };

  test('was made at the socket that another account had put into a folder of all, while the server was down', async () => {
    const socket = await shared();
    await listen(socket, account);
    const why = `the account nobody, which may be no server's, has made what is at ${socket}: set mysql.socket`;
    expect(await login('', socket)).toContain(why);
    expect(await login(`socket = ${socket}`)).toContain(why);
    expect(heard).toBe('');
  });

  test('is made there where the socket is that of root', async () => {
    const socket = await shared();
    await listen(socket, {});
    expect(await login('', socket)).toContain('Lost connection');
    expect(heard).toContain('came');
  });

  test('is made at the socket of any account in a folder that only root can have put there', async () => {
    const socket = join(folder, 'mysql.sock');
    await chown(folder, account.uid, account.gid);
    await listen(socket, account);
    expect(await login('', socket)).toContain("the account nobody, which may be no server's");
    await chown(folder, 0, 0);
    expect(await login('', socket)).toContain('Lost connection');
  });

  test('was made at the port at which another account listened', async () => {
    const port = await freePort();
    await listen(port, account);
    const lines = `host = 127.0.0.1\nport = ${port}`;
    expect(await login(lines)).toContain(`the account nobody, which may be no server's, listens at port ${port}`);
    expect(await login(`${lines}\nprotocol = TCP`)).toContain('listens at port');
    expect(heard).toBe('');
  });

  test('is made at the port of a server of root', async () => {
    const port = await freePort();
    await listen(port, {});
    expect(await login(`host = 127.0.0.1\nport = ${port}`)).toContain('Lost connection');
    expect(heard).toContain('came');
  });

  test('took libraries from a folder that another account can write to, as an option file named it', async () => {
    const socket = join(folder, 'mysql.sock');
    await listen(socket, {});
    const plugins = await mkdtemp(join(folder, 'plugins-'));
    expect(await login(`plugin-dir = ${plugins}`, socket)).toContain('Lost connection');
    heard = '';
    await chown(plugins, account.uid, account.gid);
    expect(await login(`plugin_dir = ${plugins}`, socket)).toContain(
      `an option file names plugin_dir=${plugins}, and its libraries would be run as root: ${plugins.split('/').at(-1)} belongs to another account`,
    );
    expect(heard).toBe('');
  });

  test('was made by a program that the account of the server could replace: old pages gave it the whole tarball', async () => {
    const bin = join(folder, 'bin');
    const program = join(bin, 'mysql');
    await mkdir(bin);
    await writeFile(program, '#!/bin/sh\necho "$0 ran"\n', { mode: 0o755 });
    const [prelude = ''] = (await scriptText('check')).split('\n#!/bin/sh\n');
    const env = { PATH: `${bin}:${process.env.PATH}` };
    const ran = async () => {
      const { all } = await execa('sh', ['-c', `${prelude}\nsql_client '' '' -e x`], { env, all: true, reject: false });
      return all;
    };
    expect(await ran()).toBe(`${program} ran`);
    // As Debian's /usr/local: staff.
    await chown(bin, 0, 50);
    await chmod(bin, 0o2775);
    expect(await ran()).toBe(`${program} ran`);
    await chown(bin, 0, account.gid);
    await chmod(bin, 0o2775);
    const why = (of: string) =>
      `ERROR: ${program} would be run as root: ${of}: chown it, and the folders on the way to it, to root`;
    expect(await ran()).toBe(why('other accounts can write to bin'));
    await chmod(bin, 0o755);
    await chown(program, account.uid, account.gid);
    expect(await ran()).toBe(why('mysql belongs to another account than root'));
    await chown(program, 0, 0);
    await chown(bin, account.uid, account.gid);
    expect(await ran()).toBe(why('bin belongs to another account than root'));
    await chown(bin, 0, 0);

    // Its loader looks beside it.
    const libraries = join(folder, 'lib');
    await mkdir(join(libraries, 'private'), { recursive: true });
    const library = join(libraries, 'private', 'libcrypto.so.3');
    await writeFile(library, '');
    expect(await ran()).toBe(`${program} ran`);
    const lent = (of: string) =>
      `ERROR: ${program} would be run as root: its libraries are of others (${of}): chown -R root ${libraries}`;
    await chown(library, account.uid, account.gid);
    expect(await ran()).toBe(lent('libcrypto.so.3 belongs to another account than root'));
    await chown(library, 0, 0);
    await chown(join(libraries, 'private'), account.uid, account.gid);
    expect(await ran()).toBe(lent('private belongs to another account than root'));
    await chown(join(libraries, 'private'), 0, 0);
    const elsewhere = await mkdtemp(join(folder, 'elsewhere-'));
    await writeFile(join(elsewhere, 'libssl.so'), '');
    await symlink(join(elsewhere, 'libssl.so'), join(libraries, 'libssl.so'));
    expect(await ran()).toBe(`${program} ran`);
    await chown(elsewhere, account.uid, account.gid);
    expect(await ran()).toContain(`its libraries are of others (${basename(elsewhere)} belongs to another account`);
  });
});
