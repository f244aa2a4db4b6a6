// What the account of a server may have put in place of its error log: root shows no file of its own because of it, and
// does not wait for it.
import { execFile, spawn } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HostReport } from '../../src/host/facts.ts';
import { probeArguments, reportReader, reportRequest } from '../../src/host/probe.ts';
import { followWords } from '../../src/scripts/follow-log-words.ts';
import { scriptText } from '../../src/scripts/script.ts';
import { aloneOnce } from '../alone.ts';
import { told } from '../host/recordings.ts';

const run = promisify(execFile);
const secret = 'root:$6$secret';
let base: string;
let log: string;
const asAccount = (script: string) =>
  run('setpriv', ['--reuid=daemon', '--regid=daemon', '--clear-groups', 'sh', '-c', script, log, base]);

beforeEach(async () => {
  started = '';
  base = await mkdtemp(join(tmpdir(), 'reseed-hostile-log-'));
  await chmod(base, 0o755);
  log = join(base, 'srv', 'logs', 'error.log');
  await mkdir(join(base, 'srv', 'logs'), { recursive: true });
  await mkdir(join(base, 'root'), { mode: 0o700 });
  await writeFile(join(base, 'root', 'error.log'), `${secret}\n`, { mode: 0o644 });
  await run('chown', ['-R', 'daemon:daemon', join(base, 'srv')]);
  await writeFile(join(base, 'shadow'), `${secret}\n`, { mode: 0o600 });
});
afterEach(() => rm(base, { recursive: true }));

/** Shell text that starts a server. */
let started: string;
/** Programs of a test come first in PATH. */
const env = () => ({ ...process.env, PATH: `${join(base, 'bin')}:${process.env.PATH}`, STARTED: started });

async function followed(path = log): Promise<string> {
  const words = followWords({ mark: 'MARK', errorLog: path, lastLines: 100, maxBytes: 65_536, follow: false });
  const args = ['follow-log.sh', ...words];
  const { stdout } = await run('unshare', [...aloneOnce, await scriptText('follow-log'), ...args], {
    timeout: 60_000,
    env: env(),
  });
  return stdout;
}
async function probed(path = log): Promise<HostReport['errorLog']> {
  const child = spawn(
    'unshare',
    [...aloneOnce, await scriptText('probe'), 'probe.sh', ...probeArguments('word', { errorLog: path })],
    {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: env(),
    },
  );
  const report = new Promise<HostReport>((resolve) => {
    child.stdout.on(
      'data',
      reportReader('word', (_, heard) => resolve(heard)),
    );
  });
  child.stdin.end(reportRequest(1, ['errorLog']));
  return (await report).errorLog;
}

describe.each([
  ['a link to a file that only root may read', 'ln -s "$1/shadow" "$0"'],
  ['a folder of root behind a link', 'mv "$1/srv/logs" "$1/srv/away" && ln -s "$1/root" "$1/srv/logs"'],
])('%s in place of the log', (_, laid) => {
  test('is not shown by the probe, nor by the log that is followed', async () => {
    await asAccount(laid);
    expect(await followed()).toMatch(/MARK(unreadable|absent)MARK/);
    expect(await followed()).not.toContain('secret');
    const seen = await probed();
    expect(JSON.stringify(seen)).not.toContain('secret');
    expect(seen).toMatchObject({ ok: false, why: expect.stringMatching(/Permission denied/) });
  });
});

test.each([
  ['a fifo', 'mkfifo "$0"'],
  ['a link to a device that never ends', 'ln -s /dev/zero "$0"'],
])('%s in place of the log holds up neither', async (_, laid) => {
  await asAccount(laid);
  expect(await followed()).toContain('MARKunreadableMARK');
  expect(await probed()).toMatchObject({ ok: false, why: expect.stringMatching(/is no file but a/) });
});

test('a log of the account in its own folder is shown, though others may not read it', async () => {
  await asAccount('umask 077; echo "2026-11-27T10:00:00.000000Z 0 [Note] [MY-000001] [Server] its own" >"$0"');
  expect(await followed()).toContain('its own');
  expect(told((await probed()) ?? { ok: false, why: 'none' }).lines.map(({ text }) => text)).toEqual([
    expect.stringContaining('its own'),
  ]);
});

