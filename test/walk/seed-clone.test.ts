// A seed by MySQL's CLONE on real hosts: the target's old data lies there until the new has caught up, and the donor is as it was. In the
// campaign, since npm test has no two minutes left for it.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { drill, on, printedOn, testState, until } from '../fleet/fleet.ts';
import { operator } from '../fleet/operators.ts';
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

const copiedBytes = async (id: string) =>
  (await shown(id)).steps.find(({ name }) => name === 'clone db6')?.progress?.doneBytes ?? 0;

/** A clone of db1 to db6 that is in the middle of its copy, slow enough to be met there; how much it has. */
async function inTheCopy(): Promise<{ id: string; bytes: number }> {
  await drill('reset', 'db6');
  const id = await begun('seed', 'db1', 'db6', '--method', 'clone', '--limit', '1M', '--yes=db6');
  const bytes = await until(
    () => copiedBytes(id),
    (copied) => copied > 0,
    240_000,
  );
  return { id, bytes };
}

/** It goes on from there, as fast as it can, to a replica that has the rows of db1. */
async function goesOnFrom(id: string, bytes: number): Promise<void> {
  await until(
    () => copiedBytes(id),
    (copied) => copied > bytes,
    240_000,
  );
  await done('job', 'limit', id, 'none');
  await done('job', 'attach', id);
  expect(await shown(id)).toMatchObject({ state: 'done' });
  await nothingLeftOn('db1', 'db6');
  await sameAsPrimary('db6');
}

test('a network that is cut for 20 s in the middle of the copy costs its time: the clone goes on, and has the rows of db1', async () => {
  const before = await ofDonor();
  const { id, bytes } = await inTheCopy();
  await drill('fault', 'cut', 'db6', 'db1');
  await sleep(20_000);
  const midst = await shown(id);
  await drill('heal', 'db6');
  expect(stateOf(midst, 'clone db6')).toBe('running');
  await goesOnFrom(id, bytes);
  expect(await ofDonor()).toBe(before);
}, 600_000);

test('a runner that is killed in the middle of the copy is followed by one that finds the clone going on, and ends the seed', async () => {
  const before = await ofDonor();
  const { id, bytes } = await inTheCopy();
  await operator(testState).killRunner(id);
  expect(await shown(id)).toMatchObject({ abandoned: true });
  await Promise.all([done('job', 'resume', id), goesOnFrom(id, bytes)]);
  expect(await ofDonor()).toBe(before);
}, 600_000);

test('a clone of db1 to db6 goes on at another limit, which is set while it runs; less than 1 MiB a second is refused', async () => {
  const { id } = await inTheCopy();
  const small = await inside('job', 'limit', id, '500K');
  expect(small.stderr).toContain('CLONE has no limit below 1 MiB a second');
  expect(await shown(id)).toMatchObject({ limitBytesPerSecond: 1024 ** 2 });
  expect(await done('job', 'limit', id, 'none')).toContain('as fast as it can');
  expect(await shown(id)).toMatchObject({ limitBytesPerSecond: 0 });
  await done('job', 'attach', id);
  expect(await shown(id)).toMatchObject({ state: 'done' });
}, 480_000);
