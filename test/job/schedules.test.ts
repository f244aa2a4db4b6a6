// Schedules as an operator has them: the verbs, on a real sshd, with real runners.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { jobHome } from '../../src/job/journal/home.ts';
import { type Journal, openJournal } from '../../src/job/journal/journal.ts';
import { holdFile } from '../../src/job/lease/alive.ts';
import { openYard, type Sshd, type Yard } from '../remote/sshd.ts';
import { addJob } from './adding.ts';
import { ownServer } from './own-server.ts';

let yard: Yard;
let sshd: Sshd;
let folder: string;
let inventory: string;
beforeAll(async () => {
  yard = await openYard();
  sshd = await yard.startAlone();
}, 180_000);
afterAll(() => yard.close());

let count = 0;
beforeEach(async () => {
  folder = join(yard.folder, `state-${++count}`);
  inventory = join(yard.folder, `hosts-${count}.yaml`);
  const knownHosts = await yard.knownHosts([sshd.knownHost.ed25519]);
  const own = ownServer(folder);
  await writeFile(
    inventory,
    `fleet: try
hosts:
  db1:
    ssh: { host: 127.0.0.1, port: ${sshd.port}, user: root, identity: ${yard.identity}, knownHosts: ${knownHosts} }
    # Of this test alone: jobs of the one before may still run.
    mysql: { socket: ${own.socket} }
    commands:
      datadir: [echo, ${own.datadir}]
      note: { run: [sh, -c, 'echo ran >>"$0"', ${ran()}] }
      wipe: { run: [rm, -f, ${ran()}], dangerous: true }
schedules:
  notes: { cron: 30 ${twelveHoursAgo()} * * *, timezone: UTC, do: command, command: note, hosts: db1 }
  wipes: { cron: 30 3 * * *, timezone: UTC, do: command, command: wipe, hosts: db1 }
`,
  );
});

/** Its last time is neither now nor in a moment, whenever the test runs. */
const twelveHoursAgo = () => (new Date().getUTCHours() + 12) % 24;
const ran = () => join(yard.folder, `ran-${count}`);
const reseed = (...words: string[]) =>
  execa(process.execPath, ['bin/reseed.js', ...words], {
    reject: false,
    stdin: 'ignore',
    env: { XDG_STATE_HOME: folder, RESEED_INVENTORY: inventory },
  });
const schedule = (...words: string[]) => reseed('schedule', ...words);

async function inJournal<T>(work: (journal: Journal) => T): Promise<T> {
  const journal = openJournal(jobHome({ XDG_STATE_HOME: folder }).journal, Date.now);
  if (!journal) throw new Error('no journal');
  try {
    return work(journal);
  } finally {
    journal.close();
  }
}

/** As if this machine had been off for three days. */
const wasOff = () =>
  inJournal(({ schedules }) =>
    schedules.settle(
      inventory,
      [{ name: 'notes', checkedMs: Date.now() - 3 * 86_400_000, runs: [], passed: [] }],
      Date.now(),
    ),
  );
const listed = async () => {
  const { schedules } = JSON.parse((await schedule('list', '--json')).stdout);
  return Object.fromEntries(schedules.map((one: { name: string }) => [one.name, one]));
};
const done = () =>
  vi.waitFor(
    async () => {
      const { badge, why } = (await listed()).notes.runs[0];
      expect([badge.word, why]).toEqual(['done', undefined]);
    },
    { timeout: 60_000, interval: 500 },
  );

