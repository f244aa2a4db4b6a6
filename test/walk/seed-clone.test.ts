// A seed by MySQL's CLONE on real hosts: the target's old data lies there until the new has caught up, and the donor is as it was. In the
// campaign, since npm test has no two minutes left for it.
import { afterAll, expect, test } from 'vitest';
import { drill, on, printedOn, until } from '../fleet/fleet.ts';
import { begun, done, inside, nothingLeftOn, sameAsPrimary, shown, stateOf } from '../fleet/seeding.ts';
import { usesHosts } from '../fleet/uses.ts';

usesHosts('db1', 'db2', 'db6');

/** The other tests know db6 blank. */
afterAll(() => drill('reset', 'db6'), 400_000);

const ofDonor = () =>
  printedOn(
    'db1',
    `mysql -Nse "SELECT GROUP_CONCAT(User ORDER BY 1) FROM mysql.user; SELECT COUNT(*) FROM information_schema.PLUGINS WHERE PLUGIN_NAME = 'clone'"`,
  );

test('db1 is cloned to db6, whose old data lies there until it replicates; account and plugin of the donor are as they were', async () => {
  const before = await ofDonor();
  await on('db6', 'echo kept >/var/lib/mysql/ib_logfile0; chown mysql: /var/lib/mysql/ib_logfile0');
  const id = await begun('seed', 'db1', 'db6', '--method', 'clone', '--yes=db6');
  await until(
    () => shown(id),
    (job) => ['done', 'failed'].includes(stateOf(job, 'clone db6') ?? ''),
    240_000,
  );
  expect(await printedOn('db6', 'cat /var/lib/mysql/ib_logfile0')).toBe('kept');
  await done('job', 'attach', id);
  expect(await shown(id)).toMatchObject({ state: 'done' });
  expect(await ofDonor()).toBe(before);
  expect(await printedOn('db6', `mysql -Nse "SELECT COUNT(*) FROM mysql.user WHERE User LIKE 'reseed_%'"`)).toBe('0');
  await nothingLeftOn('db1', 'db6');
  await sameAsPrimary('db6');
}, 400_000);

test('a clone of db1 to db6 goes on at another limit, which is set while it runs; less than 1 MiB a second is refused', async () => {
  await drill('reset', 'db6');
  const id = await begun('seed', 'db1', 'db6', '--method', 'clone', '--limit', '1M', '--yes=db6');
  const copiedBytes = async () =>
    (await shown(id)).steps.find(({ name }) => name === 'clone db6')?.progress?.doneBytes ?? 0;
  await until(copiedBytes, (bytes) => bytes > 0, 240_000);
  const small = await inside('job', 'limit', id, '500K');
  expect(small.stderr).toContain('CLONE has no limit below 1 MiB a second');
  expect(await shown(id)).toMatchObject({ limitBytesPerSecond: 1024 ** 2 });
  expect(await done('job', 'limit', id, 'none')).toContain('as fast as it can');
  expect(await shown(id)).toMatchObject({ limitBytesPerSecond: 0 });
  await done('job', 'attach', id);
  expect(await shown(id)).toMatchObject({ state: 'done' });
}, 480_000);
