// Seeds that end with servers of their own, on real hosts: their rows are those of the snapshot, and another restart changes nothing. In
// the campaign, since npm test has no minutes left for it. seed-set.test.ts has the sets,
// seed-alone-mariadb.test.ts both of MariaDB.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drill, on } from '../fleet/fleet.ts';
import { begun, done, killedIn, nothingLeftOn, shown } from '../fleet/seeding.ts';
import { usesHosts } from '../fleet/uses.ts';
import { restarted, rowsOf, snapshotOf } from './seed-staging.ts';

usesHosts('db1', 'db2', 'db6');

/** The other tests know the hosts as they were. */
afterAll(() => drill('reset', 'db6'), 400_000);

const sql = (host: string, words: string) => on(host, `mysql -Nse "${words}"`);

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
    await done('snapshot', 'remove', 'db2', name, '--yes=db2');
  }, 900_000);
});

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
