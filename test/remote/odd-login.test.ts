// What a host's login and sshd put around every script: an environment, a shell, few sessions. None of it changes what
// a script does. If a script can't run, the message says so.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openRemotes, type Remotes } from '../../src/remote/open.ts';
import type { Remote } from '../../src/remote/remote.ts';
import { scriptText } from '../../src/scripts/script.ts';
import { failed, quietEnvironment, succeeded } from './contract.ts';
import { openYard, type Yard } from './sshd.ts';

const deadlineMs = 20_000;
let yard: Yard;
let remotes: Remotes;
beforeAll(async () => {
  yard = await openYard();
}, 180_000);
afterAll(() => yard.close());
beforeEach(() => {
  remotes = openRemotes({ environment: quietEnvironment, sshConfig: yard.sshConfig });
});
afterEach(() => remotes.close());

async function behind(lines: readonly string[], transport: 'ssh2' | 'openssh' = 'ssh2'): Promise<Remote> {
  const { port, knownHost } = await yard.start(lines, ['ed25519']);
  const knownHosts = await yard.knownHosts([knownHost.ed25519]);
  return remotes.open({
    name: 'db1',
    host: '127.0.0.1',
    port,
    identity: yard.identity,
    knownHosts,
    transport,
    sudo: false,
  });
}
const prelude = async () => (await scriptText('relay')).split('\n#!/bin/sh\n')[0] ?? '';
const throughShell = (before: string, shell = 'bash') =>
  `ForceCommand ${before}; exec ${shell} -c "$SSH_ORIGINAL_COMMAND"`;

describe('the environment of a login', () => {
  const odd = {
    POSIXLY_CORRECT: '1',
    BLOCKSIZE: '1M',
    BLOCK_SIZE: '1G',
    DF_BLOCK_SIZE: '1G',
    DU_BLOCK_SIZE: '1G',
    LS_BLOCK_SIZE: '1G',
    TAR_OPTIONS: '--no-such-option',
    GREP_OPTIONS: '--invert-match',
    TIME_STYLE: '+%s',
    QUOTING_STYLE: 'c',
    LANG: 'de_DE.UTF-8',
    LANGUAGE: 'de',
    LC_NUMERIC: 'de_DE.UTF-8',
    CDPATH: '/usr',
    TMOUT: '1',
    TMPDIR: '/nonexistent',
    TZ: 'Asia/Kathmandu',
    SYSTEMD_COLORS: '1',
    DBUS_SYSTEM_BUS_ADDRESS: 'unix:path=/nonexistent',
    PERL5OPT: '-Mnonexistent',
    ENV: '/nonexistent',
  };
  const set = Object.entries(odd).map(([name, value]) => `export ${name}=${value}`);

  test('reaches no script: neither variables, nor a umask, nor functions and options of bash', async () => {
    const bash = 'shopt -s expand_aliases; ls() { echo a function; }; export -f ls; set -o noclobber; export SHELLOPTS';
    const remote = await behind([throughShell(`${set.join('; ')}; ${bash}; umask 000`)]);
    const script = `${await prelude()}
umask
env -0 | tr '\\n\\0' ' \\n' | cut -d = -f 1 | sort
bash -c ls / | head -n 1
df -B1 --output=avail / | sed -n 2p | grep -cx '[0-9]*'`;
    const { stdout } = succeeded(await remote.exec(script, [], { deadlineMs }));
    const [umask, ...lines] = stdout.trim().split('\n');
    expect(umask).toBe('0022');
    expect(lines.filter((line) => line in odd || /BASH|SHELLOPTS/.test(line))).toEqual([]);
    expect(lines).toEqual(expect.arrayContaining(['HOME', 'PATH', 'LC_ALL']));
    expect(stdout).not.toContain('a function');
    expect(lines.at(-1)).toBe('1');
  });

  test('with folders like . in PATH runs nothing that lies in the folder that a script works in', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'reseed-dot-'));
    await mkdir(join(folder, 'bin'));
    for (const trap of ['stat', 'bin/stat']) {
      await writeFile(join(folder, trap), '#!/bin/sh\necho trapped\n', { mode: 0o755 });
    }
    const remote = await behind(['SetEnv PATH=.:bin::/usr/bin:/bin SHLVL=1']);
    const script = `${await prelude()}\ncd "$1" && stat -c %F . && printf '%s\\n' "$PATH"`;
    const { stdout } = succeeded(await remote.exec(script, [folder], { deadlineMs }));
    await rm(folder, { recursive: true });
    expect(stdout.split('\n')[0]).toBe('directory');
    expect(stdout.trim().split('\n')[1]?.split(':')).toEqual(
      expect.not.arrayContaining([expect.stringMatching(/^(?!\/)/)]),
    );
  });

  test('with empty and relative folders for libraries, option files and plugins takes nothing from the folder that a script works in, and is led to the server of no other host', async () => {
    const libraries = 'LD_LIBRARY_PATH=:/opt/mysql/lib;lib:.: LD_PRELOAD=own.so LD_AUDIT=own.so';
    const files = 'LIBMYSQL_PLUGIN_DIR=plugins MARIADB_PLUGIN_DIR= MYSQL_HOME=. MYSQL_TEST_LOGIN_FILE=own.cnf';
    const more =
      'MYSQL_UNIX_PORT=s.sock MYSQL_DEBUG=d:t:o,trace MYSQL_TCP_PORT=3307 MYSQL_HOST=db1 MARIADB_HOST=db1 SHLVL=1';
    const remote = await behind([`SetEnv ${libraries} ${files} ${more}`]);
    const script = `${await prelude()}\nenv | grep -E '^(LD_|LIB|MYSQL|MARIADB|HOME)' | sort`;
    const { stdout } = succeeded(await remote.exec(script, [], { deadlineMs }));
    const left = stdout.trim().split('\n');
    // sshd itself says HOME.
    expect(left.filter((line) => !line.startsWith('HOME=/'))).toEqual([
      'LD_LIBRARY_PATH=/opt/mysql/lib',
      'MYSQL_TCP_PORT=3307',
    ]);
    const homeless = `HOME=data LD_LIBRARY_PATH=.:lib sh -c "$1"`;
    const inside = `${await prelude()}\nprintf '%s\\n' "\${HOME-none} \${LD_LIBRARY_PATH-none}"`;
    expect(succeeded(await remote.exec(homeless, [inside], { deadlineMs })).stdout).toBe('none none\n');
  });

  test('keeps what a login at the server needs, and where programs lie', async () => {
    const remote = await behind(['SetEnv PATH=/opt/mysql/bin:/usr/bin:/bin MYSQL_HOME=/etc/own SHLVL=1']);
    const script = `${await prelude()}\nprintf '%s\\n' "$MYSQL_HOME" "$PATH"`;
    expect(succeeded(await remote.exec(script, [], { deadlineMs })).stdout).toMatch(
      /^\/etc\/own\n\/opt\/mysql\/bin:\/usr\/bin/,
    );
  });
});

