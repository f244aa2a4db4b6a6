// More of `reseed drill fault`, `heal` and `reset` on MySQL hosts: `npm test` has these faults on MariaDB hosts, and resets a primary there.
import { expect, test } from 'vitest';
import { applierStops, healsWhatIsBroken, make, readsFail, replicates } from '../fleet/breaking.ts';
import { drill, onHost, printedOn, statusOf } from '../fleet/fleet.ts';
import { usesHosts } from '../fleet/uses.ts';

usesHosts('db1', 'db2', 'db3');
healsWhatIsBroken();

test('heal leaves data alone that has taken the place of what was damaged, and says that the fault is gone', async () => {
  await printedOn('db3', 'systemctl stop mysql && cp -a /srv/mysql/data /srv/mysql/new && systemctl start mysql');
  await make('corrupt-datadir', 'db3');
  // As a seed does it.
  const swap = 'cd /srv/mysql && mv data damaged && mv new data && rm -r damaged';
  await printedOn('db3', `systemctl stop mysql; ${swap} && systemctl reset-failed mysql && systemctl start mysql`);
  expect(await drill('heal', 'db3')).toBe(
    'db3: corrupt-datadir was gone already: the files that were damaged have been replaced or written since',
  );
  expect(await statusOf('db3')).toMatchObject({ mysql: 'active', faults: [] });
  await replicates('db3');
  expect(await drill('verify', 'db3')).toContain('✔');
});

test('break-replication: the applier stops at a duplicate key', () => applierStops('db2'));

test('disk-errors: reads fail on a classic volume', async () => {
  await readsFail('db2', 'vg0/mysql');
  await replicates('db2');
});

test('reset gives a replica its first state again, and it catches up', async () => {
  await printedOn('db3', 'mysql -e "SET GLOBAL super_read_only = OFF; DROP DATABASE shop"; touch /root/left-over');
  expect(await drill('reset', 'db3')).toBe('db3: as at the start');
  expect((await onHost('db3', 'ls /root/left-over')).exitCode).not.toBe(0);
  expect(await drill('verify', 'db3')).toContain('✔');
});
