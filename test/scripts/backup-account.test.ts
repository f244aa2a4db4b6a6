// The account of the server is hostile: its server names libraries, folders and files to the backup program, which takes them. What that program
// may do then: seed-backup.sh itself, with stand-ins of the program and of the server.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { processesWith } from '../copy/looking.ts';
import { account } from '../copy/staging.ts';
import { completed, type Donor, openDonor } from './backing-up.ts';

let donor: Donor;
let server: ChildProcess | undefined;
beforeEach(async () => {
  donor = await openDonor();
  for (const name of ['mariadb', 'mysql']) await donor.program(name, 'exit 1');
});
afterEach(async () => {
  server?.kill('SIGKILL');
  server = undefined;
  await donor.remove();
});

/** A server that tells a program the account by which it knows that, as unix_socket does. */
async function listen(socket: string, as: { uid?: number; gid?: number; cwd?: string }, keeps = false): Promise<void> {
  const ends = keeps ? 'push @kept, $program' : 'close $program';
  const text = `use Socket; my ($listener, @kept); umask 0; $| = 1; $0 = "mariadbd"; $SIG{PIPE} = "IGNORE";
    socket($listener, AF_UNIX, SOCK_STREAM, 0) && bind($listener, pack_sockaddr_un($ARGV[0])) && listen($listener, 8) or die $!;
    print "ready"; while (accept(my $program, $listener)) {
      my (undef, $uid) = unpack "i I", getsockopt($program, SOL_SOCKET, SO_PEERCRED); syswrite $program, "known by uid $uid\\n"; ${ends} }`;
  server = spawn('perl', ['-e', text, socket], { stdio: ['ignore', 'pipe', 'inherit'], ...as });
  if (server.stdout) await once(server.stdout, 'data');
}

/** What a library that is loaded could do, and what it could read. */
const tells = (secret: string) => `for word in "$@"; do
  case $word in --socket=*) socket=\${word#*=} ;; --defaults-file=*) options=\${word#*=} ;; --target-dir=*) folder=\${word#*=} ;; esac
done
{
  echo "account $(id -u) $(id -g) $(id -G)"
  sed -n 's/^CapEff:[[:space:]]*/capabilities /p; s/^NoNewPrivs:[[:space:]]*/no new rights /p' /proc/self/status
  cat "${secret}" 2>&1
  cat "$options"
  : >"$folder/own" && echo 'its folder is there'
  perl -e 'use Socket; socket(my $s, AF_UNIX, SOCK_STREAM, 0); connect($s, pack_sockaddr_un($ARGV[0])) or die "no server: $!"; print <$s>' "$socket" 2>&1
} >'${donor.outside}/told'
${completed}`;

const told = () => readFile(join(donor.outside, 'told'), 'utf8');

test('a library that the server named was run as root of the donor: the program has the rights of the account of the datadir, and the login of root', async () => {
  const socket = join(donor.outside, 'server.sock');
  const secret = join(donor.base, 'secret');
  const defaultsFile = join(donor.base, 'login.cnf');
  await writeFile(secret, 'of root', { mode: 0o600 });
  await writeFile(defaultsFile, '[client]\nuser = keeper\npassword = "a #1 \\"secret"\n[xtrabackup]\nparallel = 2\n', {
    mode: 0o600,
  });
  await listen(socket, account);
  await donor.program('mariadb-backup', tells(secret));
  await donor.backedUp({ socket, defaultsFile });
  const lines = await told();
  expect(lines).toContain(`account ${account.uid} ${account.gid} ${account.gid}\n`);
  expect(lines).toContain('capabilities 0000000000000000\n');
  expect(lines).toContain('no new rights 1\n');
  expect(lines).toContain('Permission denied');
  expect(lines).not.toContain('of root');
  expect(lines).toContain('user="keeper"\npassword="a #1 \\"secret"\n');
  expect(lines).toContain('[xtrabackup]\nparallel="2"\n');
  expect(lines).toContain('its folder is there');
  expect(lines).toContain('known by uid 0\n');
});

test('a socket of another program, put in the place of the socket of the server, gets no connection of root', async () => {
  const socket = join(donor.outside, 'server.sock');
  await listen(socket, {});
  await donor.program('mariadb-backup', `${tells('/none')}; exit 1`);
  const said = await donor.backedUp({ socket });
  expect(await told()).not.toContain('known by');
  expect(said).toContain(
    `root listens at ${socket} (systemd, or another program), and gets no login: set mysql.defaultsFile, with host=127.0.0.1 and a password`,
  );
});

