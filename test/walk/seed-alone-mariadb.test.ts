// Servers of their own, and a set, of MariaDB on real hosts: in the campaign, since npm test has no minutes left for them.
import { afterAll, expect, test } from 'vitest';
import { drill, on } from '../fleet/fleet.ts';
import { begun, done, inside, nothingLeftOn, shown } from '../fleet/seeding.ts';
import { usesHosts } from '../fleet/uses.ts';
import { replicates, restarted, rowsOf } from './seed-staging.ts';

usesHosts('db4', 'db5', 'db10');

/** The other tests know it as a replica of db4. */
afterAll(() => drill('reset', 'db5'), 400_000);

const sql = (host: string, words: string) => on(host, `mysql -Nse "${words}"`);

test('db4 to db5, of MariaDB by mariadb-backup: it goes on after the GTIDs of the data, and replicates from no host after a restart', async () => {
  const id = await begun('seed', 'db4', 'db5', '--method', 'mariadb-backup', '--standalone', '--yes=db5');
  await done('job', 'attach', id);
  expect(await shown(id)).toMatchObject({ state: 'done' });
  const state = () =>
    sql('db5', "SELECT CONCAT('[', @@gtid_slave_pos, ']'), @@gtid_binlog_state; SHOW ALL SLAVES STATUS");
  const before = await state();
  expect(before).toMatch(/^\[\]\s+[\d,-]+$/);
  await restarted('db5', 'mariadb');
  expect(await state()).toBe(before);
  await nothingLeftOn('db4', 'db5');
}, 900_000);

test('a set of MariaDB whose member is kept out by the network of its primary is refused before anything is changed, and made once it is let in', async () => {
  const words = ['seed', 'db4', 'db5', 'db10', '--as-set', '--writable', '--inventory', 'hosts-all.yaml'] as const;
  const file = await on('db5', 'stat -c %i /var/lib/mysql/ibdata1');
  const refused = await inside(...words, '--yes=db5,db10');
  expect(refused.exitCode).not.toBe(0);
  expect(refused.stdout + refused.stderr).toMatch(
    /db10 can't reach db5 \(10\.77\.0\.15:3306\), which would be its source/,
  );
  expect(refused.stdout + refused.stderr).toContain('let db10 through to that port');
  expect(await on('db5', 'stat -c %i /var/lib/mysql/ibdata1')).toBe(file);
  await on('db5', 'ip route replace 10.77.0.20/32 dev vec0');
  const id = await begun(...words, '--yes=db5,db10');
  await done('job', 'attach', id);
  expect(await shown(id)).toMatchObject({ state: 'done' });
  expect(await rowsOf('db10')).toBe(await rowsOf('db5'));
  await replicates('db5', 'db10', '7');
  await nothingLeftOn('db4', 'db5', 'db10');
}, 900_000);
