// Hosts that are set up as shops set theirs up: reseed sees them as they are.
import { describe, expect, test } from 'vitest';
import { drill, onHost, printedOn, reseed, reseedWords, statusOf } from './fleet.ts';
import { inventoryOf } from './inventory.ts';
import { usesHosts } from './uses.ts';

usesHosts('db1', 'db4', 'db7', 'db8', 'db9', 'db10');

/** Columns of a table of `verb`, host -> column -> cell. */
async function table(verb: string, ...hosts: string[]): Promise<Map<string, Map<string, string>>> {
  const words = [...reseedWords, verb, ...hosts, '--inventory', await inventoryOf(...hosts)];
  const { stdout } = await reseed(['drill', 'exec', '--', ...words]);
  const [header = [], ...rows] = stdout.split('\n').map((line) => line.split(/ {2,}/));
  return new Map(rows.map((row) => [row[0] ?? '', new Map(header.map((column, at) => [column, row[at] ?? '']))]));
}

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

test('db10, as Debian installs MariaDB, on a partition, has what its primary has; what needs LVM is refused', async () => {
  expect(await statusOf('db10')).toMatchObject({ replication: 'replicating', volume: '/dev/ubdb1' });
  expect(await drill('verify', 'db10')).toContain('✔ 4 checksums equal');
  const { exitCode, stderr } = await reseed(['drill', 'fault', 'disk-errors', 'db10']);
  expect(exitCode).toBe(3);
  expect(stderr).toContain(
    "disk-errors can't be made on db10: its datadir lies on a partition, and not on a volume of LVM",
  );
});

test('db9, MariaDB 11 by its own names, has what its primary has; its account is root by the one rule only', async () => {
  expect((await statusOf('db9')).version).toMatch(/^11\..*MariaDB/);
  expect(await drill('verify', 'db9')).toContain('✔ 4 checksums equal');
  expect(
    await printedOn('db9', 'id -un; readlink /var/lib/mysql; ls /usr/bin/mysql* /usr/sbin/mysqld 2>/dev/null | wc -l'),
  ).toBe('dba\n/data/mariadb\n0');
  expect((await onHost('db9', 'sudo -n id')).exitCode).toBe(1);
  const checked = (await table('check', 'db4', 'db9')).get('db9');
  expect(checked?.get('SUDO')).toBe('✔ root');
});

test('db9 is rebuilt from its primary, an older MariaDB that writes a binary log, and has what that has', async () => {
  const inventory = await inventoryOf('db4', 'db9');
  const words = ['seed', 'db4', 'db9', '--yes=db9', '--inventory', inventory];
  const { exitCode, stdout, stderr } = await reseed(['drill', 'exec', '--', ...reseedWords, ...words]);
  expect({ exitCode, ended: `${stdout}${stderr}`.slice(-2000) }).toMatchObject({ exitCode: 0 });
  expect(await statusOf('db9')).toMatchObject({ mysql: 'active', replication: 'replicating' });
  expect(await drill('verify', 'db9')).toContain('✔ 4 checksums equal');
  expect(await printedOn('db9', 'ls -A /run/reseed | grep -vx lvm; ls /etc/systemd/system/mariadb.service.d')).toBe(
    'drill.conf',
  );
}, 900_000);
