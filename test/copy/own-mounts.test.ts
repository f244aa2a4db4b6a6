// A server whose unit has mounts of its own: it does not see this host's folder at the path of its data.
import { spawn } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HostReport } from '../../src/host/facts.ts';
import { probeArguments, reportReader, reportRequest } from '../../src/host/probe.ts';
import { scriptText } from '../../src/scripts/script.ts';
import { aloneOnce } from '../alone.ts';

let base: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reseed-own-mounts-'));
  for (const name of ['data', 'other']) await mkdir(join(base, name));
  await writeFile(join(base, 'other', 'ibdata1'), '');
  await copyFile('/bin/sleep', join(base, 'mysqld'));
});
afterEach(() => rm(base, { recursive: true }));

/**
 * `sleep` under the name of a server works in the datadir. The shell text `before` runs first, in a mount namespace of
 * its own.
 */
async function probed(before: string): Promise<HostReport> {
  const started = `unshare -m sh -c '${before}; cd "$0/data" && exec "$0/mysqld" 600' "${base}" </dev/null >/dev/null 2>&1 &
    until [ "$(cat /proc/$!/comm)" = mysqld ]; do sleep 0.05; done`;
  const words = [...aloneOnce, await scriptText('probe'), 'probe.sh', ...probeArguments('word', {})];
  const child = spawn('unshare', words, {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, STARTED: started },
  });
  try {
    return await new Promise<HostReport>((resolve) => {
      child.stdout.on(
        'data',
        reportReader('word', (_, heard) => resolve(heard)),
      );
      child.stdin.write(reportRequest(1, ['disk', 'datadirSize']));
    });
  } finally {
    child.stdin.end();
  }
}

const why = () =>
  `the server has another folder at ${base}/data than this host, by mounts of its own: BindPaths= of its unit, or a container`;

test('tells no disk and no size of the folder that the host has there: figures of another folder were shown', async () => {
  const report = await probed('mount --bind "$0/other" "$0/data"');
  expect(report.disk).toMatchObject({ ok: false, why: why() });
  expect(report.datadirSize).toMatchObject({ ok: false, why: why() });
}, 60_000);

test('if only its own mounts are elsewhere, both are reported', async () => {
  const report = await probed('mount --bind "$0/other" /mnt');
  expect(report.disk).toMatchObject({ ok: true, value: { datadir: join(base, 'data') } });
  expect(report.datadirSize).toMatchObject({ ok: true });
}, 60_000);
