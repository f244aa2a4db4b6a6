// Faults of the shared database that a real MariaDB makes: slow, read-only, with tables or rows of another reseed.

import { appendFile, writeFile } from 'node:fs/promises';
import { createServer, connect as open, type Socket } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { inventoryOf, type JumpHost, openJumpHost } from './jump-hosts.ts';
import { dropTables, openServer, type Server } from './server.ts';

let server: Server;
let line: SlowLine;
beforeAll(async () => {
  server = await openServer();
  line = await slowLine(server.port);
});
afterAll(async () => {
  line.close();
  await server.remove();
});

let jump1: JumpHost;
let jump2: JumpHost;
beforeEach(async () => {
  const key = `${server.account}.key`;
  await writeFile(key, `${'5'.repeat(64)}\n`, { mode: 0o600 });
  const inventory = inventoryOf({ ...server, port: line.port }, `, key: ${key}`);
  [jump1, jump2] = await Promise.all([openJumpHost(inventory), openJumpHost(inventory)]);
  expect(await jump1.reseed('history', 'join', '--as', 'jump1')).toMatchObject({ exitCode: 0 });
  expect(await jump2.reseed('history', 'join', '--as', 'jump2')).toMatchObject({ exitCode: 0 });
});
afterEach(async () => {
  line.delayMs = 0;
  await Promise.all([jump1.remove(), jump2.remove()]);
  await dropTables(server);
});

interface SlowLine {
  readonly port: number;
  /** Before each part of what the server says. */
  delayMs: number;
  close(): void;
}

async function slowLine(to: number): Promise<SlowLine> {
  const sockets = new Set<Socket>();
  const slow: SlowLine = { port: 0, delayMs: 0, close: () => undefined };
  const listener = createServer((client) => {
    const there = open(to, '127.0.0.1');
    for (const socket of [client, there]) sockets.add(socket.on('error', () => undefined));
    client.pipe(there);
    there.on('data', (part) => setTimeout(() => client.write(part), slow.delayMs));
    there.on('close', () => setTimeout(() => client.end(), slow.delayMs));
    client.on('close', () => there.destroy());
  });
  await new Promise<void>((listening) => listener.listen(0, '127.0.0.1', listening));
  const address = listener.address();
  if (typeof address !== 'object' || !address) throw new Error('no port');
  const close = () => {
    listener.close();
    for (const socket of sockets) socket.destroy();
  };
  return Object.assign(slow, { port: address.port, close });
}

const over = (jump: JumpHost, id: number) => jump.reseed('job', 'attach', String(id));
const isRunning = (jump: JumpHost, name: string) =>
  vi.waitFor(async () => expect((await jump.reseed('jobs')).stdout).toMatch(new RegExp(`^${name} +▶ running`, 'm')), {
    timeout: 60_000,
  });

test('a database that takes seconds for each answer holds up no job, and no verb for long; it is said, and all is sent in the end', async () => {
  line.delayMs = 2500;
  const id = await jump1.begin('quick');
  expect((await over(jump1, id)).exitCode).toBe(0);
  const jobs = await jump1.reseed('jobs');
  expect(jobs.stdout).toMatch(/^1 +✔ done/m);
  expect(jobs.stderr).toMatch(/history: away since .* did not answer (within|in time)/);
  expect(jobs.ms).toBeLessThan(20_000);
  line.delayMs = 0;
  await jump1.sent();
  const seen = await jump2.reseed('jobs');
  expect([seen.stdout, seen.stderr]).toEqual([expect.stringMatching(/^jump1:1 +✔ done/m), '']);
});

test('of a read-only database no jump host takes a request, nor a new one its place; jobs are shown', async () => {
  await jump1.begin('long');
  await isRunning(jump2, 'jump1:1');
  await server.sql('SET GLOBAL read_only = 1');
  onTestFinished(async () => void (await server.sql('SET GLOBAL read_only = 0')));
  const asked = await jump2.reseed('job', 'abort', 'jump1:1', '--yes');
  expect([asked.exitCode, asked.stderr]).toEqual([4, expect.stringContaining('history: it is read-only')]);
  expect((await jump2.reseed('history', 'leave')).exitCode).toBe(0);
  const joined = await jump2.reseed('history', 'join', '--as', 'jump3');
  expect([joined.exitCode, joined.stderr]).toEqual([1, expect.stringContaining('it is read-only')]);
  await server.sql('SET GLOBAL read_only = 0');
  expect((await jump1.reseed('job', 'abort', '1', '--yes')).exitCode).toBe(0);
});

