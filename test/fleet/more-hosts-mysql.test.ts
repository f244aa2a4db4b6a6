// MySQL hosts with the setups of real shops: reseed reports them as they are.
import { describe, expect, test } from 'vitest';
import { drill, printedOn, statusOf } from './fleet.ts';
import { table } from './table.ts';
import { usesHosts } from './uses.ts';

usesHosts('db1', 'db7', 'db8');

describe('db7, an instance of a template unit with files, port and volumes of its own', () => {
  test('replicates, and has what its primary has', async () => {
    expect(await statusOf('db7')).toMatchObject({
      machine: 'running',
      ssh: 'ok',
      mysql: 'active',
      replication: 'replicating',
      volume: '/dev/mapper/vg--prod--data-mysql--prod--data',
    });
    expect(await drill('verify', 'db7')).toContain('✔ 4 checksums equal');
    expect(await printedOn('db7', 'findmnt -n -o SOURCE,FSTYPE /var/log/mysql-bin')).toMatch(/binlog +xfs$/);
    expect(await printedOn('db7', 'ls /var/log/mysql-bin')).toMatch(/^binlog\.000001\nbinlog\.index\nrelay\./);
  });

  test('is a replica in status, and everything of it is found by check', async () => {
    const shown = (await table('status', 'db1', 'db7')).get('db7');
    expect(shown?.get('ROLE')).toBe('replica');
    expect(shown?.get('SOURCE')).toBe('db1');
    expect(shown?.get('MYSQL')).toBe('● up');
    const checked = (await table('check', 'db1', 'db7')).get('db7');
    expect(checked?.get('MYSQL')).toMatch(/^✔ 9\.7\.\d+$/);
    expect(checked?.get('LVM')).toBe('✔ vg-prod-data/mysql-prod-data');
  });
});

test('db8, late on purpose, by two channels, with redo and undo logs beside its datadir, has what its primary has', async () => {
  expect(await drill('verify', 'db8')).toContain('✔ 4 checksums equal');
  const client = 'mysql --no-defaults --batch --skip-column-names';
  const asked =
    'SELECT channel_name, desired_delay FROM performance_schema.replication_applier_configuration ORDER BY 1';
  expect(await printedOn('db8', `${client} -e '${asked}'`)).toBe('20\nstandby\t20');
  expect(await printedOn('db8', 'ls -d /srv/db8/redo/#innodb_redo /srv/db8/undo/undo_001')).toBe(
    '/srv/db8/redo/#innodb_redo\n/srv/db8/undo/undo_001',
  );
});