describe('a path that the server names', () => {
  /** `sleep` under the name of a server, as the account, in its folder; its standard error is that file. */
  async function serving(standardError: string, groups: string): Promise<void> {
    await copyFile('/bin/sleep', join(base, 'mysqld'));
    await chmod(join(base, 'mysqld'), 0o755);
    started = `(cd ${base}/srv && exec setpriv --reuid=daemon --regid=daemon ${groups} ${base}/mysqld 600 >/dev/null 2>>${standardError}) &
      until [ "$(cat /proc/$!/comm)" = mysqld ]; do sleep 0.05; done`;
  }
  /** The server reports this file as its log. */
  async function says(path: string): Promise<void> {
    await mkdir(join(base, 'bin'), { recursive: true });
    const body = `case "$*" in
  *@@version,*) printf '%s\\t' 8.4.0 ${base}/srv; echo ${path} ;;
  *@@log_error*) printf '%s\\t\\t%s\\n' ${path} ${base}/srv ;;
  *) exit 1 ;;
esac`;
    await writeFile(join(base, 'bin', 'mysql'), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  }
  let kept: string;
  beforeEach(async () => {
    kept = await mkdtemp('/var/log/reseed-test-');
    await chmod(kept, 0o755);
    await writeFile(join(kept, 'shadow'), `${secret}\n`, { mode: 0o600 });
  });
  afterEach(() => rm(kept, { recursive: true }));

  test('is read as its account: a file of root in a folder of root is not shown', async () => {
    await says(join(kept, 'shadow'));
    await serving('/dev/null', '--clear-groups');
    expect(await followed('')).toMatch(/MARKpath server .*shadowMARK.*MARKunreadableMARK/s);
    const seen = await probed('');
    expect(JSON.stringify(seen)).not.toContain('secret');
    expect(seen).toMatchObject({ ok: false, why: expect.stringMatching(/Permission denied/) });
  });

  test('by its standard error is read as its account too', async () => {
    await mkdir(join(base, 'bin'));
    await writeFile(join(base, 'bin', 'mysql'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    await serving(join(kept, 'shadow'), '--clear-groups');
    const seen = await probed('');
    expect(JSON.stringify(seen)).not.toContain('secret');
    expect(seen).toMatchObject({ ok: false, why: expect.stringMatching(/Permission denied/) });
  });

  test('is read with the groups that the server has: a log of root:adm in a folder of root:adm is shown', async () => {
    await run('chown', ['-R', 'root:adm', kept]);
    await chmod(kept, 0o2770);
    await writeFile(join(kept, 'error.log'), 'of the group\n');
    await chmod(join(kept, 'error.log'), 0o660);
    await run('chown', ['root:adm', join(kept, 'error.log')]);
    await says(join(kept, 'error.log'));
    const adm = (await run('getent', ['group', 'adm'])).stdout.split(':')[2];
    await serving('/dev/null', `--groups=${adm}`);
    expect(await followed('')).toContain('of the group');
    expect(told((await probed('')) ?? { ok: false, why: 'none' }).lines).toHaveLength(1);
  });
});

describe('of a server that is down, a path that an option file names', () => {
  let kept: string;
  /** A unit with these properties, whose server reads an option file with these words; its datadir is the account games'. */
  async function down(properties: string, words: string): Promise<void> {
    const program = (name: string, text: string) =>
      writeFile(join(base, 'bin', name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    await mkdir(join(base, 'bin'));
    await mkdir(join(base, 'data'));
    await run('chown', ['games:games', join(base, 'data')]);
    await program('mysql', "echo 'ERROR 2002 (HY000)' >&2; exit 1");
    await program('my_print_defaults', ':');
    const command = `ExecStart={ path=${base}/bin/mysqld ; argv[]=${base}/bin/mysqld ; ignore_errors=no }`;
    await program(
      'systemctl',
      `case "$*" in
  *ExecStart*) printf '%s\\n' LoadState=loaded '${command}' ${properties} ;;
  *--value*) echo loaded ;;
  *) printf 'Id=mysql.service\\nLoadState=loaded\\n' ;;
esac`,
    );
    await program(
      'mysqld',
      `case "$*" in
  *--help*) printf '%s\\n' '---- ----' 'datadir ${base}/data/' '' ;;
  *--print-defaults*) echo 'would have been started with:'; echo '--log-error=${kept}/error.log ${words}' ;;
esac`,
    );
    // Of this test's mount namespace alone: daemon is one of the group adm.
    await writeFile(join(base, 'group'), withDaemon(await readFile('/etc/group', 'utf8')));
    started = `mount --bind ${base}/group /etc/group`;
  }
  /** The log's folder has this owner and mode, and the log has that mode. */
  async function lies(owner: string, folderMode: number, mode: number): Promise<void> {
    await writeFile(join(kept, 'error.log'), 'of a server that is down\n');
    await run('chown', ['-R', owner, kept]);
    await chmod(join(kept, 'error.log'), mode);
    await chmod(kept, folderMode);
  }
  async function isShown(): Promise<void> {
    expect(await followed('')).toContain('of a server that is down');
    expect(told((await probed('')) ?? { ok: false, why: 'none' }).lines).toHaveLength(1);
  }
  async function isNotShown(): Promise<void> {
    expect(await followed('')).toMatch(/MARKpath config .*error.log.*MARK(unreadable|absent)MARK/s);
    expect(await probed('')).toMatchObject({ ok: false, why: expect.stringMatching(/Permission denied/) });
  }
  beforeEach(async () => {
    kept = await mkdtemp('/var/log/reseed-test-');
  });
  afterEach(() => rm(kept, { recursive: true }));

  test("is read as the unit's account, where the datadir is another's", async () => {
    await down('User=daemon', '');
    await lies('daemon:daemon', 0o700, 0o600);
    await isShown();
  });

  test("is not read as the datadir's owner, who is not the server", async () => {
    await down('User=daemon', '');
    await lies('games:games', 0o700, 0o600);
    await isNotShown();
  });

  test('is read as the account that the option file names, where root starts the server', async () => {
    await down('User=', '--user=daemon');
    await lies('daemon:daemon', 0o700, 0o600);
    await isShown();
  });

  test('is not read as root: a file of root in a folder of root is not shown', async () => {
    await down('User=daemon', '');
    await lies('root:root', 0o755, 0o600);
    await isNotShown();
  });

  test.each([
    ['of its account', 'User=daemon', 'root:adm'],
    ['that the unit adds', 'User=games SupplementaryGroups=adm', 'root:adm'],
    ['that the unit names', 'User=games Group=adm', 'root:adm'],
  ])('is read with the groups %s', async (_, properties, owner) => {
    await down(properties, '');
    await lies(owner, 0o750, 0o640);
    await isShown();
  });

  test('is read if an ACL allows its account to', async () => {
    await down('User=daemon', '');
    await lies('root:root', 0o755, 0o600);
    await allow(join(kept, 'error.log'), 4);
    await isShown();
  });
});

/** The groups of this machine, where daemon is one of adm. */
const withDaemon = (groups: string) =>
  groups.replace(/^(adm:.*:)(.+)?$/m, (_, begin, members) => `${begin}${members ? `${members},` : ''}daemon`);

/** An ACL (acl(5), as the kernel has it in an extended attribute) by which the account daemon has `permissions` besides the mode. */
async function allow(path: string, permissions: number): Promise<void> {
  const script = `import os, stat, struct, sys
path, extra = sys.argv[1], int(sys.argv[2])
mode = stat.S_IMODE(os.stat(path).st_mode)
whole = 0xffffffff
entries = [(1, mode >> 6, whole), (2, extra, 1), (4, mode >> 3 & 7, whole), (16, extra | mode >> 3 & 7, whole), (32, mode & 7, whole)]
os.setxattr(path, 'system.posix_acl_access', struct.pack('<I', 2) + b''.join(struct.pack('<HHI', *one) for one in entries))`;
  expect((await run('id', ['-u', 'daemon'])).stdout).toBe('1\n');
  await run('python3', ['-c', script, path, String(permissions)]);
}

/** The log is not read in a folder of root's that is prepared in this way. */
async function refusedIn(prepare: (kept: string) => Promise<unknown>): Promise<void> {
  const kept = await mkdtemp('/var/log/reseed-test-');
  try {
    await prepare(kept);
    expect(await followed(join(kept, 'error.log'))).toContain('MARKunreadableMARK');
    expect(await probed(join(kept, 'error.log'))).toMatchObject({
      ok: false,
      why: expect.stringMatching(/Permission/),
    });
  } finally {
    await rm(kept, { recursive: true });
  }
}

test('a folder of root that an ACL lets the account write to is not kept by root alone', async () => {
  await refusedIn(async (kept) => {
    await chmod(kept, 0o755);
    await allow(kept, 7);
    await asAccount(`ln -s ${base}/shadow ${kept}/error.log`);
  });
});

test('a log whose unit tells nothing is read as the account of its folder, with the groups of that account', async () => {
  await writeFile(log, 'of the group\n');
  await run('chown', ['root:adm', log]);
  await chmod(log, 0o640);
  await writeFile(join(base, 'group'), withDaemon(await readFile('/etc/group', 'utf8')));
  started = `mount --bind ${base}/group /etc/group`;
  expect(await followed()).toContain('of the group');
  expect(told((await probed()) ?? { ok: false, why: 'none' }).lines).toHaveLength(1);
});

test('a folder of root that its group may write to is none that root alone keeps', async () => {
  await refusedIn(async (kept) => {
    await chmod(kept, 0o775);
    await symlink(join(base, 'shadow'), join(kept, 'error.log'));
  });
});

test('a log in a folder that only root writes to is shown, whoever owns it', async () => {
  const kept = await mkdtemp('/var/log/reseed-test-');
  try {
    await writeFile(join(kept, 'target.log'), 'of root\n', { mode: 0o600 });
    await symlink(join(kept, 'target.log'), join(kept, 'error.log'));
    expect(await followed(join(kept, 'error.log'))).toContain('of root');
    expect(told((await probed(join(kept, 'error.log'))) ?? { ok: false, why: 'none' }).lines).toHaveLength(1);
    expect(await readFile(join(kept, 'target.log'), 'utf8')).toBe('of root\n');
  } finally {
    await rm(kept, { recursive: true });
  }
});
