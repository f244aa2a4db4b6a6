// What the account of a server may have put where its error log was: root shows nothing of its own files by it, and waits for none.
import { execFile, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HostReport } from '../../src/host/facts.ts';
import { probeArguments, reportReader, reportRequest } from '../../src/host/probe.ts';
import { scriptText } from '../../src/scripts/script.ts';
import { told } from '../host/recordings.ts';

const run = promisify(execFile);
const secret = 'root:$6$secret';
let base: string;
let log: string;
const asAccount = (script: string) =>
  run('setpriv', ['--reuid=daemon', '--regid=daemon', '--clear-groups', 'sh', '-c', script, log, base]);

beforeEach(async () => {
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

async function followed(path = log): Promise<string> {
  const args = ['follow-log.sh', 'MARK', path, '100', '65536', 'once', '', '', '', '', '', '', ''];
  const { stdout } = await run('sh', ['-c', await scriptText('follow-log'), ...args], { timeout: 60_000 });
  return stdout;
}
async function probed(path = log): Promise<HostReport['errorLog']> {
  const child = spawn(
    'sh',
    ['-c', await scriptText('probe'), 'probe.sh', ...probeArguments('word', { errorLog: path })],
    {
      stdio: ['pipe', 'pipe', 'ignore'],
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
