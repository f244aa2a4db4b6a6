// A rule that carries a recovery out by itself, on a replica that is broken for real, by ticks whose clock the test sets.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { breaks, healsWhatIsBroken, mends, replicates } from '../fleet/breaking.ts';
import { drill, statusOf, until } from '../fleet/fleet.ts';
import { receiverForAll, scheduler } from '../fleet/scheduling.ts';
import { nothingLeftOn } from '../fleet/seeding.ts';
import { usesHosts } from '../fleet/uses.ts';

usesHosts('db1', 'db2', 'db3');
healsWhatIsBroken();

const receiver = receiverForAll();
const account = scheduler('rules', ['db1', 'db2', 'db3']);
const { tick, idle, jobs } = account;

beforeAll(async () => {
  const url = join(account.home, 'url');
  await writeFile(url, receiver.url(), { mode: 0o600 });
  await account.writes(`notify:
  team: { to: webhook, urlFile: ${url}, on: needs-person }
watch: { every: 5 min }
rules:
  broken:
    when: 1062
    for: 4 min
    clusters: shop
    auto: true
    between: 00:00-24:00
    minGood: 1
    allow: { replace-data: db3, losses: db3 }
`);
});

const listed = async (minute: number) => (await account.at(minute, 'rule', 'list')).stdout;

const looksMinutes = 5;
/** Looks again until that is so: hosts of a loaded machine do not answer a plan within its minute. The minute of the last look. */
async function looksFrom(first: number, isSo: (minute: number) => Promise<boolean> | boolean): Promise<number> {
  for (let minute = first; minute < first + 12 * looksMinutes; minute += looksMinutes) {
    await tick(minute);
    if (await isSo(minute)) return minute;
  }
  throw new Error(`not within an hour of its clock: ${await listed(first)}`);
}

test('a replica that is broken by a row of its own is rebuilt by a rule, two looks after it was found, once, and people are told before and after', async () => {
  await breaks('break-replication', 'db3');
  await until(
    () => statusOf('db3'),
    ({ replication }) => replication?.startsWith('broken') ?? false,
  );
  expect(await tick(0)).toEqual([]);
  const planned = await looksFrom(looksMinutes, async (minute) =>
    (await listed(minute)).includes('! db3: recovery is planned: seed db2 → db3'),
  );
  expect(jobs()).toEqual([]);
  await account.at(planned + 1, 'rule', 'disable', 'broken');
  await tick(planned + looksMinutes);
  expect(await listed(planned + looksMinutes)).toContain('not begun by itself: switched off by');
  await account.at(planned + looksMinutes + 1, 'rule', 'enable', 'broken');
  const twice = planned + 2 * looksMinutes;
  await Promise.all([tick(twice), tick(twice)]);
  const begun = jobs().length > 0 ? twice : await looksFrom(twice + looksMinutes, () => jobs().length > 0);
  expect((await idle()).map(({ id, state, error, who }) => ({ id, state, error, rule: who.rule }))).toEqual([
    { id: 1, state: 'done', error: undefined, rule: 'broken' },
  ]);
  await replicates('db3');
  expect(await drill('verify', 'db3')).toContain('✔');
  await nothingLeftOn('db3');
  await tick(begun + looksMinutes);
  expect(await listed(begun + looksMinutes)).not.toContain('! db3');
  const told = receiver.told.map(({ title }) => title).filter((title) => title !== '! db3: no recovery is planned');
  expect(told).toEqual([
    '! db3: recovery is planned: seed db2 → db3',
    '▶ running: job 1, seed db2 → db3',
    '✔ done: job 1, seed db2 → db3',
  ]);
  await mends('db3');
}, 1_200_000);
