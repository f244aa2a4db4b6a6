// The datadir of a stopped server as a donor, on real hosts: read as it lies there, held down meanwhile, free again after.
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drill, onHost, printedOn, until } from './fleet.ts';
import { asRoot, begun, done, inside, sameAsPrimary, shown, stateOf, tracesOn } from './seeding.ts';

const longMs = 600_000;
const on = (host: string, command: string) => printedOn(host, asRoot(host, command));
const holds = 'ls /run/systemd/system/*.service.d/reseed-*-still.conf';

async function nothingLeftOn(...hosts: string[]): Promise<void> {
  for (const host of hosts) expect({ host, left: await tracesOn(host) }).toEqual({ host, left: '' });
}

/** The other tests know the hosts as they were: db6 blank. */
afterAll(() => drill('reset', 'db5', 'db6'), 400_000);

describe('a replica that is stopped', () => {
  beforeAll(() => on('db2', 'systemctl stop mysql'));
  afterAll(() => on('db2', 'systemctl start mysql'));

  test(
    'gives a blank machine its data, can not be started meanwhile, and starts again after',
    async () => {
      const id = await begun('seed', 'db2', 'db6', '--stopped', '--yes=db6', '--limit', '20M');
      await until(
        () => shown(id),
        (job) => stateOf(job, 'hold db2') === 'done',
        240_000,
      );
      const started = await onHost('db2', 'sudo systemctl start mysql');
      expect(started).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('Assertion failed') });
      await done('job', 'attach', id);
      expect(await shown(id)).toMatchObject({ state: 'done' });
      expect(await done('job', 'log', id)).toMatch(/db6 replicates from db1 .*lag 0 s/);
      await nothingLeftOn('db2', 'db6');
      await sameAsPrimary('db6');
      await on('db2', 'systemctl start mysql');
      await until(
        () => onHost('db2', 'sudo mysqladmin ping'),
        ({ exitCode }) => exitCode === 0,
      );
      expect(await drill('verify', 'db2')).toContain('db2');
      await on('db2', 'systemctl stop mysql');
      await drill('reset', 'db6');
    },
    longMs,
  );

  test(
    'and whose files somebody has touched, gives nothing: no target is touched',
    async () => {
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
    },
    longMs,
  );

  test(
    'is let go of by clean, where the job that held it is lost',
    async () => {
      const id = await begun('seed', 'db2', 'db6', '--stopped', '--yes=db6', '--limit', '1M');
      await until(
        () => onHost('db2', holds),
        ({ exitCode }) => exitCode === 0,
        240_000,
      );
      const open = await inside('clean', 'db2', '--dry-run');
      expect(open.stdout + open.stderr).toContain(`job ${id}`);
      await inside('job', 'abort', id);
      await until(
        () => shown(id),
        ({ state }) => state === 'aborted',
        240_000,
      );
      await nothingLeftOn('db2', 'db6');
      const lost = '/run/systemd/system/mysql.service.d/reseed-10570000-still.conf';
      await on(
        'db2',
        `mkdir -p ${dirname(lost)} /run/reseed/10570000/still
         printf '[Unit]\\nAssertPathExists=!/run/reseed/10570000/still\\n' >${lost}; systemctl daemon-reload`,
      );
      expect(await done('clean', 'db2', '--yes')).toContain('hold of job 10570000 on mysql');
      await nothingLeftOn('db2');
    },
    longMs,
  );
});

describe('a server that runs', () => {
  test('is no donor that is stopped', async () => {
    const { exitCode, stderr } = await inside('seed', 'db1', 'db6', '--stopped', '--yes=db6');
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr: expect.stringMatching(/the server of db1 runs; reseed stop db1/),
    });
  });
});

describe('a MariaDB primary that is stopped', () => {
  test(
    'gives its replica its data, and is started again before that follows it',
    async () => {
      await printedOn('db5', 'mysql -e "STOP SLAVE; DROP DATABASE crm"');
      await printedOn('db4', 'systemctl stop mariadb');
      const id = await begun('seed', 'db4', 'db5', '--stopped', '--yes=db5');
      await done('job', 'attach', id);
      expect(await shown(id)).toMatchObject({ state: 'done' });
      expect(await drill('verify', 'db5')).toContain('db5');
      await nothingLeftOn('db4', 'db5');
    },
    longMs,
  );
});
