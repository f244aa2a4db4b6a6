// A MySQL that lost its replication and not its data, and one that can't get its source again.
import { describe, expect, test } from 'vitest';
import { on, until } from './fleet.ts';
import { minutesMs, reattaching, sql } from './reattaching.ts';
import { begun, nothingLeftOn, shown } from './seeding.ts';
import { usesHosts } from './uses.ts';

usesHosts('db1', 'db2', 'db3');

describe('db2, a replica of db1', () => {
  const { errantIsInjected, purgedIsRefused } = reattaching({
    primary: 'db1',
    target: 'db2',
    replica: 'REPLICA',
    errant: 'SET GLOBAL super_read_only = OFF; CREATE DATABASE errant; SET GLOBAL super_read_only = ON',
  });
  errantIsInjected();

  test(
    'a job that can not finish puts back the source, the retries and the threads that were there',
    async () => {
      const table = 'performance_schema.replication_connection_configuration';
      const was = () =>
        sql('db2', `SELECT HOST, CONNECTION_RETRY_INTERVAL, CONNECTION_RETRY_COUNT, AUTO_POSITION, USER FROM ${table}`);
      await sql(
        'db2',
        "STOP REPLICA; CHANGE REPLICATION SOURCE TO SOURCE_HOST = '10.77.0.13', SOURCE_CONNECT_RETRY = 7, SOURCE_RETRY_COUNT = 9",
      );
      // What its source creates already exists: the applier of the new source stops at it.
      await sql(
        'db2',
        'SET SESSION sql_log_bin = 0; SET GLOBAL super_read_only = OFF; CREATE DATABASE clash; SET GLOBAL super_read_only = ON',
      );
      await sql('db1', 'CREATE DATABASE clash');
      const before = await was();
      expect(before).toBe('10.77.0.13\t7\t9\t1\trepl');
      const id = await begun('seed', 'db1', 'db2', '--yes=db2', '--method', 'binlog');
      const job = await until(
        () => shown(id),
        ({ state }) => ['done', 'failed', 'cleanup-needed'].includes(state),
      );
      expect(job).toMatchObject({ state: 'failed', error: expect.stringContaining('applying stopped with') });
      expect(await was()).toBe(before);
      expect(await on('db2', `mysql -e 'SHOW REPLICA STATUS' --vertical | grep -c '_Running: No'`)).toBe('2');
      await nothingLeftOn('db2');
    },
    8 * minutesMs,
  );

  purgedIsRefused();
});
