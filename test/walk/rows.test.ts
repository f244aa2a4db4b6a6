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

// A dump of MySQL makes texts and DOUBLEs of these. DECIMAL(8,2) and DOUBLE have the same size, and so have the two of `offer` together.
const typed = {
  moment: "CAST(CAST('2020-01-01 10:10:10.123456' AS DATETIME(6)) AS JSON)",
  blob: "JSON_OBJECT('b', CAST(x'00ff' AS JSON))",
  time: "JSON_ARRAY(TIME '10:10:10')",
  total: "JSON_OBJECT('total', 123456.78)",
  offer: "JSON_OBJECT('day', DATE '2020-01-01', 'prices', JSON_ARRAY(CAST(9.99 AS DECIMAL(10,2))))",
};

test('a JSON whose DATETIME, BLOB, TIME, DECIMAL or DATE is a text or DOUBLE of the same look on db2 is told, each row of them', async () => {
  const kinds = Object.keys(typed);
  const values = Object.entries(typed).map(([kind, json]) => `('${kind}', ${json})`);
  await on(
    'db1',
    `mysql -e "CREATE TABLE shop.typed (kind VARCHAR(20) PRIMARY KEY, j JSON); INSERT INTO shop.typed VALUES ${values.join(', ')}, ('plain', JSON_OBJECT('a', 1.5e0, 'b', 'x'))"`,
  );
  try {
    const equal = await inside('proof', '--rows', 'db2', '--yes');
    expect([equal.exitCode, equal.stdout]).toEqual([0, expect.stringContaining('shop.typed: equal, 6 rows')]);
    await change('UPDATE shop.typed SET j = CAST(CAST(j AS CHAR) AS JSON)');
    const ran = await inside('proof', '--rows', 'db2', '--yes');
    expect(ran.exitCode).toBe(1);
    const { differences } = (await reported()).compared;
    const why = '1 row on both sides, with other values';
    expect(differences).toEqual(kinds.map(() => ({ table: 'shop.typed', range: expect.any(String), why })));
  } finally {
    await on('db1', 'mysql -e "DROP TABLE shop.typed"');
  }
}, 1_500_000);

test('a row that was changed on db2 is found by its key', async () => {
  await change("UPDATE drill.ledger SET note = 'another page' WHERE id = 0");
  const ran = await inside('proof', '--rows', 'db2', '--yes');
  const range = 'from the first row, up to id 0';
  expect([ran.exitCode, ran.stdout]).toEqual([1, expect.stringContaining(`drill.ledger, ${range}`)]);
  expect((await reported()).compared.differences).toEqual([
    { table: 'drill.ledger', range, why: '1 row on both sides, with other values' },
  ]);
});
