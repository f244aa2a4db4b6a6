// A seed of MySQL by a dump, on real hosts: with the clients and programs that its packages have.
import { afterAll, expect, test } from 'vitest';
import { drill, printedOn } from './fleet.ts';
import { begun, done, nothingLeftOn, sameAsPrimary, shown } from './seeding.ts';
import { usesHosts } from './uses.ts';
import { privilegesOfApp, viewsOfAccounts, withoutViews } from './views.ts';

usesHosts('db1', 'db3');

/** The other tests know the hosts as they were. */
afterAll(async () => {
  await printedOn('db1', withoutViews);
  await drill('reset', 'db3');
}, 240_000);

test('db3, which lost its rows, is rebuilt by mysqldump from db1, and has the rows of its primary', async () => {
  await printedOn('db1', viewsOfAccounts('shop'));
  await printedOn('db3', 'mysql -e "STOP REPLICA; SET GLOBAL super_read_only = OFF; DROP DATABASE shop"');
  const id = await begun('seed', 'db1', 'db3', '--yes=db3', '--method', 'mysqldump');
  await done('job', 'attach', id);
  expect(await shown(id)).toMatchObject({ state: 'done' });
  await sameAsPrimary('db3');
  // A view over a view of an account: the load ended with ERROR 1449, since accounts come after the rows.
  expect(
    await printedOn('db3', `mysql -N -e "SELECT COUNT(*) = (SELECT COUNT(*) FROM shop.customers) FROM over_views.v2"`),
  ).toBe('1');
  expect(await printedOn('db3', privilegesOfApp)).toBe(await printedOn('db1', privilegesOfApp));
  await nothingLeftOn('db1', 'db3');
}, 600_000);
