// Proofs of rows of a MySQL replica while its primary is written to. In the campaign: npm test has the one of a MariaDB.
import { afterAll, expect, test } from 'vitest';
import { on } from '../fleet/fleet.ts';
import { done, inside, nothingLeftOn } from '../fleet/seeding.ts';
import { usesHosts } from '../fleet/uses.ts';

usesHosts('db1', 'db2');

const reported = async () => JSON.parse(await done('report', 'proof', 'db2', '--json')).rowProofs[0];

/** On db2 alone. */
const change = (sql: string) =>
  on(
    'db2',
    `mysql -e "SET GLOBAL super_read_only = OFF; SET SESSION sql_log_bin = 0; ${sql}; SET GLOBAL super_read_only = ON"`,
  );
afterAll(() => change("UPDATE drill.ledger SET note = 'the first page' WHERE id = 0"));

test('a proof of rows of db2 finds it equal to db1, and the host says so', async () => {
  expect(await inside('proof', '--rows', 'db2', '--yes')).toMatchObject({ exitCode: 0 });
  const proof = await reported();
  expect(proof).toMatchObject({ host: 'db2', source: 'db1', result: 'equal' });
  expect(proof.compared).toMatchObject({ differences: [], differingTables: 0, unreadTables: 0 });
  expect(proof.compared.rows).toBeGreaterThan(1000);
  const [host] = JSON.parse(await done('status', 'db2', '--json')).hosts;
  expect(host.rows).toMatchObject({ source: 'db1', result: 'equal' });
  await nothingLeftOn('db1', 'db2');
});

test('a row that was changed on db2 is found by its key', async () => {
  await change("UPDATE drill.ledger SET note = 'another page' WHERE id = 0");
  const ran = await inside('proof', '--rows', 'db2', '--yes');
  const range = 'from the first row, up to id 0';
  expect([ran.exitCode, ran.stdout]).toEqual([1, expect.stringContaining(`drill.ledger, ${range}`)]);
  expect((await reported()).compared.differences).toEqual([
    { table: 'drill.ledger', range, why: '1 row on both sides, with other values' },
  ]);
});