test('tables that lack a column are said to be of no use, as if an older reseed had made them; jobs go on, and are sent when it is there', async () => {
  await server.sql('ALTER TABLE reseed.reseed_job DROP COLUMN runner');
  const id = await jump1.begin('quick');
  expect((await over(jump1, id)).exitCode).toBe(0);
  // Its sender begins later than a short job ends.
  await vi.waitFor(
    async () => {
      const jobs = await jump1.reseed('jobs');
      expect(jobs.stdout).toMatch(/^1 +✔ done/m);
      expect(jobs.stderr).toMatch(/history: away since .*Unknown column/);
    },
    { timeout: 60_000 },
  );
  await server.sql('ALTER TABLE reseed.reseed_job ADD COLUMN runner VARCHAR(16) NOT NULL');
  await jump1.sent();
  expect((await jump2.reseed('jobs')).stdout).toMatch(/^jump1:1 +✔ done/m);
});

test('a job of a newer reseed, with steps that this one does not know, is shown; a changed one is ended by no one', async () => {
  await jump1.begin('long');
  await isRunning(jump2, 'jump1:1');
  await server.sql(`UPDATE reseed.reseed_plan SET written = replace(replace(written, 'start-command', 'future-step'), 'format\\\\":3', 'format\\\\":99');
    UPDATE reseed.reseed_job SET seq = seq + 1`);
  expect(
    await server.sql(
      `SELECT count(*) FROM reseed.reseed_plan WHERE written LIKE '%:99%' AND written LIKE '%future-step%'`,
    ),
  ).toBe('1');
  const jobs = await jump2.reseed('jobs');
  expect(jobs.stdout).toMatch(/^jump1:1 +▶ running .*run long on here/m);
  const shown = await jump2.reseed('job', 'show', 'jump1:1');
  expect([shown.exitCode, shown.stdout]).toEqual([0, expect.stringContaining('run long on here')]);
  const asked = await jump2.reseed('job', 'abort', 'jump1:1', '--yes');
  expect([asked.exitCode, asked.stderr]).toEqual([1, expect.stringContaining('its row is not sealed by jump1')]);
  expect((await jump1.reseed('job', 'abort', '1', '--yes')).exitCode).toBe(0);
});

test('a time of a schedule waits while the database is slow, read-only or has tables of another reseed, and begins on one jump host when it is well', async () => {
  const each = "schedules: { each: { cron: '0 0 1 * *', timezone: UTC, do: command, command: quick, hosts: here } }";
  for (const { folder } of [jump1, jump2]) await appendFile(join(folder, 'hosts.yaml'), `${each}\n`);
  const tick = (jump: JumpHost) => jump.reseed('schedule', 'tick');
  const both = () => Promise.all([tick(jump1), tick(jump2)]);
  await both();
  // As if both had been off for a month: one time has passed, however long this takes.
  for (const { folder } of [jump1, jump2]) {
    const database = new DatabaseSync(join(folder, 'reseed/jobs.sqlite'), { timeout: 30_000 });
    database.exec(`UPDATE schedule SET checked_ms = checked_ms - ${31 * 86_400_000}`);
    database.close();
  }
  const waits = async (ticks: ReturnType<typeof both>, why: RegExp) => {
    for (const { stdout, stderr, exitCode } of await ticks) {
      expect([exitCode, stderr, stdout]).toEqual([0, '', expect.stringMatching(why)]);
      expect(stdout).toMatch(/^each: here waits: /);
    }
  };
  line.delayMs = 2500;
  await waits(both(), /did not answer (within|in time)/);
  line.delayMs = 0;
  await server.sql('SET GLOBAL read_only = 1');
  onTestFinished(async () => void (await server.sql('SET GLOBAL read_only = 0')));
  await waits(both(), /it is read-only/);
  await server.sql('SET GLOBAL read_only = 0; UPDATE reseed.reseed_history SET version = version + 900');
  await waits(both(), /its tables are of a newer reseed/);
  await server.sql('UPDATE reseed.reseed_history SET version = version - 900');
  const said = (await both()).map(({ stdout }) => stdout).toSorted();
  expect(said).toEqual([
    expect.stringMatching(/^each: here elsewhere: jump[12] has this time$/),
    expect.stringMatching(/^each: job 1 on here/),
  ]);
  expect(await server.sql('SELECT count(*) FROM reseed.reseed_tick')).toBe('1');
}, 300_000);
