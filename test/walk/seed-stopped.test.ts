// The rest of what stopped servers are as donors: test/fleet/seed-stopped.test.ts has what `npm test` has time for.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drill, on, printedOn, until } from '../fleet/fleet.ts';
import { begun, done, nothingLeftOn, shown, stateOf } from '../fleet/seeding.ts';
import { everyHost, usesHosts } from '../fleet/uses.ts';

usesHosts(...everyHost);

describe('a replica that is stopped', () => {
  beforeAll(() => on('db2', 'systemctl stop mysql'));
  afterAll(() => on('db2', 'systemctl start mysql'));

  test('whose files somebody has touched gives nothing: no target is touched', async () => {
    const id = await begun('seed', 'db2', 'db6', '--stopped', '--yes=db6', '--limit', '20M');
    await until(
      () => shown(id),
      (job) => stateOf(job, 'copy') === 'running',
      240_000,
    );
    await on('db2', 'touch -d 2020-01-01 /var/lib/mysql/ibdata1');
    const job = await until(
      () => shown(id),
      ({ state }) => state === 'failed',
      240_000,
    );
    expect(job.error).toMatch(/ibdata1 was changed while the data was read/);
    expect(stateOf(job, 'hold db6')).toBe('waiting');
    await nothingLeftOn('db2', 'db6');
    expect(await printedOn('db6', 'ls -A /var/lib/mysql')).toBe('lost+found');
  });
});

describe('a MariaDB primary that is stopped', () => {
  test('gives its replica its data, and is started again before that follows it', async () => {
    await printedOn('db5', 'mysql -e "STOP SLAVE; DROP DATABASE crm"');
    await printedOn('db4', 'systemctl stop mariadb');
    const id = await begun('seed', 'db4', 'db5', '--stopped', '--yes=db5');
    await done('job', 'attach', id);
    expect(await shown(id)).toMatchObject({ state: 'done' });
    expect(await drill('verify', 'db5')).toContain('db5');
    await nothingLeftOn('db4', 'db5');
  });
});
