// Schedules that take minutes on real hosts: a staging server that is refreshed, and a host that is away at the hour. The short ones are in
// test/fleet/schedules.test.ts.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { drill, on, until } from '../fleet/fleet.ts';
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
/** The tick's clock goes on while a busy machine plans. */
const begun = (job: number) => expect.stringMatching(new RegExp(`^staging: job ${job} on db6(, due \\d+ min ago)?$`));

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
    expect(await account.tick(1)).toEqual([begun(1)]);
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
    expect(await account.tick(3)).toEqual([begun(2)]);
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
    const before = await snapshotsOn('db2');
    expect(await account.tick(0)).toEqual([]);
    await drill('fault', 'cut', 'db2');
    const away = await account.tick(1).finally(() => drill('heal', 'db2'));
    expect(away).toEqual([expect.stringMatching(/^nightly: db2 waits: db2: /)]);
    expect(await account.tick(4)).toEqual([expect.stringMatching(/^nightly: job 1 on db2, due \d+ min ago$/)]);
    expect(ends(await account.idle())).toEqual([done]);
    expect(await snapshotsOn('db2')).toHaveLength(before.length + 1);
  }, 480_000);
});
