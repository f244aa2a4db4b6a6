// Seeds that end with servers of their own, and with a set of their own, on real hosts: their rows are those of the snapshot, and another
// restart changes nothing. In the campaign, since npm test has no minutes left for it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drill, on, printedOn, until } from '../fleet/fleet.ts';
import { begun, done, killedIn, nothingLeftOn, shown } from '../fleet/seeding.ts';
import { usesHosts } from '../fleet/uses.ts';

usesHosts('db1', 'db2', 'db3', 'db4', 'db5', 'db6');

/** The other tests know the hosts as they were. */
afterAll(async () => {
  for (const host of ['db3', 'db5', 'db6']) await drill('reset', host);
}, 900_000);

const verify = '/usr/local/lib/drill/verify.sh';
const sql = (host: string, words: string) => on(host, `mysql -Nse "${words}"`);

/** A snapshot of a replica, with the checksums of its tables at that moment. */
async function snapshotOf(donor: string, primary: string, wait: (position: string) => string) {
  const position = await printedOn(primary, `${verify} hold`);
  try {
    expect(await sql(donor, wait(position))).toBe('0');
    await done('job', 'attach', await begun('snapshot', 'create', donor, '--yes'));
    const name = await on(donor, "lvs --noheadings -o lv_name | grep -o 'reseed-[^ ]*' | tail -n 1");
    return { name, rows: await printedOn(primary, `${verify} checksums ''`) };
  } finally {
    await printedOn(primary, `${verify} release`);
  }
}

const rowsOf = (host: string) => printedOn(host, `${verify} checksums ''`);

async function restarted(host: string, unit: string): Promise<void> {
  await on(host, `systemctl restart ${unit}`);
  await until(
    () => printedOn(host, 'mysql -Nse "SELECT 1" 2>/dev/null || true'),
    (answer) => answer === '1',
  );
}

describe('a host of its own from a snapshot of production', () => {
  test('db2 to db6: it has the rows of the snapshot, takes writes, and replicates from no host after a restart', async () => {
    const { name, rows } = await snapshotOf('db2', 'db1', (at) => `SELECT WAIT_FOR_EXECUTED_GTID_SET('${at}', 60)`);
    const id = await begun('seed', 'db2', 'db6', '--snapshot', name, '--standalone', '--writable', '--yes=db6');
    // The runner dies when the server was freed, and is about to be restarted.
    await killedIn(id, 'restart db6');
    await done('job', 'resume', id);
    expect(await shown(id)).toMatchObject({ state: 'done' });
    expect(await rowsOf('db6')).toBe(rows);
    const state = () => sql('db6', 'SELECT @@read_only, @@super_read_only, @@event_scheduler; SHOW REPLICA STATUS');
    const before = await state();
    expect(before).toMatch(/^0\s+0\s+\w+$/);
    await restarted('db6', 'mysql');
    expect(await state()).toBe(before);
    await sql('db6', 'CREATE DATABASE staging; DROP DATABASE staging');
    await nothingLeftOn('db6');
    await done('snapshot', 'remove', 'db2', name, '--yes');
  }, 900_000);

  test('db4 to db5, of MariaDB by mariadb-backup: it goes on after the GTIDs of the data, and replicates from no host after a restart', async () => {
    const id = await begun('seed', 'db4', 'db5', '--method', 'mariadb-backup', '--standalone', '--yes=db5');
    await done('job', 'attach', id);
    expect(await shown(id)).toMatchObject({ state: 'done' });
    const state = () => sql('db5', 'SELECT @@gtid_slave_pos, @@gtid_binlog_state; SHOW ALL SLAVES STATUS');
    const before = await state();
    expect(before).toMatch(/^\s+\d+-\d+-\d+$/);
    await restarted('db5', 'mariadb');
    expect(await state()).toBe(before);
    await nothingLeftOn('db4', 'db5');
  }, 900_000);
});

test('a set of db6 and db3 from db1: both have the same rows, and what db6 gets db3 gets, also after a restart', async () => {
  const id = await begun('seed', 'db1', 'db6', 'db3', '--as-set', '--writable', '--yes=db6,db3');
  await done('job', 'attach', id);
  expect(await shown(id)).toMatchObject({ state: 'done' });
  expect(await rowsOf('db3')).toBe(await rowsOf('db6'));
  for (const host of ['db6', 'db3']) await restarted(host, 'mysql');
  await sql(
    'db6',
    'CREATE DATABASE staging; CREATE TABLE staging.t (a INT PRIMARY KEY); INSERT INTO staging.t VALUES (7)',
  );
  await until(
    () => printedOn('db3', 'mysql -Nse "SELECT a FROM staging.t" 2>/dev/null || true'),
    (answer) => answer === '7',
  );
  expect(await sql('db3', 'SELECT HOST FROM performance_schema.replication_connection_configuration')).toBe(
    '10.77.0.16',
  );
  // A set that runs goes back once more, though its primary takes writes and has a replica; this time to files of a stopped replica.
  await done('stop', 'db2', '--yes=db2');
  const again = await begun('seed', 'db2', 'db6', 'db3', '--stopped', '--as-set', '--writable', '--yes=db6,db3');
  await done('job', 'attach', again);
  expect(await shown(again)).toMatchObject({ state: 'done' });
  await done('start', 'db2', '--yes');
  expect(await rowsOf('db3')).toBe(await rowsOf('db6'));
  expect(await rowsOf('db6')).not.toContain('staging');
  await nothingLeftOn('db1', 'db2', 'db6', 'db3');
}, 1_800_000);

describe('a host of its own by methods that need no snapshot', () => {
  beforeAll(() => on('db1', 'systemctl stop drill-trickle'));
  afterAll(() => on('db1', 'systemctl start drill-trickle'));

  test.each(['clone', 'mysqldump', 'delta'])(
    '%s: it has the rows of db1, takes writes, and replicates from no host',
    async (method) => {
      const id = await begun('seed', 'db1', 'db6', '--method', method, '--standalone', '--writable', '--yes=db6');
      await done('job', 'attach', id);
      expect(await shown(id)).toMatchObject({ state: 'done' });
      expect(await rowsOf('db6')).toBe(await rowsOf('db1'));
      expect(await sql('db6', 'SELECT @@read_only, @@super_read_only; SHOW REPLICA STATUS')).toMatch(/^0\s+0$/);
      expect(await sql('db6', 'SELECT GTID_SUBSET(@@gtid_executed, (SELECT @@gtid_purged))')).toBe('1');
      await sql('db6', 'CREATE DATABASE staging; DROP DATABASE staging');
      await nothingLeftOn('db1', 'db6');
    },
    600_000,
  );
});
