// A job of a jump host that is gone is taken up by another one, through a real MariaDB and on a host that is this machine.
import { readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { endLockWords } from '../../src/scripts/host-lock-words.ts';
import { type ScriptName, scriptText } from '../../src/scripts/script.ts';
import { endUnitsWords } from '../../src/scripts/unit-words.ts';
import { datadirOf, inventoryOf, type JumpHost, openJumpHost } from './jump-hosts.ts';
import { dropTables, openServer, type Server } from './server.ts';

let server: Server;
beforeAll(async () => {
  server = await openServer();
});
afterAll(() => server.remove());

let jumps: JumpHost[];
let job: string | undefined;
beforeEach(async () => {
  job = undefined;
  const key = `${server.account}.key`;
  await writeFile(key, `${'5'.repeat(64)}\n`, { mode: 0o600 });
  jumps = await Promise.all([1, 2, 3].map(() => openJumpHost(inventoryOf(server, `, key: ${key}`))));
  for (const [index, jump] of jumps.entries()) {
    expect(await jump.reseed('history', 'join', '--as', `jump${index + 1}`)).toMatchObject({ exitCode: 0 });
  }
});
afterEach(async () => {
  if (job !== undefined) await forgetJob(job);
  await Promise.all(jumps.map((jump) => jump.remove()));
  await dropTables(server);
});

const says = async (name: ScriptName, args: readonly string[]) =>
  await execa('sh', ['-c', await scriptText(name), `${name}.sh`, ...args]);

/** What is left of it on this machine, as a cleaning of its host would: others' jobs are here too. */
async function forgetJob(key: string): Promise<void> {
  const roles = await readdir(join('/run/reseed', key)).catch(() => []);
  if (roles.length > 0) await says('unit', endUnitsWords(key, roles));
  await says('host-lock', endLockWords('break', { job: key, datadir: datadirOf(server) }));
  await rm(join('/var/lib/reseed/fenced', key), { force: true });
}

/** As if its last command had been over some minutes ago. */
async function oldLock(key: string): Promise<void> {
  const before = uptime() - 300;
  for (const name of (await readdir('/run/reseed')).filter((one) => one.startsWith('lock-'))) {
    const path = join('/run/reseed', name);
    if ((await readFile(path, 'utf8').catch(() => '')).startsWith(`${key}\n`)) await utimes(path, before, before);
  }
}

const heardLongAgo = () =>
  server.sql(`UPDATE reseed.reseed_job SET heard = heard - INTERVAL 5 MINUTE;
    UPDATE reseed.reseed_jump_host SET heard = heard - INTERVAL 5 MINUTE WHERE name = 'jump2'`);

test('a job of a jump host that is gone is taken up by one other: its hosts refuse what its runner does when it is back, and it sees why', async () => {
  const [jump1, jump2, jump3] = jumps as [JumpHost, JumpHost, JumpHost];
  await jump2.begin('long');
  await vi.waitFor(async () => expect((await jump1.reseed('jobs')).stdout).toMatch(/^jump2:1 +▶ running/m), {
    timeout: 60_000,
  });
  job = String(JSON.parse((await jump2.reseed('job', 'show', '1', '--json')).stdout).key);
  const takes = (jump: JumpHost) => jump.reseed('job', 'take-up', 'jump2:1', '--yes=jump2:1');

  const running = await takes(jump1);
  // The job as its own jump host sees it: where it did not go on, why.
  const there = (await jump2.reseed('job', 'show', '1')).stdout;
  expect([running.exitCode, running.stderr, there]).toEqual([
    3,
    expect.stringMatching(/jump2 was heard of \d+ s ago/),
    expect.stringMatching(/running/),
  ]);
  await jump2.kill();
  // An account of the database could say so too: the host knows better.
  await heardLongAgo();
  const fresh = await takes(jump1);
  expect([fresh.exitCode, fresh.stderr]).toEqual([3, expect.stringContaining('here: the lock of the job is fresh')]);
  await oldLock(job);

  const asked = await jump1.reseed('job', 'take-up', 'jump2:1');
  expect(asked.exitCode).toBe(3);
  expect(asked.stdout).toMatch(
    /take up job jump2:1: run long on here[\s\S]*! here: the job has its lock \(.*, since 20/,
  );
  expect(asked.stdout).toContain('reseed clean here');
  const both = await Promise.all([takes(jump1), takes(jump3)]);
  expect(both.filter(({ exitCode }) => exitCode === 0)).toHaveLength(1);
  expect(both.map(({ stdout, stderr }) => stdout + stderr).join('\n')).toMatch(/taken up by jump[13] \(/);

  // Its unit is left, and its journal has the job: its next command is refused.
  const back = await jump2.reseed('job', 'resume', '1');
  expect([back.exitCode, back.stdout]).toEqual([1, expect.stringMatching(/its job was taken up by jump[13] \(/)]);
  expect((await jump2.reseed('jobs')).stdout).toMatch(/^1 .*its job was taken up by jump[13] \(/m);
  const late = await takes(jump1);
  expect(late.exitCode).toBe(3);
}, 240_000);