test('a socket of another account gets no connection of root, and is named with that account', async () => {
  const socket = join(donor.base, 'bin/server.sock');
  await chown(join(donor.base, 'bin'), 1, 1);
  await listen(socket, { uid: 1, gid: 1 });
  await donor.program('mariadb-backup', `${tells('/none')}; exit 1`);
  expect(await donor.backedUp({ socket })).toContain(
    `daemon listens at ${socket}, neither the account of the datadir nor of its server: set mysql.socket to the server's`,
  );
  expect(await told()).not.toContain('known by');
});

test('the server of a datadir that is an administrator’s was no server: its socket got no connection, and the sentence led to the same socket', async () => {
  const own = { uid: 1, gid: 1, cwd: join(donor.base, 'data') };
  for (const name of ['run', 'data/mysql']) {
    await mkdir(join(donor.base, name));
    await chown(join(donor.base, name), own.uid, own.gid);
  }
  const socket = join(donor.base, 'run/server.sock');
  await listen(socket, own);
  await donor.program('mariadb-backup', tells('/none'));
  await donor.backedUp({ socket });
  expect(await told()).toContain('known by uid 0\n');
});

test('a program that connects without end has 64 processes of root at a time, and is served again once it lets go: each connection was one more', async () => {
  const socket = join(donor.outside, 'server.sock');
  await listen(socket, account, true);
  const connects = `use Socket; my @held;
    my $open = sub { socket(my $one, AF_UNIX, SOCK_STREAM, 0); connect($one, pack_sockaddr_un($ARGV[0])) or die $!; push @held, $one };
    $SIG{ALRM} = sub { die };
    eval { alarm 3; $open->() for 1..200; alarm 0 };
    my $relaying = grep { local $/; open(my $line, "<", $_); my $words = $line && <$line> || ""; $words =~ /^perl\\0-e\\0/ && index($words, $ARGV[1]) > 0 } glob "/proc/[0-9]*/cmdline";
    print "relaying $relaying\n"; @held = (); alarm 20; $open->(); print scalar readline $held[0]`;
  await writeFile(join(donor.base, 'connects.pl'), connects);
  await donor.program(
    'mariadb-backup',
    `perl '${donor.base}/connects.pl' /proc/self/fd/7/socket '${socket}' >'${donor.outside}/told' 2>&1; ${completed}`,
  );
  await donor.backedUp({ socket });
  const [, relaying] = /^relaying (\d+)\nknown by uid 0\n$/.exec(await told()) ?? [];
  // One more accepts.
  expect(Number(relaying)).toBeLessThanOrEqual(65);
});

test('a server that is gone is told with its socket, at once', async () => {
  await donor.program('mariadb-backup', `${tells('/none')}; exit 1`);
  expect(await donor.backedUp({ socket: join(donor.outside, 'none.sock') })).toContain(
    `no connection by ${donor.outside}/none.sock: No such file or directory`,
  );
});

test("options of a shop's own backups are not those of the program: no-lock of an option file took its lock away, and rows were lost with success", async () => {
  const defaultsFile = join(donor.base, 'login.cnf');
  const own = ['no-lock', 'loose-no_lock', 'kill-long-queries-timeout = 5', 'databases = shop', 'history = x'];
  await writeFile(
    defaultsFile,
    [
      ['[client]', 'user = keeper', 'loose-no-lock', 'ssl-ca = /etc/ca.pem'],
      ['[mysqld]', 'innodb_data_home_dir = /srv/i', 'loose-no-lock', 'loose-innodb_x = 1'],
      [
        '[mariadb-backup]',
        ...own,
        'parallel = 4',
        'no-version-check',
        'skip-ssl-verify-server-cert',
        'password = x',
        'user = backup',
      ],
    ]
      .flat()
      .join('\n'),
    { mode: 0o600 },
  );
  await donor.program('mariadb-backup', `cat /proc/self/fd/7/options >'${donor.outside}/told'; ${completed}`);
  const said = await donor.backedUp({ socket: '', defaultsFile });
  expect(
    (await told())
      .split('\n')
      .filter((line) => line !== '')
      .sort(),
  ).toEqual(
    [
      ...[
        '[client]',
        '[mysqld]',
        '[xtrabackup]',
        'user="backup"',
        'user="keeper"',
        'user=root',
        'ssl-ca="/etc/ca.pem"',
      ],
      ...['innodb_data_home_dir="/srv/i"', 'loose-innodb_x="1"', 'parallel="4"', 'password="x"'],
      // A shop that lets no host of production call out has it.
      'no-version-check',
      'skip-ssl-verify-server-cert',
    ].sort(),
  );
  expect(said).toContain(
    '! options of files that mariadb-backup is not given, since they change what a backup is: databases, history, kill-long-queries-timeout, loose-no_lock, no-lock\n',
  );
});

