// A replica of which about 5 % of the pages are old is rebuilt by what differs, on real hosts: beside its old data, and in place. In the campaign,
// since npm test has no minutes left for it.
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { drill, on, onHost, printedOn, testState, until } from '../fleet/fleet.ts';
import { operator } from '../fleet/operators.ts';
import { begun, done, inside, nothingLeftOn, sameAsPrimary, shown, stateOf } from '../fleet/seeding.ts';
import { usesHosts } from '../fleet/uses.ts';
import { ended, inHook, inventoryWith, waitsAt } from './seed-hooked.ts';
import { rowsOf } from './seed-staging.ts';

usesHosts('db1', 'db2', 'db3');

/** The other tests know the hosts as they were. */
afterAll(async () => {
  await drill('heal', 'db3');
  await drill('reset', 'db3');
}, 400_000);

const sql = (host: string, words: string) => on(host, `mysql -Nse "${words}"`);
const datadir = '/srv/mysql/data';

/** db3 follows no longer, and one of twenty pages of `orders`, which is nearly all of the data, is another on its source. */
async function stale(): Promise<void> {
  await sql('db3', 'STOP REPLICA');
  await sql('db1', 'UPDATE shop.orders SET total = total + 1 WHERE id DIV 70 MOD 20 = 3');
  const position = (await sql('db1', 'SELECT @@gtid_executed')).replaceAll(/\\n|\s/g, '');
  expect(await sql('db2', `SELECT WAIT_FOR_EXECUTED_GTID_SET('${position}', 60)`)).toBe('0');
}

const copyOf = async (id: string) => (await shown(id)).steps.find(({ name }) => name === 'copy')?.progress;

/** Its runner dies when a part of the data has come. */
async function diesInCopy(id: string): Promise<void> {
  await until(
    async () => (await copyOf(id))?.doneBytes ?? 0,
    (bytes) => bytes > 0,
    240_000,
  );
  expect(stateOf(await shown(id), 'copy')).toBe('running');
  await operator(testState).killRunner(id);
}

test('a replica with 5 % of old pages is rebuilt by a delta: a part of a whole copy is sent, though its runner dies in the middle', async () => {
  await stale();
  const id = await begun('seed', 'db2', 'db3', '--method', 'delta', '--limit', '8M', '--yes=db3');
  await diesInCopy(id);
  await done('job', 'resume', id);
  expect(await shown(id)).toMatchObject({ state: 'done' });
  const { sentBytes = 0, totalBytes = 0 } = (await copyOf(id)) ?? {};
  expect(sentBytes).toBeGreaterThan(0);
  expect(sentBytes).toBeLessThan(totalBytes / 2);
  await sameAsPrimary('db3');
  await nothingLeftOn('db2', 'db3');
}, 900_000);

describe('where there is no room beside the old data, which is given up', () => {
  const words = ['seed', 'db2', 'db3', '--method', 'delta', '--clear', '--yes=db3'] as const;
  beforeEach(async () => {
    await stale();
    const bytes = Number((await printedOn('db3', `du -sB1 ${datadir}`)).split(/\s/)[0]);
    await drill('fault', 'fill-disk', 'db3', String(Math.round(bytes / 2)));
  }, 240_000);
  afterEach(() => drill('heal', 'db3'));

  test('an abort before the first file is taken gives all of it back: the same files and rows, and replication as it was', async () => {
    const rows = await rowsOf('db3');
    const file = await printedOn('db3', `stat -c %i ${datadir}/ibdata1`);
    const inventory = await inventoryWith('delta-waits', ['db1', 'db2', 'db3'], { db3: waitsAt('before-copy') });
    const id = await begun(...words, '--inventory', inventory);
    const job = await inHook(id, 'wait');
    expect(stateOf(job, 'clear db3')).toBe('done');
    await done('job', 'abort', id, `--yes=${id}`, '--inventory', inventory);
    expect(await shown(id)).toMatchObject({ state: 'aborted' });
    await until(
      () => printedOn('db3', 'mysql -Nse "SELECT 1" 2>/dev/null || true'),
      (answer) => answer === '1',
    );
    expect(await printedOn('db3', `stat -c %i ${datadir}/ibdata1`)).toBe(file);
    expect(await rowsOf('db3')).toBe(rows);
    expect(await printedOn('db3', `mysql -e 'SHOW REPLICA STATUS' --vertical`)).toMatch(/Replica_IO_Running: No/);
    await nothingLeftOn('db2', 'db3');
  }, 600_000);

  test('its files become the new ones, though the runner dies while they are taken', async () => {
    const id = await begun(...words, '--limit', '8M');
    await diesInCopy(id);
    await done('job', 'resume', id);
    expect(await shown(id)).toMatchObject({ state: 'done' });
    await sameAsPrimary('db3');
    await nothingLeftOn('db2', 'db3');
  }, 900_000);

  test('an abort while they are taken leaves no server that could start on them, and says so; the next seed ends that', async () => {
    const id = await begun(...words, '--limit', '2M');
    await until(
      async () => (await copyOf(id))?.doneBytes ?? 0,
      (bytes) => bytes > 0,
      240_000,
    );
    const said = await done('job', 'abort', id, `--yes=${id}`);
    expect(await shown(id)).toMatchObject({ state: 'aborted' });
    expect(said).toMatch(
      /db3 .*a part of its old data, .*seed it again; its server stays down: \/srv\/mysql\/data is not complete/,
    );
    const start = await inside('start', 'db3', '--yes=db3');
    expect(start).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('the data of db3 is not complete') });
    expect((await onHost('db3', 'pgrep -x mysqld')).exitCode).toBe(1);
    await nothingLeftOn('db2');
    await drill('heal', 'db3');
    const next = await begun('seed', 'db2', 'db3', '--yes=db3');
    await done('job', 'attach', next);
    expect(await ended(next)).toMatchObject({ state: 'done' });
    await sameAsPrimary('db3');
    await nothingLeftOn('db2', 'db3');
  }, 900_000);
});