describe('a sshd', () => {
  test.each([
    ['ssh2', 'MaxSessions 1'],
    ['ssh2', 'MaxSessions 4'],
    ['openssh', 'MaxSessions 1'],
  ] as const)(
    'that gives few sessions a connection is asked by more of them: %s, %s',
    async (transport, line) => {
      const remote = await behind([line], transport);
      // Each waits for all.
      const script =
        'mkdir -p "$1" && : >"$1/$2" && until [ "$(ls "$1" | wc -l)" -ge 6 ]; do sleep 0.1; done; echo "$2"';
      const names = ['1', '2', '3', '4', '5', '6'];
      const room = join(yard.folder, `${transport}-${line.at(-1)}`);
      const ends = await Promise.all(names.map((name) => remote.exec(script, [room, name], { deadlineMs: 60_000 })));
      expect(ends.map((end) => succeeded(end).stdout.trim())).toEqual(names);
    },
    90_000,
  );

  test.each([
    [1, 'MaxSessions 1'],
    [3, 'MaxSessions 1'],
  ] as const)(
    'that still counts sessions which have just ended is asked again: %s at once, %s',
    async (callers, line) => {
      const remote = await behind([line]);
      const inTurn = async () => {
        const ends: string[] = [];
        for (let turn = 0; turn < 15; turn++) {
          const end = await remote.exec('id -u', [], { deadlineMs: 60_000 });
          ends.push(end.ok ? 'an answer' : end.message);
        }
        return ends;
      };
      const ends = await Promise.all(Array.from({ length: callers }, inTurn));
      expect([...new Set(ends.flat())]).toEqual(['an answer']);
    },
    90_000,
  );

  test('that gives no session at all says so', async () => {
    const failure = failed(await (await behind(['MaxSessions 0'])).exec('id', [], { deadlineMs }), 'unreachable');
    expect(failure.message).toBe('sshd on 127.0.0.1 gives this login no session');
  });

  test('without terminals and forwarding, that takes any variable, runs scripts', async () => {
    const remote = await behind(['PermitTTY no', 'AllowTcpForwarding no', 'AcceptEnv *']);
    expect(succeeded(await remote.exec('echo hello', [], { deadlineMs })).stdout).toBe('hello\n');
  });

  test.each([
    ['a restricted shell', throughShell(':', 'rbash'), 'restricted'],
    ['a menu', 'ForceCommand echo Choose a host:; read -r choice', 'Choose a host:'],
    ['sftp alone', 'ForceCommand internal-sftp', 'sftp connections only'],
    ['an rc file that runs another program', throughShell('echo bye; exec true'), 'bye'],
    ['an rc file that reads what is meant for the script', throughShell('read -r first; echo "rc: $first"'), 'rc: '],
    ['an rc file that ends', throughShell('exit 3'), ''],
  ])('with %s: that it runs no command is said, and what it printed', async (_, line, printed) => {
    const failure = failed(await (await behind([line])).exec('id >&2', [], { deadlineMs }), 'refused');
    expect(failure.message).toContain('login shell on db1 did not run the command');
    expect(failure.printed).toContain(printed);
    expect(failure.printed).not.toContain('uid=');
  });
});
