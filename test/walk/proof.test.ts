// Proofs of restore that take a minute or more: on another host, and of hosts that lose their power.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { drill, on, until } from '../fleet/fleet.ts';
import { ended, folder, operator } from '../fleet/operators.ts';
import { receiverForAll, scheduler } from '../fleet/scheduling.ts';
import { nothingLeftOn } from '../fleet/seeding.ts';
import { usesHosts } from '../fleet/uses.ts';

usesHosts('db1', 'db2', 'db6');

const receiver = receiverForAll();
const account = scheduler('proofs', ['db1', 'db2', 'db6']);
const ops = operator(account.home, account.inventory);
const url = join(folder, 'url');
beforeAll(async () => {
  await writeFile(url, receiver.url(), { mode: 0o600 });
  await account.writes(
    `notify: { events: { to: webhook, urlFile: ${url}, on: [proof-failed, failed, done] } }
schedules: { proof: { cron: "${account.cronOf(1)}", timezone: UTC, do: proof, hosts: db2 } }
`,
  );
});
afterEach(async () => {
  await ops.says('clean', 'db2', '--snapshots', '--yes=db2');
});

interface Listed {
  readonly group: string;
  readonly volume: string;
  readonly restores: { readonly tookMs: number } | null;
}
const snapshots = async (): Promise<Listed[]> =>
  JSON.parse(await ops.done('snapshot', 'list', 'db2', '--json')).snapshots;
const lastProof = async () => JSON.parse(await ops.done('report', 'proof', 'db2', '--json')).proofs[0];
const proving = (id: string) =>
  until(
    async () =>
      JSON.parse(await ops.done('job', 'show', id, '--json')).steps.find(
        (one: { name: string }) => one.name === 'prove',
      ),
    ({ state }) => state === 'running',
    240_000,
  );
/** From here on it can't come to its end: a host without other work proves in seconds. */
const frozen = (host: string) =>
  until(
    () => on(host, "pkill -STOP -f '[m]ysqld.*--pid-file=/mnt/'; echo $?"),
    (status) => status.trim() === '0',
    120_000,
  );
/** What a proof must not change on the scratch host. */
const ofScratch = () => on('db6', 'find /var/lib/mysql -xdev | sort; lvs --noheadings -o lv_name,lv_size');

test('db2 is proved on db6 over the network: db6 keeps all that it has, and nothing of the copy', async () => {
  await ops.done('snapshot', 'create', 'db2', '--yes');
  const service = () => on('db6', 'systemctl show -p ActiveState -p NRestarts -p ExecMainStartTimestamp mysql');
  const [before, serviceBefore] = [await ofScratch(), await service()];
  const told = await ops.done('proof', 'db2', '--on', 'db6', '--yes');
  expect(told).toContain('restores on db6');
  const [snapshot, ...others] = await snapshots();
  expect([snapshot?.restores?.tookMs, others]).toEqual([expect.any(Number), []]);
  const proof = await lastProof();
  expect(proof).toMatchObject({
    host: 'db2',
    result: 'proved',
    snapshot: `${snapshot?.group}/${snapshot?.volume}`,
  });
  expect(proof.proved.on).toBe('db6');
  expect(proof.proved.rows).toBeGreaterThan(1000);
  expect(proof.proved.tables.checked).toBe(proof.proved.tables.all);
  expect([await ofScratch(), await service()]).toEqual([before, serviceBefore]);
  await nothingLeftOn('db6');
  expect(await on('db2', 'ls /dev/mapper | grep -c copy; ls /run/reseed/mount; true')).toBe('0');
});

test('a scratch host that loses its power while it proves has proved nothing, and has nothing of the copy once it is back', async () => {
  await ops.done('snapshot', 'create', 'db2', '--yes');
  const before = await ofScratch();
  const id = await ops.begun('proof', 'db2', '--on', 'db6', '--yes');
  await proving(id);
  await frozen('db6');
  await drill('fault', 'power-cut', 'db6');
  await drill('heal', 'db6');
  expect(await ended(ops, id)).toMatchObject({ state: 'failed' });
  expect((await snapshots()).map(({ restores }) => restores)).toEqual([null]);
  expect(await lastProof()).toMatchObject({ host: 'db2', result: 'failed' });
  expect(await ofScratch()).toBe(before);
  await nothingLeftOn('db6');
}, 600_000);

test('the proof of a schedule whose host loses its power is told as failed, marks nothing, and leaves the server and the snapshot as they were', async () => {
  await ops.done('snapshot', 'create', 'db2', '--yes');
  expect(await account.tick(0)).toEqual([]);
  const [line = ''] = await account.tick(1);
  const [, id = ''] = /^proof: job (\d+) on db2$/.exec(line) ?? [line];
  await proving(id);
  await frozen('db2');
  await drill('fault', 'power-cut', 'db2');
  await drill('heal', 'db2');
  expect((await account.idle()).at(-1)).toMatchObject({ state: 'failed' });
  expect((await snapshots()).map(({ restores }) => restores)).toEqual([null]);
  expect(await on('db2', 'ls /dev/mapper | grep -c copy; lvs --noheadings -o lv_name | grep -c copy; true')).toBe(
    '0\n0',
  );
  await until(
    async () => receiver.told.filter(({ job }) => String(job?.id) === id).flatMap(({ events }) => events),
    (events) => events.includes('proof-failed'),
  );
  // It is proved by the next one.
  await ops.done('proof', 'db2', '--yes');
  expect((await snapshots()).map(({ restores }) => restores?.tookMs)).toEqual([expect.any(Number)]);
  await ops.done('clean', 'db2', '--snapshots', '--yes=db2');
  await nothingLeftOn('db2');
}, 600_000);
