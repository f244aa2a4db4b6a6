// Schedules of an inventory that is behind a link.
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';

test('stay switched off when the link points to another release, and by its own path are not switched by mistake', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reseed-links-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const current = join(folder, 'current');
  const release = async (number: number) => {
    const own = join(folder, `release-${number}`);
    await mkdir(own);
    const text = 'hosts: { db1: {} }\nschedules: { nightly: { cron: 30 2 * * *, do: snapshot, hosts: db1 } }\n';
    await writeFile(join(own, 'hosts.yaml'), text);
    await rm(current, { force: true });
    await symlink(own, current);
    return own;
  };
  const reseed = (cwd: string, ...words: string[]) =>
    execa(process.execPath, [join(process.cwd(), 'bin/reseed.js'), 'schedule', ...words], {
      reject: false,
      stdin: 'ignore',
      cwd,
      env: { XDG_STATE_HOME: folder, PWD: cwd },
    });
  const file = join(current, 'hosts.yaml');
  await release(1);
  expect((await reseed(folder, 'disable', 'nightly', '--inventory', file)).exitCode).toBe(0);
  const own = await release(2);
  expect((await reseed(folder, 'list', '--inventory', file)).stdout).toContain('– off, by ');
  // As a shell that came there through the link.
  expect((await reseed(current, 'list', '--inventory', 'hosts.yaml')).stdout).toContain('– off, by ');
  for (const words of [['enable', 'nightly'], ['list'], ['run', 'nightly']]) {
    const { exitCode, stderr } = await reseed(own, ...words, '--inventory', 'hosts.yaml');
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining(`known by another path of the same file: ${file}`)]);
  }
});
