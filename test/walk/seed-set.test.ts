// Staging goes back to an earlier stage of production, in one job for several hosts: on real hosts, with a runner that dies. In the
// campaign, since npm test has no minutes left for it.
import { afterAll, expect, test } from 'vitest';
import { drill, on } from '../fleet/fleet.ts';
import { begun, done, killedIn, nothingLeftOn, shown } from '../fleet/seeding.ts';
import { usesHosts } from '../fleet/uses.ts';
import { replicates, restarted, rowsOf, snapshotOf } from './seed-staging.ts';

usesHosts('db1', 'db2', 'db3', 'db6');

/** The other tests know the hosts as they were. */
afterAll(async () => {
  for (const host of ['db3', 'db6']) await drill('reset', host);
}, 900_000);

const sql = (host: string, words: string) => on(host, `mysql -Nse "${words}"`);

test('staging goes back to an earlier stage of production, and once more, in one job for its hosts', async () => {
  const { name, rows } = await snapshotOf('db2', 'db1', (at) => `SELECT WAIT_FOR_EXECUTED_GTID_SET('${at}', 60)`);
  // Production goes on.
  await sql('db1', 'CREATE DATABASE later; CREATE TABLE later.t (a INT PRIMARY KEY)');
  const set = ['db6', 'db3', '--as-set', '--writable', '--yes=db6,db3'] as const;
  const id = await begun('seed', 'db2', ...set, '--snapshot', name);
  // The runner dies when the first is a primary, and the other is about to be stopped.
  await killedIn(id, 'hold db3', 600_000);
  await done('job', 'resume', id);
  expect(await shown(id)).toMatchObject({ state: 'done' });
  for (const host of ['db6', 'db3']) expect({ host, rows: await rowsOf(host) }).toEqual({ host, rows });
  for (const host of ['db6', 'db3']) await restarted(host, 'mysql');
  await replicates('db6', 'db3', '7');
  expect(await sql('db3', 'SELECT HOST FROM performance_schema.replication_connection_configuration')).toBe(
    '10.77.0.16',
  );

  // A set that runs goes back, though its primary takes writes and has a replica; this time to files of a stopped replica.
  await done('stop', 'db2', '--yes=db2');
  const again = await begun('seed', 'db2', ...set, '--stopped');
  await done('job', 'attach', again);
  expect(await shown(again)).toMatchObject({ state: 'done' });
  await done('start', 'db2', '--yes');
  expect(await rowsOf('db3')).toBe(await rowsOf('db6'));
  expect(await rowsOf('db6')).not.toContain('staging');
  await replicates('db6', 'db3', '9');
  await done('snapshot', 'remove', 'db2', name, '--yes=db2');
  await nothingLeftOn('db1', 'db2', 'db6', 'db3');
}, 1_800_000);
