// Schedules on a real host, by real ticks whose clock the test sets: test/walk has longer ones.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from './fleet.ts';
import { anna } from './operators.ts';
import { receiverForAll, scheduler, snapshotsOn } from './scheduling.ts';
import { nothingLeftOn } from './seeding.ts';
import { usesHosts } from './uses.ts';

usesHosts('db2');

const receiver = receiverForAll();
const account = scheduler('schedules', ['db1', 'db2']);
const { tick, idle, jobs, waiting } = account;

beforeAll(async () => {
  const url = join(account.home, 'url');
  await writeFile(url, receiver.url(), { mode: 0o600 });
  await account.writes(`notify:
  events: { to: webhook, urlFile: ${url}, on: [begun, needs-person, failed, done, missed, proof-failed] }
schedules:
  prune: { cron: "${account.cronOf(4, 5)}", timezone: UTC, do: prune, keep: 3, hosts: db2, allow: { remove-snapshots: db2 } }
  proof: { cron: "${account.cronOf(5)}", timezone: UTC, do: proof, hosts: db2 }
  snapshots: { cron: "* * * * *", do: snapshot, hosts: db2 }
`);
});
afterAll(async () => {
  await anna().says('clean', 'db2', '--snapshots', '--yes=db2');
});

const ended = async () => (await idle()).map(({ id, state, error, who }) => ({ id, state, error, of: who.schedule }));
const done = (id: number, of: string) => ({ id, state: 'done', error: undefined, of });

describe('schedules of db2', () => {
  test('take a snapshot each minute, once by two ticks at the same time, and though a tick is killed', async () => {
    expect(await tick(0)).toEqual([]);
    const both = await Promise.all([tick(1), tick(1)]);
    expect(both.flat()).toEqual(['snapshots: job 1 on db2']);
    await idle();
    const killed = account.at(2, 'schedule', 'tick');
    await until(
      async () => waiting().length,
      (count) => count === 1,
    );
    await account.signal('tick', 'SIGKILL');
    await killed;
    expect(jobs()).toHaveLength(1);
    expect(await tick(2)).toEqual(['snapshots: job 2 on db2']);
    await idle();
    expect(await tick(3)).toEqual(['snapshots: job 3 on db2']);
    expect(await ended()).toEqual([1, 2, 3].map((id) => done(id, 'snapshots')));
    expect(await snapshotsOn('db2')).toHaveLength(3);
  });

  test('keep three: a prune that has nothing to do holds up no snapshot, and one that works does for as long', async () => {
    expect(await tick(4)).toEqual([
      'prune: db2 nothing to do: db2 has no snapshot to remove',
      'snapshots: job 4 on db2',
    ]);
    await idle();
    const all = await snapshotsOn('db2');
    expect(await tick(5)).toEqual([
      'proof: db2 waits: db2: schedule prune works there',
      'snapshots: db2 waits: db2: schedule prune works there',
      'prune: job 5 on db2',
    ]);
    await idle();
    const kept = await snapshotsOn('db2');
    expect([all.length, kept.length]).toEqual([4, 3]);
  });

  test('prove that one restores, and the snapshot that is read is not removed from another jump host', async () => {
    const before = await snapshotsOn('db2');
    expect(await tick(6)).toEqual([expect.stringMatching(/^snapshots: db2 waits: /), 'proof: job 6 on db2']);
    await until(
      async () =>
        jobs()
          .at(-1)
          ?.steps.find(({ name }) => name === 'prove')?.state,
      (state) => state !== 'waiting',
    );
    const prune = await anna().says('snapshot', 'prune', 'db2', '--keep', '0', '--yes=db2');
    expect(prune.exitCode).not.toBe(0);
    expect(await ended()).toContainEqual(done(6, 'proof'));
    expect(await snapshotsOn('db2')).toEqual(before);
    const { snapshots } = JSON.parse(await anna().done('snapshot', 'list', 'db2', '--json'));
    expect(snapshots.filter(({ restores }: { restores: object | null }) => restores !== null)).toHaveLength(1);
    expect(await tick(7)).toEqual(['snapshots: job 7 on db2, 2 times before were missed']);
    expect(await ended()).toContainEqual(done(7, 'snapshots'));
    expect(await snapshotsOn('db2')).toHaveLength(4);
  });

  test('tell a webhook of each job when it begins and when it is done, each once, and leave nothing', async () => {
    const expected = [1, 2, 3, 4, 5, 6, 7].flatMap((id) => [`begun ${id}`, `done ${id}`]);
    await until(
      async () => receiver.told.length,
      (count) => count >= expected.length,
    );
    const said = receiver.told.map(({ events, job }) => `${events} ${job?.id}`);
    expect(said.toSorted()).toEqual(expected.toSorted());
    expect(receiver.told.map(({ schedule }) => schedule).filter((one) => one === 'proof')).toHaveLength(2);
    await anna().done('clean', 'db2', '--snapshots', '--yes=db2');
    await nothingLeftOn('db2');
  });
});
