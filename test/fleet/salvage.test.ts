// A primary that died: one replica received transactions that the other did not, and gives them to it.
import { afterAll, expect, test } from 'vitest';
import { comesBack, dies, lacked, received, rowsOf, salvaged, salvageTraces, sql } from './dead-primary.ts';
import { drill, until } from './fleet.ts';
import { inside, sameAsPrimary } from './seeding.ts';
import { usesHosts } from './uses.ts';

usesHosts('db1', 'db2', 'db3');

const gtidsOf = (host: string) => sql(host, 'SELECT @@GLOBAL.gtid_executed');

let isBack = false;
afterAll(async () => {
  if (isBack) return;
  await comesBack('db1', 'mysql');
  await drill('reset', 'db1');
}, 400_000);

test('db3 gets what db2 alone received before db1 died, once, and replicates again when db1 is back', async () => {
  await sql('db3', 'STOP REPLICA IO_THREAD');
  await until(
    () =>
      sql(
        'db3',
        'SELECT GTID_SUBSET(RECEIVED_TRANSACTION_SET, @@GLOBAL.gtid_executed) FROM performance_schema.replication_connection_status',
      ),
    (is) => is === '1',
  );
  await sql('db3', 'STOP REPLICA');
  await sql(
    'db1',
    "CREATE DATABASE lost; CREATE TABLE lost.t (id INT PRIMARY KEY, word TEXT); INSERT INTO lost.t VALUES (1, 'a'), (2, 'b'); UPDATE lost.t SET word = 'c' WHERE id = 2; DELETE FROM drill.ledger LIMIT 3",
  );
  await sql('db2', 'STOP REPLICA SQL_THREAD');
  await sql('db1', "INSERT INTO lost.t VALUES (3, 'received, and not applied')");
  await received('db2', await gtidsOf('db1'));
  await dies('db1', 'mysql');

  const found = await lacked('db2', 'db3');
  expect(found).toMatchObject({ exitCode: 0, log: 'relay', missing: '', odd: [], unread: {} });
  expect(found.transactions.filter(({ kind }) => kind === 'ddl').map(({ text }) => text)).toEqual([
    'CREATE DATABASE lost',
    expect.stringContaining('CREATE TABLE lost.t'),
  ]);
  await salvaged('db2', 'db3');
  await sql('db2', 'START REPLICA SQL_THREAD');
  await until(
    () => sql('db2', `SELECT GTID_SUBSET('${found.gtids}', @@GLOBAL.gtid_executed)`),
    (is) => is === '1',
  );
  expect(await gtidsOf('db3')).toBe(await gtidsOf('db2'));
  expect(await sql('db3', 'SELECT COUNT(*), MAX(word) FROM lost.t')).toBe('3\treceived, and not applied');
  expect(await rowsOf('db3')).toBe(await rowsOf('db2'));
  expect(await sql('db3', 'SELECT @@super_read_only')).toBe('1');
  expect(await salvageTraces('db3')).toBe('');

  const again = await inside('salvage', 'db2', 'db3', '--yes=db3');
  expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('nothing that db3 lacks') });
  expect(await sql('db3', 'SELECT COUNT(*) FROM lost.t')).toBe('3');

  await comesBack('db1', 'mysql');
  await sql('db1', 'SET GLOBAL read_only = OFF; DROP DATABASE lost');
  await sql('db3', 'START REPLICA');
  await sameAsPrimary('db3');
  isBack = true;
}, 300_000);
