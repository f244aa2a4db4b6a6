// What reseed schedule next shows of a schedule that is switched off, and reseed history of an account that shares nothing.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runCli } from '../../src/cli.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-next-'));
  await writeFile(
    join(folder, 'hosts.yaml'),
    `hosts: { db1: {} }
schedules:
  nightly: { cron: 0 4 * * *, do: snapshot, hosts: db1 }
  weekly: { cron: 0 5 * * 0, do: snapshot, hosts: db1 }
`,
  );
  vi.stubEnv('XDG_STATE_HOME', folder);
  vi.stubEnv('RESEED_INVENTORY', join(folder, 'hosts.yaml'));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

async function reseed(...words: string[]) {
  const lines: string[] = [];
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
  await runCli(['node', 'reseed', ...words]);
  spy.mockRestore();
  const { exitCode } = process;
  process.exitCode = undefined;
  return { stdout: lines.join(''), exitCode };
}

test('next shows no time of a schedule that is off, and says by whom, and that nothing ticks', async () => {
  expect((await reseed('schedule', 'next')).stdout).toMatch(/^! no tick yet: /m);
  await reseed('schedule', 'disable', 'nightly');
  const all = (await reseed('schedule', 'next', '--count', '3')).stdout;
  expect(all.match(/weekly +snapshot/g)).toHaveLength(3);
  expect(all).not.toMatch(/nightly +snapshot/);
  expect(all).toMatch(/^nightly is off, by .*@.*: reseed schedule enable nightly$/m);
  const one = (await reseed('schedule', 'next', 'nightly')).stdout;
  expect(one).toMatch(/^nightly is off, by /);
  expect(JSON.parse((await reseed('schedule', 'next', 'nightly', '--json')).stdout)).toMatchObject({
    times: [],
    off: [{ schedule: 'nightly' }],
    isQuiet: false,
  });
});

test('a look at where jobs are shared is not refused where they are shared with no one', async () => {
  const { stdout, exitCode } = await reseed('history');
  expect(stdout).toContain("this account's jobs are shared with no other jump host");
  expect(exitCode ?? 0).toBe(0);
  expect(JSON.parse((await reseed('history', 'status', '--json')).stdout)).toMatchObject({ name: null, jumpHosts: [] });
});
