// A target that lost its replication and not its data, on real hosts: it is given a source again, and nothing is copied.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drill, on, until } from './fleet.ts';
import { refusalOf } from './refusing.ts';
import { begun, done, inside, nothingLeftOn, shown } from './seeding.ts';
import { usesHosts } from './uses.ts';

usesHosts('db1', 'db2', 'db3', 'db4', 'db5');

const sql = (host: string, words: string) => on(host, `mysql -Nse "${words}"`);
const minutesMs = 60_000;

/** `account`: of db2 another replica has it; db5 is the only replica of its source, and an operator has to name it. */
const pairs = [
  {
    primary: 'db1',
    target: 'db2',
    replica: 'REPLICA',
    errant: 'SET GLOBAL super_read_only = OFF; CREATE DATABASE errant; SET GLOBAL super_read_only = ON',
    account: undefined,
  },
  {
    primary: 'db4',
    target: 'db5',
    replica: 'SLAVE',
    errant: 'CREATE DATABASE errant',
    account: 'master.info',
  },
] as const;

describe.each(pairs)('$target, a replica of $primary', ({ primary, target, replica, errant, account }) => {
  let folder: string;
  let as: readonly string[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reseed-account-'));
    if (account === undefined) return;
    const [user, password] = (await on(target, `sed -n 5,6p "$(mysql -Nse 'SELECT @@datadir')${account}"`)).split('\n');
    const file = join(folder, 'account');
    await writeFile(file, `user = ${user}\npassword = ${password}\n`, { mode: 0o600 });
    as = ['--account', file];
  });
  // Its logs are purged: a replica that begins anew needs them.
  afterAll(async () => {
    await rm(folder, { recursive: true });
    await drill('reset', primary);
  }, 8 * minutesMs);

  const write = () =>
    sql(primary, 'CREATE DATABASE written; CREATE TABLE written.t (id INT PRIMARY KEY); DROP DATABASE written');
  const status = () =>
    on(target, `mysql -e 'SHOW ${replica} STATUS' --vertical | grep -E '_(IO|SQL)_Running:|_Host:|Seconds_Behind'`);
  const findings = async (...words: string[]) =>
    (await inside('seed', primary, target, '--dry-run', ...as, ...words)).stdout;
  const refused = () => refusalOf(primary, target, `--yes=${target}`, '--method', 'binlog', ...as);

  test(
    'that has no source any more, and lacks what was written since, catches up without a copy',
    async () => {
      await sql(target, `STOP ${replica}; RESET ${replica} ALL`);
      await write();
      expect(await findings()).toMatch(
        /copying is not needed: lacks \d+ transactions? that db\d still has .*; use --method binlog/,
      );
      const said = await findings('--method', 'binlog');
      expect(said).toContain(`reattach ${target} to ${primary} by binary logs`);
      expect(said).toMatch(/lacks \d+ transactions? that db\d still has; nothing is copied/);
      expect(said).toMatch(/saves (about|\?) /);
      const id = await begun('seed', primary, target, `--yes=${target}`, '--method', 'binlog', ...as);
      await done('job', 'attach', id);
      expect(await shown(id)).toMatchObject({ state: 'done' });
      expect(await drill('verify', target)).toContain(target);
      await until(status, (told) => /Seconds_Behind\w*: 0$/m.test(told));
      expect((await status()).match(/_Running: Yes/g)).toHaveLength(2);
      await nothingLeftOn(target);
      expect(await on(target, 'ls -A /var/lib/reseed/before 2>/dev/null; true')).toBe('');
    },
    8 * minutesMs,
  );

  test(
    'with an errant transaction is refused with its name, and with what may be done',
    async () => {
      await sql(target, `STOP ${replica}`);
      await sql(target, errant);
      const said = await refused();
      expect(said).toMatch(
        new RegExp(`✖ ${target} +${target} has (1 transaction|transactions) that ${primary} does not have: `),
      );
      const [, show = ''] = /look at them, on db\d: (.*?\.\[0-9\]\*)/.exec(said) ?? [];
      expect(await on(target, show)).toMatch(/create database errant/i);
      expect(said).toContain(`reseed seed ${primary} ${target}`);
      await drill('reset', target);
    },
    8 * minutesMs,
  );

  test(
    'whose source has purged what it lacks is refused before anything is done',
    async () => {
      await sql(target, `STOP ${replica}`);
      await write();
      await sql(primary, 'FLUSH BINARY LOGS');
      const newest = await on(primary, `mysql -Nse 'SHOW BINARY LOGS' | tail -n 1 | cut -f 1`);
      await until(
        async () => {
          await sql(primary, `PURGE BINARY LOGS TO '${newest}'`);
          return await on(primary, `mysql -Nse 'SHOW BINARY LOGS' | wc -l`);
        },
        (count) => Number(count) === 1,
      );
      const before = await status();
      expect(await refused()).toMatch(
        new RegExp(`✖ ${target} +${primary} has purged \\d+ transactions that come after gtid`),
      );
      expect(await status()).toBe(before);
    },
    8 * minutesMs,
  );
});

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
    // What its source creates is there already: the applier of the new source stops at it.
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
    await sql('db1', 'DROP DATABASE clash');
    await drill('reset', 'db2');
  },
  8 * minutesMs,
);
