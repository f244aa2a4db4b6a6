// Schedules that take minutes on real hosts: a staging server that is refreshed, hosts that are away, clocks that are set, a full disk. The
// short ones are in test/fleet/schedules.test.ts.
import { mkdirSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { drill, on, runs, until } from '../fleet/fleet.ts';
import { anna, folder } from '../fleet/operators.ts';
import { receiverForAll, scheduler, snapshotsOn } from '../fleet/scheduling.ts';
import { nothingLeftOn } from '../fleet/seeding.ts';
import { usesHosts } from '../fleet/uses.ts';
import { rowsOf } from './seed-staging.ts';

usesHosts('db1', 'db2', 'db6');

const receiver = receiverForAll();
const url = join(folder, 'url');
const notify = `notify:
  events: { to: webhook, urlFile: ${url}, on: [begun, needs-person, failed, done, missed, proof-failed] }
`;
const lastTold = (count: number) =>
  receiver.told.slice(-count).map(({ events, job }) => `${events} ${job?.id ?? 'no'}`);
beforeAll(() => writeFile(url, receiver.url(), { mode: 0o600 }));
afterEach(async () => {
  await anna().says('clean', 'db2', '--snapshots', '--yes=db2');
});

const sql = (host: string, words: string) => on(host, `mysql -Nse "${words}"`);
const ends = (jobs: readonly { readonly state: string; readonly error?: string }[]) =>
  jobs.map(({ state, error }) => [state, error]);
const done = ['done', undefined];

describe('staging', () => {
  beforeAll(() => on('db1', 'systemctl stop drill-trickle'));
  afterAll(async () => {
    await on('db1', 'systemctl start drill-trickle');
    await drill('reset', 'db6');
  }, 400_000);

  test('is refreshed from production by a schedule, as often as its time comes, and only as far as it is allowed', async () => {
    const account = scheduler('staging', ['db1', 'db2', 'db6']);
    const allowing = (...what: string[]) =>
      account.writes(`${notify}schedules:
  staging:
    { cron: "${account.cronOf(1, 2, 3)}", timezone: UTC, do: seed, donor: db2, hosts: db6, ends: standalone, writable: true,
      allow: { ${what.map((one) => `${one}: db6`).join(', ')} } }
`);
    await allowing('replace-data', 'losses');
    const before = await snapshotsOn('db2');
    expect(await account.tick(0)).toEqual([]);
    expect(await account.tick(1)).toEqual(['staging: job 1 on db6']);
    expect(ends(await account.idle())).toEqual([done]);
    expect(await rowsOf('db6')).toBe(await rowsOf('db1'));
    expect(await sql('db6', 'SELECT @@read_only, @@super_read_only; SHOW REPLICA STATUS')).toMatch(/^0\s+0$/);
    await sql(
      'db6',
      'CREATE DATABASE staging; CREATE TABLE staging.t (a INT PRIMARY KEY); INSERT INTO staging.t VALUES (1)',
    );
    await allowing('replace-data');
    expect(await account.tick(2)).toEqual([
      expect.stringMatching(
        /^staging: db6 refused: an operator would be asked: .*; if that is meant each time, write into schedule staging: allow: \{ losses: \[db6\]/,
      ),
    ]);
    expect(await sql('db6', 'SELECT a FROM staging.t')).toBe('1');
    await allowing('replace-data', 'losses');
    expect(await account.tick(3)).toEqual(['staging: job 2 on db6']);
    expect(ends(await account.idle())).toEqual([done, done]);
    expect(await sql('db6', "SHOW DATABASES LIKE 'staging'")).toBe('');
    expect(await rowsOf('db6')).toBe(await rowsOf('db1'));
    await until(
      async () => lastTold(5),
      (told) => told.includes('done 2'),
    );
    expect(lastTold(5)).toEqual(['begun 1', 'done 1', 'failed,needs-person no', 'begun 2', 'done 2']);
    await nothingLeftOn('db6');
    expect(await snapshotsOn('db2')).toEqual(before);
  }, 900_000);
});

describe('a host', () => {
  test('that is away at the hour gets its job when it is back', async () => {
    const account = scheduler('away', ['db1', 'db2']);
    await account.writes(
      `schedules: { nightly: { cron: "${account.cronOf(1)}", timezone: UTC, do: snapshot, hosts: db2 } }`,
    );
    expect(await account.tick(0)).toEqual([]);
    await drill('fault', 'cut', 'db2');
    const away = await account.tick(1).finally(() => drill('heal', 'db2'));
    expect(away).toEqual([expect.stringMatching(/^nightly: db2 waits: db2: /)]);
    expect(await account.tick(4)).toEqual(['nightly: job 1 on db2, due 3 min ago']);
    expect(ends(await account.idle())).toEqual([done]);
    expect(await snapshotsOn('db2')).toHaveLength(1);
  }, 480_000);

  test('that loses its power while a snapshot is proved is proved when it is up again', async () => {
    const account = scheduler('power', ['db1', 'db2']);
    await account.writes(
      `${notify}schedules: { proof: { cron: "${account.cronOf(1)}", timezone: UTC, do: proof, hosts: db2 } }`,
    );
    await anna().done('snapshot', 'create', 'db2', '--yes');
    expect(await account.tick(0)).toEqual([]);
    expect(await account.tick(1)).toEqual(['proof: job 1 on db2']);
    await until(
      async () => account.jobs()[0]?.steps.find(({ name }) => name === 'prove')?.state,
      (state) => state === 'running',
    );
    await drill('fault', 'power-cut', 'db2');
    await drill('heal', 'db2');
    expect(ends(await account.idle(400_000))).toEqual([done]);
    await until(
      async () => lastTold(2),
      (told) => told.includes('done 1'),
    );
    expect(lastTold(2)).toEqual(['begun 1', 'done 1']);
    expect(await on('db2', 'cat /run/reseed/lock /run/reseed/lock-* 2>/dev/null || true')).toBe('');
  }, 900_000);
});

describe('a clock', () => {
  test('that is put forward over the hour of a schedule, and back, begins its job once', async () => {
    // In Berlin there is no half past two on that day.
    const account = scheduler('summer', ['db1', 'db2'], Date.parse('2027-03-28T00:30:00Z'));
    await account.writes(`schedules:
  nightly: { cron: 30 2 * * *, timezone: Europe/Berlin, do: snapshot, hosts: db2 }
  old: { cron: 45 3 * * *, timezone: Europe/Berlin, do: prune, youngerThan: 1 d, hosts: db2, allow: { remove-snapshots: db2 } }
`);
    expect(await account.tick(0)).toEqual([]);
    expect(await account.tick(29)).toEqual([]);
    expect(await account.tick(30)).toEqual(['nightly: job 1 on db2']);
    expect(ends(await account.idle())).toEqual([done]);
    expect(await account.tick(10)).toEqual([]);
    expect(await account.tick(31)).toEqual([]);
    // By the clock of this machine all snapshots are months old; by the host's they are not.
    expect(await account.tick(75)).toEqual([
      expect.stringMatching(/^old: db2 refused: the clock of db2 is .* behind that of this machine: /),
    ]);
    expect(await snapshotsOn('db2')).toHaveLength(1);
  });
});

describe('a jump host', () => {
  test('whose disk is full begins nothing, says so, and makes up for it once there is room', async () => {
    const home = join(folder, 'full');
    const filler = join(home, 'filler');
    mkdirSync(home, { recursive: true });
    expect((await runs('mount', ['-t', 'tmpfs', '-o', 'size=2M', 'tmpfs', home])).exitCode).toBe(0);
    onTestFinished(async () => {
      await runs('umount', ['-l', home]);
    });
    const account = scheduler('full', ['db1', 'db2']);
    await account.writes('schedules: { each: { cron: "* * * * *", do: snapshot, hosts: db2 } }');
    expect(await account.tick(0)).toEqual([]);
    await runs('sh', ['-c', `cat /dev/zero >'${filler}' 2>/dev/null; :`]);
    const full = await account.at(1, 'schedule', 'tick');
    expect([full.exitCode, full.stdout]).toEqual([1, '']);
    expect(full.stderr).toMatch(/^reseed: .*(full|ENOSPC)/m);
    expect(await snapshotsOn('db2')).toEqual([]);
    rmSync(filler);
    expect(await account.tick(2)).toEqual(['each: job 1 on db2, one time before was missed']);
    expect(ends(await account.idle())).toEqual([done]);
  });

  test('that looks by the daemon takes a snapshot in each real minute', async () => {
    const account = scheduler('daemon', ['db1', 'db2'], 0);
    await account.writes('schedules: { each: { cron: "* * * * *", do: snapshot, hosts: db2 } }');
    const daemon = account.now('schedule', 'daemon');
    const jobs = await until(
      async () => account.jobs(),
      (all) => all.filter(({ state }) => state === 'done').length >= 3,
      300_000,
    );
    await account.signal('daemon', 'SIGTERM');
    const { exitCode, stdout } = await daemon;
    expect([exitCode, stdout]).toEqual([0, [1, 2, 3].map((id) => `each: job ${id} on db2`).join('\n')]);
    const minutes = jobs.map(({ createdMs }) => Math.floor(createdMs / 60_000));
    expect(minutes.map((minute) => minute - (minutes[0] ?? 0))).toEqual([0, 1, 2]);
  }, 480_000);
});
