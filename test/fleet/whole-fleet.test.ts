// Reports of the whole fleet, which is healthy.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { critical, hosts, status } from './asking-status.ts';
import { breaks, healsWhatIsBroken } from './breaking.ts';
import { until } from './fleet.ts';
import { sampleInventory } from './operators.ts';
import { inside } from './seeding.ts';
import { everyHost, usesHosts } from './uses.ts';

usesHosts(...everyHost);
healsWhatIsBroken();

test('check is all ✔ on the fleet, through sudo, another port and a jump host', async () => {
  const done = await inside('check');
  expect(done.stdout.replaceAll(/ {2,}/g, ' | ').split('\n')).toEqual([
    'HOST | DNS | SSH | SUDO | TOOLS | MYSQL | LVM',
    expect.stringMatching(/^db1 \| ✔ \| ✔ \| ✔ root \| ✔ \| ✔ 9\.7\.\d+ \| ✔ vg0\/mysql$/),
    expect.stringMatching(/^db2 \| ✔ \| ✔ \| ✔ root \| ✔ \| ✔ 9\.7\.\d+ \| ✔ vg0\/mysql$/),
    expect.stringMatching(/^db3 \| ✔ \| ✔ \| ✔ root \| ✔ \| ✔ 9\.7\.\d+ \| ✔ data-vg\/srv-mysql$/),
    expect.stringMatching(/^db4 \| ✔ \| ✔ \| ✔ root \| ✔ \| ✔ 10\.11\.\d+ \| ✔ vgcrm\/data$/),
    expect.stringMatching(/^db5 \| – \| ✔ \| ✔ root \| ✔ \| ✔ 10\.11\.\d+ \| ✔ vg0\/mariadb$/),
    'db6 | ✔ | ✔ | ✔ root | ✔ | – | ✔ vg0/mysql',
    '– db5 | dns: 10.77.0.14 looks 10.77.0.15 up',
    '– db6 | mysql: the server is down; its login is tested once it runs',
  ]);
  expect(done.exitCode).toBe(0);
});

test('status shows six hosts with their roles, and the new machine as no emergency', async () => {
  const done = await status();
  const rows = done.stdout.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' | '));
  expect(rows[0]).toMatch(/^HOST \| .*ROLE \| SOURCE \| VERSION \| MYSQL/);
  expect(rows[1]).toMatch(/^db1 \| .*\| primary \| – \| MySQL 9\.7\.\d+ \| ● up/);
  expect(rows[2]).toMatch(/^db2 \| .*\| replica \| db1 \| MySQL 9\.7\.\d+ \| ● up/);
  expect(rows[3]).toMatch(/^db3 \| .*\| replica \| db1 \| MySQL 9\.7\.\d+ \| ● up/);
  expect(rows[4]).toMatch(/^db4 \| .*\| primary \| – \| MariaDB 10\.11\.\d+ \| ● up/);
  expect(rows[5]).toMatch(/^db5 \| .*\| replica \| db4 \| MariaDB 10\.11\.\d+ \| ● up/);
  expect(rows[6]).toMatch(/^db6 \| .*\| \? \| \? \| \? \| – empty datadir/);
  expect(done.stdout).toContain('! db6 ');
  expect(done.exitCode).toBe(0);
});

test('status names a replica that the inventory does not have, with the lines to add; one that was not asked is known', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reseed-status-'));
  const file = join(folder, 'hosts.yaml');
  await writeFile(file, sampleInventory.replace(/^ {2}db3:\n(?: {4}.*\n)+/m, ''));
  // If db1 was started a moment ago, its replicas are still reconnecting.
  const done = await until(
    () => status('db1', '--inventory', file),
    ({ stdout }) => stdout.includes('not in hosts.yaml'),
  );
  await rm(folder, { recursive: true });
  expect(done.stdout).toMatch(/^\+ db3, replica of db1, not in hosts\.yaml; to add below hosts:\n {2}\s*db3:\n/m);
  expect(done.stdout).not.toContain('db2, replica');
});

test('a snapshot that overflowed, and a thin pool that is nearly full', async () => {
  await breaks('fill-snapshot', 'db1');
  await breaks('fill-snapshot', 'db4');
  const seen = await hosts('db1', 'db4');
  expect(seen.get('db1')?.alerts.map(({ kind }) => kind)).toContain('snapshotInvalid');
  expect(critical(seen.get('db4'))).toContain('poolFull');
});

test('a server of another vendor is no target', async () => {
  const { exitCode, stdout } = await inside('seed', 'db2', 'db5', '--dry-run');
  expect(exitCode).toBe(3);
  expect(stdout).toMatch(/✖ db5 +MariaDB 10\.11\.\d+ can't start on the data of MySQL 9\.7\.\d/);
});
