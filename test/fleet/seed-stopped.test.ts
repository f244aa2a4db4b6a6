// The datadir of a stopped server as a donor, on real hosts: read directly, its start blocked meanwhile, allowed again
// after.
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drill, on, onHost, until } from './fleet.ts';
import { refusalOf } from './refusing.ts';
import { begun, done, inside, nothingLeftOn, sameAsPrimary, shown, stateOf } from './seeding.ts';
import { usesHosts } from './uses.ts';

usesHosts('db1', 'db2', 'db6');

const longMs = 600_000;

/** Restores the hosts for the other tests: db6 has an empty datadir. */
afterAll(() => drill('reset', 'db6'), 400_000);

describe('a replica that is stopped', () => {
  beforeAll(() => on('db2', 'systemctl stop mysql'));
  afterAll(() => on('db2', 'systemctl start mysql'));

  test(
    'gives a blank machine its data, can not be started and is no other seed’s meanwhile, and starts again after',
    async () => {
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
    },
    longMs,
  );

  test(
    'is let go of by clean, where the job that held it is lost, and starts again',
    async () => {
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
    },
    longMs,
  );
});
