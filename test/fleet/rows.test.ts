// A proof of rows of a replica of each vendor, while its primary is written to.
import { afterAll, describe, expect, test } from 'vitest';
import { on, until } from './fleet.ts';
import { begun, done, inside, killedIn, nothingLeftOn, shown } from './seeding.ts';
import { usesHosts } from './uses.ts';

usesHosts('db1', 'db2', 'db4', 'db5');

const isOver = ({ state }: { readonly state: string }) =>
  ['done', 'failed', 'aborted', 'cleanup-needed'].includes(state);
const ended = (id: string) => until(() => shown(id), isOver, 120_000);
const reported = async (host: string) => JSON.parse(await done('report', 'proof', host, '--json')).rowProofs[0];

/** On db2 alone. */
const change = (sql: string) =>
  on(
    'db2',
    `mysql -e "SET GLOBAL super_read_only = OFF; SET SESSION sql_log_bin = 0; ${sql}; SET GLOBAL super_read_only = ON"`,
  );

describe('a proof of rows of db2 (MySQL)', () => {
  afterAll(() => change("UPDATE drill.ledger SET note = 'the first page' WHERE id = 0"));

  test('goes on after its runner was killed, and finds it equal to db1', async () => {
    const id = await begun('proof', '--rows', 'db2', '--yes');
    await killedIn(id, 'compare rows');
    await done('job', 'resume', id);
    expect(await ended(id)).toMatchObject({ state: 'done' });
    const proof = await reported('db2');
    expect(proof).toMatchObject({ host: 'db2', source: 'db1', result: 'equal' });
    expect(proof.compared).toMatchObject({ differences: [], differingTables: 0, unreadTables: 0 });
    expect(proof.compared.rows).toBeGreaterThan(1000);
    const [host] = JSON.parse(await done('status', 'db2', '--json')).hosts;
    expect(host.rows).toMatchObject({ source: 'db1', result: 'equal' });
    await nothingLeftOn('db1', 'db2');
  });

  test('that was changed finds the row', async () => {
    await change("UPDATE drill.ledger SET note = 'another page' WHERE id = 0");
    const ran = await inside('proof', '--rows', 'db2', '--yes');
    expect([ran.exitCode, ran.stdout]).toEqual([
      1,
      expect.stringContaining('drill.ledger, from the first row, up to id 0'),
    ]);
    expect((await reported('db2')).compared.differences).toEqual([
      { table: 'drill.ledger', range: 'from the first row, up to id 0', why: '1 row on both sides, with other values' },
    ]);
  });
});

test('a proof of rows of db5 (MariaDB) finds it equal to db4', async () => {
  expect(await inside('proof', '--rows', 'db5', '--yes')).toMatchObject({ exitCode: 0 });
  expect(await reported('db5')).toMatchObject({ source: 'db4', result: 'equal' });
});
