// Logins that were refused as if another account listened: several servers with an account each, containers, a proxy at the same port.
import { existsSync } from 'node:fs';
import { chmod, chown, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { scriptText } from '../../src/scripts/script.ts';
import { type Alone, openAlone } from '../alone.ts';
import { freePort } from '../free-port.ts';

const [server, other] = [64_011, 64_012];
let base: string;
let alone: Alone;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reseed-login-account-'));
  alone = await openAlone();
  await chmod(base, 0o755);
  await mkdir(join(base, 'bin'));
  await program('systemctl', 'exit 1');
  await program('my_print_defaults', '');
  // No account of this machine has these numbers.
  await program(
    'id',
    `case $* in '-nu -- ${server}') echo mysql3307 ;; '-nu -- ${other}') echo haproxy ;; '-u -- mysql3307') echo ${server} ;; '-u -- haproxy') echo ${other} ;; *) exec /usr/bin/id "$@" ;; esac`,
  );
});
afterEach(async () => {
  await alone.end();
  await rm(base, { recursive: true });
});

async function program(name: string, text: string): Promise<void> {
  await writeFile(join(base, 'bin', name), `#!/bin/sh\n${text}\n`);
  await chmod(join(base, 'bin', name), 0o755);
}

/** What these lines of a shell print, after prelude.sh. */
async function said(lines: string): Promise<string> {
  const prelude = (await scriptText('check')).split('\n#!/bin/sh\n')[0];
  const env = { PATH: `${join(base, 'bin')}:${process.env.PATH}` };
  return (await alone.run('sh', ['-c', `${prelude}\n${lines}`], { env })).all;
}
const atPort = (port: number, host = '127.0.0.1', words = '') =>
  said(`${words} strange_listener '' '--host=${host}\n--port=${port}'`);
const strange = (name: string, port: number) =>
  `the account ${name}, which may be no server's, listens at port ${port}: set mysql.socket, to a folder of the server's own`;

let count = 0;
/** A process with a server's name that listens at a port, and works in a folder of its account. */
async function listening(uid: number, address: string, port: number, name = 'mysqld'): Promise<string> {
  const folder = join(base, `data-${++count}`);
  await mkdir(folder);
  await chown(folder, uid, uid);
  const at = join(base, `bin-${count}`);
  await mkdir(at);
  await copyFile('/usr/bin/perl', join(at, name));
  const listens = `use Socket; socket(S, AF_INET, SOCK_STREAM, 0); bind(S, sockaddr_in(${port}, inet_aton("${address}"))) or die; listen(S, 5); open(F, ">", "${folder}/up"); sleep 1000`;
  await alone.start(join(at, name), ['-e', listens], folder, uid);
  await expect.poll(() => existsSync(join(folder, 'up'))).toBe(true);
  return folder;
}

/** As namei has a socket of that server in a folder that all may write to. */
const shows = (socket: string) =>
  program(
    'namei',
    `case $* in *${socket}) printf '%s\\n' 'f: ${socket}' 'drwxrwxrwt root root tmp' 'srwxrwxrwx mysql3307 mysql3307 a.sock' ;; *) exec /usr/bin/namei "$@" ;; esac`,
  );

const units = (path: string, user: string, argv = `${path} --defaults-file=/etc/mysql-3307.cnf`) => `case $* in
  *'*mysql*.service'*) printf '%s\\n' 'User=' 'ExecStart={ path=/usr/sbin/mysqld ; argv[]=/usr/sbin/mysqld ; ignore_errors=no ; start_time=[n/a] }' '' 'User=${user}' 'ExecStart={ path=${path} ; argv[]=${argv} ; ignore_errors=no ; start_time=[n/a] }' ;;
esac`;

describe('a server with an account of its own', () => {
  test('is logged in to by every script where a unit of the host starts a server as that account: only the status did', async () => {
    const port = await freePort();
    await listening(server, '127.0.0.1', port);
    expect(await atPort(port)).toBe(strange('mysql3307', port));
    for (const path of ['/usr/sbin/mysqld', '/opt/mariadb/bin/mariadbd-safe']) {
      await program('systemctl', units(path, 'mysql3307'));
      expect(await atPort(port)).toBe('');
    }
    await program('systemctl', units('/bin/sh', 'mysql3307', '/bin/sh -c "exec /usr/sbin/mysqld $OPTIONS"'));
    expect(await atPort(port)).toBe('');
    await program('systemctl', units('/usr/sbin/mysqld', '', '/usr/sbin/mysqld --user=mysql3307'));
    expect(await atPort(port)).toBe('');
  });

  test.each([
    ['an exporter', '/usr/bin/mysqld_exporter', '/usr/bin/mysqld_exporter --of /usr/sbin/mysqld'],
    ['a shell without a server', '/bin/sh', '/bin/sh -c backup'],
  ])('%s of its account is no server: its unit has the name of one', async (_, path, argv) => {
    const port = await freePort();
    await listening(server, '127.0.0.1', port);
    await program('systemctl', units(path, 'mysql3307', argv));
    expect(await atPort(port)).toBe(strange('mysql3307', port));
  });

  test("is logged in to where the inventory's own option file names the account", async () => {
    const port = await freePort();
    await listening(server, '127.0.0.1', port);
    await program('my_print_defaults', 'case $1 in --defaults-file=/etc/mysql-3307.cnf) echo --user=mysql3307 ;; esac');
    expect(await atPort(port)).toBe(strange('mysql3307', port));
    expect(await atPort(port, '127.0.0.1', 'client_defaults=/etc/mysql-3307.cnf')).toBe('');
    expect(await atPort(port, '127.0.0.1', 'defaults_file=/etc/mysql-3307.cnf')).toBe('');
  });

  test('its unit is asked once by a script', async () => {
    const socket = '/tmp/a.sock';
    await program('mysql', 'echo asked');
    await program('systemctl', `echo >>${join(base, 'count')}\n${units('/usr/sbin/mysqld', 'mysql3307')}`);
    await shows(socket);
    const three = `for one in 1 2 3; do sql_client '' '${socket}' -e x; done`;
    expect(await said(three)).toBe('asked\nasked\nasked');
    // The usual names of units, and all of a server's.
    expect((await readFile(join(base, 'count'), 'utf8')).length).toBe(4);
  });
});

