// A proof of rows of a MariaDB replica while its primary is written to; the walk has those of a MySQL.
import { expect, test } from 'vitest';
import { until } from './fleet.ts';
import { begun, done, killedIn, nothingLeftOn, shown } from './seeding.ts';
import { usesHosts } from './uses.ts';

usesHosts('db4', 'db5');

test('a proof of rows of db5 goes on after its runner was killed, and finds it equal to db4', async () => {
  const id = await begun('proof', '--rows', 'db5', '--yes');
  await killedIn(id, 'compare rows');
  await done('job', 'resume', id);
  const job = await until(
    () => shown(id),
    ({ state }) => ['done', 'failed', 'aborted', 'cleanup-needed'].includes(state),
    120_000,
  );
  expect(job).toMatchObject({ state: 'done' });
  const [proof] = JSON.parse(await done('report', 'proof', 'db5', '--json')).rowProofs;
  expect(proof).toMatchObject({ host: 'db5', source: 'db4', result: 'equal' });
  expect(proof.compared).toMatchObject({ differences: [], differingTables: 0, unreadTables: 0 });
  expect(proof.compared.rows).toBeGreaterThan(1000);
  await nothingLeftOn('db4', 'db5');
});
