// Several jump hosts see each other's jobs through a real MariaDB, which is killed, stopped and changed under them.
import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { jobHome } from '../../src/job/journal/home.ts';
import { openJournal } from '../../src/job/journal/journal.ts';
import { turnHere } from '../../src/operations/rules/turn.ts';
import { addJob } from '../job/adding.ts';
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
  [jump1, jump2] = await Promise.all([openJumpHost(inventoryOf(server)), openJumpHost(inventoryOf(server))]);
  expect(await jump1.reseed('history', 'join', '--as', 'jump1')).toMatchObject({ exitCode: 0 });
  expect(await jump2.reseed('history', 'join', '--as', 'jump2')).toMatchObject({ exitCode: 0 });
});
afterEach(async () => {
  await Promise.all([jump1.remove(), jump2.remove()]);
  await dropTables(server);
});

/** Until the job is over on its own jump host. */
const over = (jump: JumpHost, id: number) => jump.reseed('job', 'attach', String(id));

test("a job is seen from another jump host by that one's name, with its steps, its commands and its log; its own number stays", async () => {
  const id = await jump1.begin('quick');
  await over(jump1, id);
  await jump1.sent();
  expect((await jump1.reseed('jobs')).stdout).toMatch(/^1 +✔ done .*run quick on here/m);
  expect((await jump2.reseed('jobs')).stdout).toMatch(/^jump1:1 +✔ done .*run quick on here/m);
  const shown = (await jump2.reseed('job', 'show', 'jump1:1')).stdout;
  expect(shown).toContain('job jump1:1 · run quick on here · ✔ done');
  expect(shown).toContain('✔ start quick on here');
  expect((await jump1.reseed('job', 'show', 'jump1:1')).stdout).toContain('job 1 · run quick on here');
  expect((await jump2.reseed('job', 'log', 'jump1:1')).stdout).toBe((await jump1.reseed('job', 'log', '1')).stdout);
  const json = JSON.parse((await jump2.reseed('jobs', '--json')).stdout);
  expect(json.others).toMatchObject([{ name: 'jump1:1', from: 'jump1', id: 1, state: 'done' }]);
  expect(json.jobs).toEqual([]);
  const [own, there] = await Promise.all([
    jump1.reseed('job', 'show', '1', '--json'),
    jump2.reseed('job', 'show', 'jump1:1', '--json'),
  ]);
  expect(JSON.parse(there.stdout).commands).toEqual(JSON.parse(own.stdout).commands);
  expect(await jump2.reseed('job', 'show', 'jump1:2')).toMatchObject({ exitCode: 2 });
  expect((await jump2.reseed('job', 'limit', 'jump1:1', '20M')).stderr).toContain('only that jump host does this');
});

test('the database is killed in the middle of a job: the job goes on, one line says what waits, and on return it is there once', async () => {
  const id = await jump1.begin('slow');
  await vi.waitFor(async () => expect((await jump2.reseed('jobs')).stdout).toMatch(/^jump1:1 +▶ running/m), {
    timeout: 60_000,
  });
  await server.signal('SIGKILL');
  expect((await over(jump1, id)).exitCode).toBe(0);
  const jobs = await jump1.reseed('jobs');
  expect(jobs.stdout).toMatch(/^1 +✔ done/m);
  expect(jobs.stderr).toMatch(
    /^reseed: history: away since \d\d:\d\d:\d\d \S+, \d+ changes wait: it (refuses|closed)/m,
  );
  expect((await jump2.reseed('jobs')).stderr).toMatch(/history: away since .* nothing waits/);
  await server.start();
  await jump1.sent();
  expect((await jump2.reseed('jobs')).stdout).toMatch(/^jump1:1 +✔ done/m);
  const ran = JSON.parse((await jump1.reseed('job', 'show', '1', '--json')).stdout).commands.length;
  expect(await server.sql('SELECT count(*) FROM reseed.reseed_command')).toBe(String(ran));
  expect((await jump2.reseed('job', 'log', 'jump1:1')).stdout).toBe((await jump1.reseed('job', 'log', '1')).stdout);
});

test('a database that does not answer holds up no verb and no job', async () => {
  await server.signal('SIGSTOP');
  try {
    const id = await jump1.begin('quick');
    expect((await over(jump1, id)).exitCode).toBe(0);
    const jobs = await jump2.reseed('jobs');
    expect(jobs.ms).toBeLessThan(15_000);
    expect(jobs.stderr).toMatch(/history: away since .*: it did not answer/);
  } finally {
    await server.signal('SIGCONT');
  }
  await jump1.sent();
  expect((await jump2.reseed('jobs')).stdout).toMatch(/^jump1:1 +✔ done/m);
});

test('a read-only database is said to be one; others are read on from it, and what waits is sent when it takes writes again', async () => {
  const first = await jump2.begin('quick');
  await over(jump2, first);
  await jump2.sent();
  await server.sql('SET GLOBAL read_only = 1');
  onTestFinished(async () => void (await server.sql('SET GLOBAL read_only = 0')));
  const id = await jump1.begin('quick');
  await over(jump1, id);
  await vi.waitFor(
    async () => {
      const { stdout, stderr } = await jump1.reseed('jobs');
      expect(stderr).toMatch(/history: away since .* wait: (job 1: )?it is read-only/);
      expect(stdout).toMatch(/^jump2:1 +✔ done/m);
    },
    { timeout: 60_000 },
  );
  await server.sql('SET GLOBAL read_only = 0');
  await jump1.sent();
  expect((await jump2.reseed('jobs')).stdout).toMatch(/^jump1:1 +✔ done/m);
});

