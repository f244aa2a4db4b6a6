// A seed of MySQL by a dump, on real hosts: with the clients and programs that its packages have.
import { afterAll, expect, test } from 'vitest';
import { drill, printedOn } from './fleet.ts';
import { begun, done, nothingLeftOn, sameAsPrimary, shown } from './seeding.ts';
import { usesHosts } from './uses.ts';

usesHosts('db1', 'db3');

/** The other tests know the host as it was. */
afterAll(() => drill('reset', 'db3'), 240_000);

test('db3, which lost its rows, is rebuilt by mysqldump from db1, and has the rows of its primary', async () => {
  await printedOn('db3', 'mysql -e "STOP REPLICA; SET GLOBAL super_read_only = OFF; DROP DATABASE shop"');
  const id = await begun('seed', 'db1', 'db3', '--yes=db3', '--method', 'mysqldump');
  await done('job', 'attach', id);
  expect(await shown(id)).toMatchObject({ state: 'done' });
  await sameAsPrimary('db3');
  await nothingLeftOn('db1', 'db3');
}, 600_000);
