// A salvage between two MariaDB replicas of a dead primary, db10 (Debian's own option files: no binary log) -> db5; its runner is killed, and the target
// loses its power. In the campaign: npm test has the one of MySQL.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { comesBack, dies, rowsOf, salvageTraces, sql } from '../fleet/dead-primary.ts';
import { drill, on, until } from '../fleet/fleet.ts';
import { inventoryOf } from '../fleet/inventory.ts';
import { begun, done, inside, killedIn, shown } from '../fleet/seeding.ts';
import { usesHosts } from '../fleet/uses.ts';
import { pullPlug, switchOnAgain } from './power.ts';

usesHosts('db4', 'db5', 'db10');

let known: readonly string[] = [];
beforeAll(async () => {
  known = ['--inventory', await inventoryOf('db4', 'db5', 'db10')];
});
afterAll(async () => {
  await comesBack('db4', 'mariadb');
  await drill('reset', 'db4');
}, 400_000);

const positionOf = (host: string) => sql(host, 'SELECT @@gtid_slave_pos');
const caughtUp = (host: string) =>
  until(
    () => on(host, `mysql -e 'SHOW SLAVE STATUS' --vertical | grep -E 'Slave_SQL_Running_State|Gtid_IO_Pos'`),
    (told) => /has read all relay log/i.test(told),
  );

/** So many that they are still being applied when the fault comes. */
const rows = 400;
const countOf = (name: string) => `SELECT COUNT(*) FROM ${name}.t`;

/** db4 dies, and db10 has received what db5 has not: a transaction of many rows, and many of one. */
async function primaryDies(name: string) {
  await sql('db5', 'STOP SLAVE IO_THREAD');
  await caughtUp('db5');
  await sql('db5', 'STOP SLAVE');
  await sql('db4', `CREATE DATABASE ${name}; CREATE TABLE ${name}.t (id INT PRIMARY KEY AUTO_INCREMENT, word TEXT)`);
  await sql('db4', `INSERT INTO ${name}.t (word) SELECT seq FROM ${name}.seq_1_to_2000`);
  await on('db4', `seq ${rows} | sed "s/.*/INSERT INTO t (word) VALUES ('&');/" | mysql ${name}`);
  await until(
    () => sql('db10', countOf(name)).catch(() => ''),
    (count) => count === String(2000 + rows),
  );
  await dies('db4', 'mariadb');
  await caughtUp('db10');
}

const same = async () => {
  expect(await positionOf('db5')).toBe(await positionOf('db10'));
  expect(await rowsOf('db5')).toBe(await rowsOf('db10'));
  expect(await salvageTraces('db5')).toBe('');
  const again = await inside('salvage', 'db10', 'db5', '--yes=db5', ...known);
  expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('nothing that db5 lacks') });
};

test('a target that replicates by file and position is refused', async () => {
  await primaryDies('lost1');
  await sql('db5', 'CHANGE MASTER TO MASTER_USE_GTID = no');
  const refused = await inside('salvage', 'db10', 'db5', '--yes=db5', ...known);
  expect(refused).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('Using_Gtid: No') });
  await sql('db5', 'CHANGE MASTER TO MASTER_USE_GTID = slave_pos');
});

test('a runner that is killed while the logs are applied leaves a job that is resumed: nothing is applied twice', async () => {
  const id = await begun('salvage', 'db10', 'db5', '--yes=db5', ...known);
  await killedIn(id, 'wait until they are applied');
  await done('job', 'resume', id);
  await done('job', 'attach', id);
  expect(await shown(id)).toMatchObject({ state: 'done' });
  await same();
  expect(await sql('db5', countOf('lost1'))).toBe(String(2000 + rows));
  await comesBack('db4', 'mariadb');
  await sql('db4', 'SET GLOBAL read_only = OFF');
  await sql('db5', 'START SLAVE');
});

test('a target that loses its power while they are applied has them once after the same salvage', async () => {
  await primaryDies('lost2');
  const id = await begun('salvage', 'db10', 'db5', '--yes=db5', ...known);
  await until(
    () => shown(id),
    ({ steps }) => steps.some(({ name, state }) => name === 'wait until they are applied' && state !== 'waiting'),
    120_000,
  );
  await pullPlug('db5');
  await switchOnAgain('db5');
  const job = await until(
    () => shown(id),
    ({ state }) => ['done', 'failed', 'cleanup-needed'].includes(state),
    240_000,
  );
  await sql('db5', 'STOP SLAVE');
  if (job.state !== 'done') {
    const next = await begun('salvage', 'db10', 'db5', '--yes=db5', ...known);
    await done('job', 'attach', next);
    expect(await shown(next)).toMatchObject({ state: 'done' });
  }
  await same();
});