test('a backup that never said that it had a lock is lost: it was done, with coordinates that were later than its data', async () => {
  const ends = 'its coordinates may be later than its data';
  await writeFile(join(donor.base, 'donor/way-t1/call'), 'cat >/dev/null\n');
  const said = async (text: string) => {
    await donor.program('mariadb-backup', `echo stream; ${text}; ${completed}`);
    return donor.backedUp({ isReplica: false });
  };
  expect(await said(':')).toContain(`lost t1 mariadb-backup did not say that it had a lock: ${ends}`);
  for (const line of [
    'Acquiring BACKUP LOCKS...',
    'Starting BACKUP STAGE BLOCK_COMMIT',
    'Executing FLUSH TABLES WITH READ LOCK...',
  ])
    expect(await said(`echo '[00] 2026-11-28 00:31:54 ${line}' >&2`)).not.toContain(ends);
});

test('a login by the network is that of the program itself', async () => {
  const defaultsFile = join(donor.base, 'login.cnf');
  await writeFile(defaultsFile, '[client]\nhost = 127.0.0.1\nprotocol = tcp\n', { mode: 0o600 });
  await donor.program('mariadb-backup', `echo "$*" >'${donor.outside}/told'; ${completed}`);
  await donor.backedUp({ defaultsFile });
  expect(await told()).not.toContain('--socket');
});

test.each([
  ['[mariabackup]\nhost = 192.0.2.7\n', 'mariadb-backup'],
  ['[xtrabackup]\nhost = 192.0.2.7\n[client]\nuser = keeper\n', 'mariadb-backup'],
] as const)(
  'a host that option files name to the program alone (%j) was locked and asked for its coordinates, and the files of this one came',
  async (lines, name) => {
    const defaultsFile = join(donor.base, 'login.cnf');
    await writeFile(defaultsFile, lines, { mode: 0o600 });
    await donor.program('hostname', 'echo 198.51.100.1');
    await donor.program(name, `echo "$*" >'${donor.outside}/told'; ${completed}`);
    expect(await donor.backedUp({ defaultsFile })).toContain(
      'refused t1 option files lead the client to another host (192.0.2.7), and not to the server of this one: set mysql.defaultsFile or mysql.socket',
    );
    await expect(told()).rejects.toThrow('ENOENT');
    // With a socket, none of them counts.
    const socket = join(donor.outside, 'server.sock');
    await listen(socket, account);
    await donor.backedUp({ defaultsFile, socket });
    expect(await told()).toContain('--host=localhost');
  },
);

test('option files that could not be read to their end gave the program the login of root without a password', async () => {
  await donor.program('my_print_defaults', 'exit 124');
  await donor.program('mariadb-backup', `echo "$*" >'${donor.outside}/told'; ${completed}`);
  expect(await donor.backedUp()).toContain('lost t1 my_print_defaults did not say in its time');
  await expect(told()).rejects.toThrow('ENOENT');
});

test('a datadir of root is refused: the program would be root', async () => {
  expect(await donor.backedUp({ reader: 'root:root' })).toContain('refused t1 the datadir belongs to root');
});

test('a folder lost+found, which only root can open, does not end the program', async () => {
  await mkdir(join(donor.base, 'data/lost+found'));
  await chmod(join(donor.base, 'data/lost+found'), 0o700);
  await donor.program('mariadb-backup', `echo "$*" >'${donor.outside}/told'; ${completed}`);
  await donor.backedUp();
  expect(await told()).toContain('--databases-exclude=lost+found');
});

test('nothing that passes connections on is left when the backup is over', async () => {
  const socket = join(donor.outside, 'over.sock');
  await donor.program('mariadb-backup', completed);
  await donor.backedUp({ socket });
  await expect.poll(() => processesWith(socket), { timeout: 5000 }).toEqual([]);
});
