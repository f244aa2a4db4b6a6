// What one jump host asks of another through a real MariaDB: to end a job, and which of them begins a time of a schedule.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { inventoryOf, type JumpHost, openJumpHost } from './jump-hosts.ts';
import { dropTables, openServer, type Server } from './server.ts';

let server: Server;
beforeAll(async () => {
  server = await openServer();
});
afterAll(() => server.remove());

let jump1: JumpHost;
let jump2: JumpHost;
beforeEach(async () => {
  const key = `${server.account}.key`;
  await writeFile(key, `${'5'.repeat(64)}\n`, { mode: 0o600 });
  const inventory = `${inventoryOf(server, `, key: ${key}`)}
schedules: { each: { cron: "* * * * *", timezone: UTC, do: command, command: quick, hosts: here } }
`;
  [jump1, jump2] = await Promise.all([openJumpHost(inventory), openJumpHost(inventory)]);
  expect(await jump1.reseed('history', 'join', '--as', 'jump1')).toMatchObject({ exitCode: 0 });
  expect(await jump2.reseed('history', 'join', '--as', 'jump2')).toMatchObject({ exitCode: 0 });
});
afterEach(async () => {
  await Promise.all([jump1.remove(), jump2.remove()]);
  await dropTables(server);
});

const isRunning = (name: string) =>
  vi.waitFor(async () => expect((await jump2.reseed('jobs')).stdout).toMatch(new RegExp(`^${name} +▶ running`, 'm')), {
    timeout: 60_000,
  });

test('a job is ended from another jump host: its own one is asked, does it, and answers; its log says who asked', async () => {
  const id = await jump1.begin('long');
  await isRunning('jump1:1');
  const refused = await jump2.reseed('job', 'abort', 'jump1:1');
  expect([refused.exitCode, refused.stdout]).toEqual([
    3,
    expect.stringContaining('abort job jump1:1: run long on here'),
  ]);
  const asked = await jump2.reseed('job', 'abort', 'jump1:1', '--yes');
  expect([asked.exitCode, asked.stdout]).toEqual([0, expect.stringContaining('jump1: job 1 is asked to end')]);
  expect((await jump1.reseed('job', 'attach', String(id))).exitCode).toBe(1);
  expect((await jump1.reseed('jobs')).stdout).toMatch(/^1 +– aborted/m);
  expect((await jump1.reseed('job', 'log', '1')).stdout).toMatch(/abort asked for by .*, through jump2/);
  await jump1.sent();
  expect((await jump2.reseed('job', 'abort', 'jump1:1', '--yes')).stderr).toContain('job jump1:1 is over: aborted');
});

test('a request that no jump host sealed is refused, and the job goes on; so is one where the jump host may change nothing', async () => {
  await jump1.begin('long');
  await isRunning('jump1:1');
  const { key } = JSON.parse((await jump1.reseed('job', 'show', '1', '--json')).stdout);
  await server.sql(`INSERT INTO reseed.reseed_request (id, jump, job, asked, data, seal)
    SELECT repeat('a', 32), id, 1, now(6), '{"verb":"abort","key":"${key}","who":"mallory"}', repeat('0', 64)
    FROM reseed.reseed_jump_host WHERE name = 'jump1'`);
  await vi.waitFor(
    async () =>
      expect(await server.sql('SELECT is_done, answer FROM reseed.reseed_request')).toMatch(/^0\t.*not sealed/),
    { timeout: 60_000 },
  );
  const path = join(jump1.folder, 'hosts.yaml');
  await writeFile(path, `readOnly: true\n${await readFile(path, 'utf8')}`);
  const asked = await jump2.reseed('job', 'abort', 'jump1:1', '--yes');
  expect([asked.exitCode, asked.stderr]).toEqual([3, expect.stringContaining('here is read-only in the inventory')]);
  expect((await jump1.reseed('jobs')).stdout).toMatch(/^1 +▶ running/m);
  expect(
    (await jump1.reseed('job', 'abort', '1', '--yes', '--inventory', join(jump2.folder, 'hosts.yaml'))).exitCode,
  ).toBe(0);
});

/** As if the last look at the schedules was a minute ago; the minute is not over soon. */
async function minuteLater(...jumps: JumpHost[]): Promise<void> {
  await vi.waitFor(() => expect(new Date().getSeconds()).toBeLessThan(35), { timeout: 60_000, interval: 250 });
  for (const { folder } of jumps) {
    const database = new DatabaseSync(join(folder, 'reseed/jobs.sqlite'), { timeout: 30_000 });
    database.exec('UPDATE schedule SET checked_ms = checked_ms - 60000');
    database.close();
  }
}

test('one time of a schedule begins on one jump host; without the database on none, or on the owner', async () => {
  const tick = (jump: JumpHost) => jump.reseed('schedule', 'tick');
  await Promise.all([tick(jump1), tick(jump2)]);
  await minuteLater(jump1, jump2);
  const said = (await Promise.all([tick(jump1), tick(jump2)])).map(({ stdout }) => stdout);
  expect(said.filter((text) => text.includes('each: job 1 on here'))).toHaveLength(1);
  expect(said.filter((text) => /each: here elsewhere: jump[12] has this time/.test(text))).toHaveLength(1);
  expect(await server.sql('SELECT count(*) FROM reseed.reseed_tick')).toBe('1');
  await Promise.all([jump1, jump2].map((jump) => jump.reseed('job', 'attach', '1')));
  await server.signal('SIGKILL');
  try {
    await minuteLater(jump1, jump2);
    expect((await tick(jump1)).stdout).toMatch(/waits.*no jump host is known to have this time: history: it refuses/);
    const path = join(jump2.folder, 'hosts.yaml');
    await writeFile(path, (await readFile(path, 'utf8')).replace(', key:', ', owner: jump2, key:'));
    const [, begun = ''] = /each: job (\d) on here/.exec((await tick(jump2)).stdout) ?? [];
    expect(begun).not.toBe('');
    // Nothing of it is left on this machine.
    await jump2.reseed('job', 'attach', begun);
  } finally {
    await server.start();
  }
}, 300_000);
