// The datadir of a stopped server as a donor, on real hosts: read directly, its start blocked meanwhile, allowed again
// after.
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drill, on, onHost, printedOn, until } from '../fleet/fleet.ts';
import { refusalOf } from '../fleet/refusing.ts';
import { begun, done, inside, nothingLeftOn, sameAsPrimary, shown, stateOf } from '../fleet/seeding.ts';
import { everyHost, usesHosts } from '../fleet/uses.ts';

usesHosts(...everyHost);

/** Restores the hosts for the other tests: db6 has an empty datadir. */
afterAll(() => drill('reset', 'db6'), 400_000);

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

  test('gives a blank machine its data, can not be started and is no other seed’s meanwhile, and starts again after', async () => {
    const id = await begun('seed', 'db2', 'db6', '--stopped', '--yes=db6', '--limit', '10M');
    await until(
      () => shown(id),
      (job) => stateOf(job, 'hold db2') === 'done',
      240_000,
    );
    const started = await onHost('db2', 'sudo systemctl start mysql');
    expect(started).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('Assertion failed') });
    expect(await refusalOf('db1', 'db6', '--yes=db6')).toMatch(
      new RegExp(`✖ db6 +db6 is locked by job ${id}\\b.*reseed job abort ${id}`, 's'),
    );
    const cleaned = await inside('clean', 'db2', '--dry-run');
    expect(cleaned.stdout + cleaned.stderr).toContain(`job ${id}`);
    await done('job', 'attach', id);
    expect(await shown(id)).toMatchObject({ state: 'done' });
    expect(await done('job', 'log', id)).toMatch(/db6 replicates from db1 .*lag 0 s/);
    await nothingLeftOn('db2', 'db6');
    await sameAsPrimary('db6');
  });

  test('is let go of by clean, where the job that held it is lost, and starts again', async () => {
    const lost = '/run/systemd/system/mysql.service.d/reseed-10570000-still.conf';
    await on(
      'db2',
      `mkdir -p ${dirname(lost)} /run/reseed/10570000/still
       printf '[Unit]\\nAssertPathExists=!/run/reseed/10570000/still\\n' >${lost}; systemctl daemon-reload`,
    );
    expect(await done('clean', 'db2', '--yes')).toContain('hold of job 10570000 on mysql');
    await nothingLeftOn('db2');
    await on('db2', 'systemctl start mysql');
    await until(
      () => onHost('db2', 'sudo mysqladmin ping'),
      ({ exitCode }) => exitCode === 0,
    );
    expect(await drill('verify', 'db2')).toContain('db2');
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
