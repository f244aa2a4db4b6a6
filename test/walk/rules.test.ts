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
const { tick, idle } = account;

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

test('a replica that is broken by a row of its own is rebuilt by a rule, two looks after it was found, once, and people are told before and after', async () => {
  await breaks('break-replication', 'db3');
  await until(
    () => statusOf('db3'),
    ({ replication }) => replication?.startsWith('broken') ?? false,
  );
  for (const minute of [0, 5]) expect(await tick(minute)).toEqual([]);
  expect(await listed(5)).toContain('! db3: recovery is planned: seed db2 → db3');
  await account.at(6, 'rule', 'disable', 'broken');
  await tick(10);
  expect(await listed(10)).toContain('not begun by itself: switched off by');
  await account.at(11, 'rule', 'enable', 'broken');
  await Promise.all([tick(15), tick(15)]);
  expect((await idle()).map(({ id, state, error, who }) => ({ id, state, error, rule: who.rule }))).toEqual([
    { id: 1, state: 'done', error: undefined, rule: 'broken' },
  ]);
  await replicates('db3');
  expect(await drill('verify', 'db3')).toContain('✔');
  await nothingLeftOn('db3');
  await tick(20);
  expect(await listed(20)).not.toContain('! db3');
  expect(receiver.told.map(({ title }) => title)).toEqual([
    '! db3: recovery is planned: seed db2 → db3',
    '▶ running: job 1, seed db2 → db3',
    '✔ done: job 1, seed db2 → db3',
  ]);
  await mends('db3');
}, 600_000);