describe('a server whose account has another name on the host, as in a container with the network of the host', () => {
  test('is logged in to where it works in the datadir that the script was told, and listens itself', async () => {
    const port = await freePort();
    const datadir = await listening(server, '127.0.0.1', port);
    const told = (folder: string) => atPort(port, '127.0.0.1', `datadir='${folder}'`);
    expect(await told(datadir)).toBe('');
    await program('my_print_defaults', `echo --datadir='${datadir}'`);
    expect(await atPort(port)).toBe('');
    await program('my_print_defaults', '');
    const elsewhere = join(base, 'elsewhere');
    await mkdir(elsewhere);
    await chown(elsewhere, server, server);
    expect(await told(elsewhere)).toBe(strange('mysql3307', port));
  });

  test('is not believed for another process of its account, or for where that works by its own choice', async () => {
    const [port, second] = [await freePort(), await freePort()];
    const datadir = await listening(server, '127.0.0.1', port);
    await listening(server, '127.0.0.1', second, 'polkitd');
    expect(await atPort(second, '127.0.0.1', `datadir='${datadir}'`)).toBe(strange('mysql3307', second));
    // A process in a datadir of another account.
    const third = await freePort();
    const its = await listening(server, '127.0.0.1', third);
    await chown(its, other, other);
    expect(await atPort(third, '127.0.0.1', `datadir='${its}'`)).toBe(strange('mysql3307', third));
    // As the probe has it: what it calls the datadir may be where that process works.
    expect(await atPort(port, '127.0.0.1', `told_datadir='' datadir='${datadir}'`)).toBe(strange('mysql3307', port));
    expect((await scriptText('probe')).split('\n')).toContain("told_datadir=''");
  });

  test('is logged in to at its socket in a folder that all may write to', async () => {
    const port = await freePort();
    const datadir = await listening(server, '127.0.0.1', port);
    await shows('/tmp/a.sock');
    const at = (words: string) => said(`${words} strange_listener /tmp/a.sock ''`);
    expect(await at(`datadir='${datadir}'`)).toBe('');
    expect(await at('')).toContain("the account mysql3307, which may be no server's, has made what is at /tmp/a.sock");
  });
});

test('the socket of tarballs is looked for in the libraries of the client too: another account was at /tmp/mysql.sock', async () => {
  await program(
    'ldd',
    `printf '\\t%s (0x00007f00)\\n' 'linux-vdso.so.1' 'libperconaserverclient.so.24 => /opt/p s/lib/private/libperconaserverclient.so.24' 'libc.so.6 => /lib/libc.so.6'`,
  );
  expect(await said('program_and_libraries /opt/p/bin/mysql')).toBe(
    '/opt/p/bin/mysql\n/opt/p s/lib/private/libperconaserverclient.so.24',
  );
});

describe('another account that listens at the port', () => {
  test('of another address does not count: a proxy has the port of a virtual one', async () => {
    const port = await freePort();
    await listening(0, '127.0.0.1', port);
    await listening(other, '127.0.0.2', port, 'haproxy');
    expect(await atPort(port)).toBe('');
    expect(await atPort(port, 'localhost', '')).toBe('');
    expect(await said(`strange_listener '' '--protocol=TCP\n--port=${port}'`)).toBe('');
    expect(await atPort(port, '127.0.0.2')).toBe(strange('haproxy', port));
  });

  test('of all addresses, or where the address is not known, counts', async () => {
    const [port, second] = [await freePort(), await freePort()];
    await listening(other, '0.0.0.0', port, 'haproxy');
    expect(await atPort(port)).toBe(strange('haproxy', port));
    await listening(other, '127.0.0.2', second, 'haproxy');
    expect(await atPort(second)).toBe('');
    await program('getent', 'exit 2');
    expect(await atPort(second, 'db1.example')).toBe(strange('haproxy', second));
  });
});
