// A job that seeds several targets is aborted, on real hosts: in the copy, when the first runs on its new data, and when a target is done already. In
// the campaign, since npm test has no minutes left for it.
import { afterAll, afterEach, expect, test } from 'vitest';
import { drill, on, printedOn, until } from '../fleet/fleet.ts';
import { begun, done, nothingLeftOn, sameAsPrimary, shown, stateOf } from '../fleet/seeding.ts';
import { usesHosts } from '../fleet/uses.ts';
import { inHook, inventoryWith, waitsAt } from './seed-hooked.ts';

usesHosts('db1', 'db2', 'db3', 'db6');

const hosts = ['db1', 'db2', 'db3', 'db6'] as const;
const set = ['seed', 'db2', 'db6', 'db3', '--as-set', '--writable', '--yes=db6,db3'] as const;

/** The other tests know db6 without data. */
afterEach(() => drill('reset', 'db6'), 400_000);
afterAll(() => drill('reset', 'db3'), 400_000);

const fileOf = (host: 'db3' | 'db6') =>
  on(host, `stat -c %i ${host === 'db3' ? '/srv/mysql/data' : '/var/lib/mysql'}/ibdata1 2>/dev/null || echo none`);

/** It has its own data, replicates from db1, and has its rows. */
async function isAsBefore(file: string): Promise<void> {
  const status = () => printedOn('db3', `mysql -e 'SHOW REPLICA STATUS' --vertical 2>/dev/null || true`);
  const told = await until(status, (text) => /Replica_IO_Running: Yes[\s\S]*Replica_SQL_Running: Yes/.test(text));
  expect(told).toContain('Source_Host: 10.77.0.11');
  expect(await fileOf('db3')).toBe(file);
  await sameAsPrimary('db3');
}

const isBlank = async () => expect(await printedOn('db6', 'ls -A /var/lib/mysql')).toBe('lost+found');

async function aborted(id: string, ...more: string[]): Promise<string> {
  const said = await done('job', 'abort', id, `--yes=${id}`, ...more);
  expect(await shown(id)).toMatchObject({ state: 'aborted' });
  await nothingLeftOn(...hosts);
  process.stderr.write(`${said}\n`);
  return said;
}

test('in the copy: each of a set has what it had', async () => {
  const file = await fileOf('db3');
  const id = await begun(...set, '--limit', '5M');
  await until(
    async () => (await shown(id)).steps.find(({ name }) => name === 'copy')?.progress?.doneBytes ?? 0,
    (bytes) => bytes > 0,
    240_000,
  );
  const said = await aborted(id);
  expect(said).toMatch(/db3 .*old data/);
  await isAsBefore(file);
  await isBlank();
}, 600_000);

test('when the primary of a set has started: it has no data again, and the others were never stopped', async () => {
  const file = await fileOf('db3');
  const inventory = await inventoryWith('set-starts', hosts, { db6: waitsAt('after-start') });
  const id = await begun(...set, '--inventory', inventory);
  const job = await inHook(id, 'wait');
  expect([stateOf(job, 'start db6'), stateOf(job, 'hold db3')]).toEqual(['done', 'waiting']);
  const said = await aborted(id, '--inventory', inventory);
  expect(said).toMatch(/db3 .*old data/);
  await isAsBefore(file);
  await isBlank();
}, 600_000);

test('when the primary of a set is done: it keeps the new data, the others have their old, and the end says how the set is finished', async () => {
  const file = await fileOf('db3');
  const inventory = await inventoryWith('set-done', hosts, { db3: waitsAt('before-stop') });
  const id = await begun(...set, '--inventory', inventory);
  await inHook(id, 'wait');
  await until(
    () => shown(id),
    (job) => stateOf(job, 'drop db6') === 'done',
    240_000,
  );
  const said = await aborted(id, '--inventory', inventory);
  expect(said).toMatch(/seed db6 db3/);
  await isAsBefore(file);
  expect(await on('db6', 'mysql -Nse "SELECT @@read_only, @@server_id; SHOW REPLICA STATUS"')).toMatch(/^0\s+16$/);
}, 900_000);

test('when one of two replicas is done: it stays one, and the other has what it had', async () => {
  const inventory = await inventoryWith('two-replicas', hosts, { db6: waitsAt('after-start') });
  const file = await fileOf('db3');
  const id = await begun('seed', 'db2', 'db3', 'db6', '--yes=db3,db6', '--inventory', inventory);
  await inHook(id, 'wait');
  await until(
    () => shown(id),
    (job) => stateOf(job, 'drop db3') === 'done',
    240_000,
  );
  await aborted(id, '--inventory', inventory);
  await isBlank();
  expect(await fileOf('db3')).not.toBe(file);
  await sameAsPrimary('db3');
}, 900_000);