test('two ticks at once begin a missed job once, and the job is done on its host', async () => {
  await wasOff();
  const both = await Promise.all([schedule('tick'), schedule('tick')]);
  expect(both.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual([
    [0, ''],
    [0, ''],
  ]);
  expect(both.map(({ stdout }) => stdout).filter(Boolean)).toEqual([
    expect.stringMatching(/^notes: job 1 on db1, due \d+ h ago, 2 times before were missed$/),
  ]);
  await done();
  expect(await readFile(ran(), 'utf8')).toBe('ran\n');
  expect((await schedule('tick')).stdout).toBe('');
  expect((await reseed('jobs')).stdout).toMatch(/run note on db1 .*, schedule notes /);
});

test('the timers of two fleets that wake in the same second both do their work', async () => {
  const one = inventory;
  const other = join(yard.folder, `other-${count}.yaml`);
  await writeFile(other, (await readFile(one, 'utf8')).replace('fleet: try', 'fleet: other'));
  await wasOff();
  inventory = other;
  await wasOff();
  const both = await Promise.all([one, other].map((file) => schedule('tick', '--inventory', file)));
  // Both have the same machine: one of them begins its job there, and the other waits for it, or begins its own when that is over.
  expect(both.map(({ stdout }) => stdout)).toEqual([
    expect.stringMatching(/^notes: /),
    expect.stringMatching(/^notes: /),
  ]);
});

test('a host that is away at the hour gets its job when it is back', async () => {
  await wasOff();
  await sshd.kill();
  const away = await schedule('tick').finally(async () => {
    sshd = await sshd.restart();
  });
  expect([away.exitCode, away.stdout]).toEqual([0, expect.stringMatching(/^notes: db1 waits: db1: /)]);
  expect((await schedule('list')).stdout).toMatch(/^notes db1 {2}◌ waits \d+ (s|min)\b.*: db1: /m);
  // The next try is a minute later.
  await inJournal(({ schedules }) => {
    const [run] = schedules.waiting(inventory);
    if (run) schedules.waitForHosts(run.id, run.reason ?? '', Date.now() - 3_600_000);
  });
  expect((await schedule('tick')).stdout).toMatch(/^notes: job 1 on db1, /);
  await done();
});

test('a tick that is killed while it asks a host has begun nothing, and the next one begins the job', async () => {
  await wasOff();
  await sshd.freeze();
  const killed = schedule('tick');
  await vi.waitFor(
    async () => expect(await inJournal(({ schedules }) => schedules.waiting(inventory))).toHaveLength(1),
    {
      timeout: 60_000,
      interval: 200,
    },
  );
  killed.kill('SIGKILL');
  await killed;
  await sshd.kill();
  sshd = await sshd.restart();
  expect((await schedule('tick')).stdout).toMatch(/^notes: job 1 on db1, /);
  await done();
});

describe('a tick that is killed as it starts the runner of its job', () => {
  test.each(['before', 'after'] as const)(
    '(%s the process of the runner is there): the next tick has it done once, and nothing is left',
    async (moment) => {
      await wasOff();
      const killer = join(yard.folder, `killer-${count}.cjs`);
      await writeFile(killer, killedAtSpawn(moment));
      const killed = await execa(process.execPath, ['bin/reseed.js', 'schedule', 'tick'], {
        reject: false,
        env: { XDG_STATE_HOME: folder, RESEED_INVENTORY: inventory, NODE_OPTIONS: `--require ${killer}` },
      });
      expect(killed.signal).toBe('SIGKILL');
      expect((await schedule('tick')).stdout).toMatch(/^notes: job [12] on db1, /);
      await done();
      expect(await readFile(ran(), 'utf8')).toBe('ran\n');
      expect(await inJournal((journal) => [journal.openJobs(), journal.schedules.waiting(inventory)])).toEqual([
        [],
        [],
      ]);
      expect((await schedule('tick')).stdout).toBe('');
    },
  );
});

/** In the process that records a job: it ends as by a lack of memory. */
const killedAtSpawn = (moment: 'before' | 'after') => `
const processes = require('node:child_process');
const { spawn } = processes;
processes.spawn = (program, words, options) => {
  if (!words.includes('run')) return spawn(program, words, options);
  const { NODE_OPTIONS: _, ...env } = process.env;
  if (${moment === 'after'}) spawn(program, words, { ...options, env });
  process.kill(process.pid, 'SIGKILL');
};
require('node:module').syncBuiltinESMExports();`;

test('a run by hand that is ended with Ctrl-C while it asks its host begins nothing, and says so', async () => {
  await sshd.freeze();
  const running = schedule('run', 'notes');
  const waiting = () => inJournal(({ schedules }) => schedules.waiting(inventory));
  await vi.waitFor(async () => expect(await waiting()).toHaveLength(1), { timeout: 60_000, interval: 200 });
  running.kill('SIGINT');
  const { exitCode, stdout } = await running.finally(async () => {
    await sshd.kill();
    sshd = await sshd.restart();
  });
  expect([exitCode, stdout]).toEqual([130, 'notes: db1 dropped: it was ended before its job began']);
  expect(await waiting()).toEqual([]);
  expect((await schedule('tick')).stdout).toBe('');
});

test('a run by hand that waits says so where nothing ticks', async () => {
  await sshd.kill();
  const { exitCode, stdout } = await schedule('run', 'notes').finally(async () => {
    sshd = await sshd.restart();
  });
  expect([exitCode, stdout]).toEqual([
    0,
    expect.stringMatching(/^notes: db1 waits: db1: .*\n! no tick yet: schedules begin no job/),
  ]);
});

test('what is dangerous is refused, and told in the list', async () => {
  const { exitCode, stdout } = await schedule('run', 'wipes');
  const words =
    'an operator would be asked: wipe is dangerous, the inventory says; if that is meant each time, write into schedule wipes: allow: { dangerous-command: [db1] }';
  expect([exitCode, stdout]).toEqual([3, `wipes: db1 refused: ${words}`]);
  expect((await schedule('list')).stdout).toContain(words);
  await writeFile(
    inventory,
    (await readFile(inventory, 'utf8')).replace('command: wipe,', 'command: wipe, allow: { dangerous-command: db1 },'),
  );
  const allowed = 'db1: a dangerous command may run (allow: dangerous-command)';
  const unasked = await schedule('run', 'wipes');
  expect([unasked.exitCode, unasked.stderr]).toEqual([
    3,
    expect.stringContaining(`${allowed}: nothing was done; to agree in advance: --yes=db1`),
  ]);
  expect((await schedule('run', 'wipes', '--yes=db2')).exitCode).toBe(3);
  expect((await schedule('run', 'wipes', '--yes=db1')).stdout).toBe(`${allowed}\nwipes: job 1 on db1`);
});

test('a schedule that is switched off begins nothing at its hour, and says by whom', async () => {
  await wasOff();
  expect((await schedule('disable', 'notes')).stdout).toMatch(
    /^notes is off for root@\S+, until .*; timers of other accounts, and jobs that it began, go on$/,
  );
  expect((await schedule('tick')).stdout).toBe('');
  expect((await schedule('list')).stdout).toMatch(/^notes .* – off, by root@/m);
  expect((await schedule('enable', 'notes')).stdout).toBe('notes is on');
  expect((await schedule('tick')).stdout).toBe('');
  expect((await listed()).notes).toMatchObject({ off: null, runs: [] });
});

test('wrong names, and mistakes of the inventory, end with 2', async () => {
  const wrong = await schedule('run', 'nots');
  expect([wrong.exitCode, wrong.stderr]).toEqual([
    2,
    expect.stringContaining('has no schedule nots; it has notes, wipes'),
  ]);
  await writeFile(inventory, (await readFile(inventory, 'utf8')).replace(/cron: 30 \d+ \* \* \*/, 'cron: 30 2 30 2 *'));
  const broken = await schedule('tick');
  expect([broken.exitCode, broken.stderr]).toEqual([2, expect.stringContaining('write a day that comes')]);
});

test('a tick that another reseed is in the way of says so in JSON', async () => {
  await schedule('list');
  const { tick } = jobHome({ XDG_STATE_HOME: folder });
  const lock = holdFile(tick, 0);
  const busy = JSON.parse((await schedule('tick', '--json')).stdout);
  expect(busy).toMatchObject({ kind: 'schedule-tick', isBusy: true, events: [] });
  lock?.release();
});

test('a tick says nothing of a job whose runner died: cron would send that each minute', async () => {
  await inJournal((journal) => {
    const plan = { kind: 'seed', title: 'seed db2 to db3', hosts: [], steps: [], destroys: [] };
    const { id } = addJob(journal, { key: 'cafe', plan, targets: [], who: { account: 'ops', jumpHost: 'jump1' } });
    journal.setJob(id, 'running');
  });
  const { exitCode, stdout, stderr } = await schedule('tick');
  expect([exitCode, stdout, stderr]).toEqual([0, '', '']);
});

test('the daemon begins what is due, and ends with a signal', async () => {
  await wasOff();
  const daemon = schedule('daemon');
  onTestFinished(() => void daemon.kill('SIGKILL'));
  await done();
  daemon.kill('SIGTERM');
  const { exitCode, stdout } = await daemon;
  expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^notes: job 1 on db1, /)]);
});
