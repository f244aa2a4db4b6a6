// MariaDB hosts with the setups of real shops: reseed reports them as they are.
import { expect, test } from 'vitest';
import { drill, onHost, printedOn, reseed, reseedWords, statusOf } from './fleet.ts';
import { inventoryOf } from './inventory.ts';
import { table } from './table.ts';
import { usesHosts } from './uses.ts';

usesHosts('db4', 'db9', 'db10');

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