test('tables of an older or a newer reseed are not written; the line says which, and join changes older ones', async () => {
  await server.sql('UPDATE reseed.reseed_history SET version = 0');
  expect((await jump1.reseed('history')).stdout).toMatch(/away since .*of an older reseed|no tables of reseed/);
  await server.sql('UPDATE reseed.reseed_history SET version = 999');
  const id = await jump1.begin('quick');
  expect((await over(jump1, id)).exitCode).toBe(0);
  expect((await jump2.reseed('jobs')).stderr).toContain('its tables are of a newer reseed (version 999');
  expect(await jump1.reseed('history', 'join')).toMatchObject({ exitCode: 1 });
  await server.sql('UPDATE reseed.reseed_history SET version = 0');
  expect(await jump1.reseed('history', 'join')).toMatchObject({ exitCode: 0 });
  await jump1.sent();
  expect((await jump2.reseed('jobs')).stdout).toMatch(/^jump1:1 +✔ done/m);
});

test('rows of a newer reseed, damaged rows and hostile text hide no other job and reach no terminal', async () => {
  for (const _ of [1, 2, 3]) await over(jump1, await jump1.begin('quick'));
  await jump1.sent();
  await server.sql(`
    UPDATE reseed.reseed_job SET form = 99, seq = seq + 1 WHERE job = 1;
    UPDATE reseed.reseed_job SET state = '{"job":', seq = seq + 1 WHERE job = 2;
    UPDATE reseed.reseed_plan SET written = replace(written, 'run quick', 'run \\\\\\\\u001b]52;c;AAAA\\\\\\\\u0007\\\\\\\\u202equick') WHERE job = 3;
    UPDATE reseed.reseed_log SET data = concat(char(27 using utf8mb4), ']0;x', char(7 using utf8mb4), data) WHERE job = 3;`);
  const jobs = await jump2.reseed('jobs');
  expect(jobs.stdout).toMatch(/^jump1:3 +✔ done .* run quick on here/m);
  expect(jobs.stdout).not.toMatch(/jump1:[12]/);
  expect(jobs.stderr).toContain('job jump1:1 is not shown: its row is of a newer reseed');
  expect(jobs.stderr).toContain('job jump1:2 is not shown: its row is damaged');
  const log = (await jump2.reseed('job', 'log', 'jump1:3')).stdout;
  const shown = (await jump2.reseed('job', 'show', 'jump1:3')).stdout;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not be there.
  for (const text of [jobs.stdout, log, shown]) expect(text).not.toMatch(/[\x1b\x07\u202e]/);
});

test('the password is in no argument, no journal and no output; a file that others read is refused', async () => {
  const state = await readFile(join(jump1.folder, 'reseed/jobs.sqlite'), 'latin1');
  const wal = await readFile(join(jump1.folder, 'reseed/jobs.sqlite-wal'), 'latin1').catch(() => '');
  expect(state + wal).not.toContain('secret #1');
  await chmod(server.account, 0o644);
  try {
    const joined = await jump1.reseed('history', 'join');
    expect([joined.exitCode, joined.stderr]).toEqual([
      1,
      expect.stringContaining('holds a password, and others may read it'),
    ]);
  } finally {
    await chmod(server.account, 0o600);
  }
});

test('the sender is killed: the next verb starts another, and nothing is lost or there twice', async () => {
  const id = await jump1.begin('slow');
  const pid = await vi.waitFor(
    async () => {
      const [found] = await jump1.pids('sender');
      if (found === undefined) throw new Error('no sender runs');
      return found;
    },
    { timeout: 60_000 },
  );
  process.kill(pid, 'SIGKILL');
  await over(jump1, id);
  await jump1.reseed('jobs');
  await jump1.sent();
  expect((await jump2.reseed('job', 'log', 'jump1:1')).stdout).toBe((await jump1.reseed('job', 'log', '1')).stdout);
});

test('what rules have planned is carried out by one jump host, which knows of the recoveries that the other began', async () => {
  const storeOf = ({ folder }: JumpHost) => {
    const home = jobHome({ XDG_STATE_HOME: folder });
    const journal = openJournal(home.journal, Date.now);
    if (!journal) throw new Error('no journal');
    onTestFinished(() => journal.close());
    return { home, journal };
  };
  const [one, two] = [storeOf(jump1), storeOf(jump2)];
  const fleet = { fleet: 'practice' };
  expect(await turnHere(one, fleet, 0)).toEqual({ earlier: [] });
  expect(await turnHere(two, fleet, 0)).toEqual({
    why: { text: 'jump host jump1 carries out what rules have planned now', isPassing: true },
  });
  const plan = { kind: 'seed', title: 'seed db2 → db3', hosts: ['db2', 'db3'], steps: [], destroys: [] };
  const who = { account: 'ops', jumpHost: 'jump2', rule: 'broken' };
  two.journal.setJob(addJob(two.journal, { key: 'cafe', plan, targets: [], who }).id, 'failed');
  await jump2.reseed('history');
  await jump2.sent();
  const earlier = [{ name: 'job jump2:1', job: { state: 'failed', who: { rule: 'broken' } } }];
  expect(await turnHere(one, fleet, 0)).toMatchObject({ earlier });
  expect(await turnHere(one, fleet, Date.now() + 60_000)).toEqual({ earlier: [] });
});
