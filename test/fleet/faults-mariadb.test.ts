// `reseed drill fault` has a real effect on MariaDB hosts, on a thin volume and behind a jump host, and heal reverses
// it.
import { expect, test } from 'vitest';
import { applierStops, heal, healsWhatIsBroken, make, readsFail, replicates } from './breaking.ts';
import { drill, printedOn, statusOf, until } from './fleet.ts';
import { usesHosts } from './uses.ts';

usesHosts('db4', 'db5');
healsWhatIsBroken();

test('pause and resume: silent, then as if nothing had been', async () => {
  const running = await printedOn('db4', 'systemctl show -p MainPID --value mariadb');
  await make('pause', 'db4');
  expect(await statusOf('db4')).toMatchObject({ machine: 'paused', ssh: null, mysql: null });
  await drill('fault', 'resume', 'db4');
  expect(await statusOf('db4')).toMatchObject({ machine: 'running', faults: [] });
  expect(await printedOn('db4', 'systemctl show -p MainPID --value mariadb')).toBe(running);
});

test('slow: a round trip takes what was asked for', async () => {
  const roundTripMs = async () => {
    const timed = await printedOn(
      'db5',
      `s=$EPOCHREALTIME; exec 3<>/dev/tcp/10.77.0.14/3306; e=$EPOCHREALTIME; echo $((\${e/./} - \${s/./}))`,
    );
    return Number(timed) / 1000;
  };
  expect(await roundTripMs()).toBeLessThan(250);
  await make('slow', 'db4', 'db5', '50mbit', '300ms');
  expect(await roundTripMs()).toBeGreaterThan(600);
  await heal('db4');
  expect(await roundTripMs()).toBeLessThan(250);
});

test('fill-snapshot: the thin pool is nearly full', async () => {
  const used = async () => Number(await printedOn('db4', 'lvs --noheadings -o data_percent vgcrm/pool | xargs'));
  const before = await used();
  await make('fill-snapshot', 'db4', '90');
  expect(await used()).toBeGreaterThan(88);
  await heal('db4');
  expect(await used()).toBeLessThan(before + 1);
});

test('break-replication: the applier stops at a duplicate key', () => applierStops('db5'));

test('stop-mysql: inactive, and active again', async () => {
  await make('stop-mysql', 'db5');
  expect(await statusOf('db5')).toMatchObject({ mysql: 'inactive', version: null, ledger: null, ssh: 'ok' });
  await heal('db5');
  await replicates('db5');
});

test('disk-errors: reads fail on a thin volume', async () => {
  await readsFail('db4', 'vgcrm/data');
  await replicates('db5');
});

test('reset of a primary takes its replicas along, since they can’t follow it back in time', async () => {
  const written = Number((await statusOf('db4')).ledger);
  expect(await drill('reset', 'db4')).toBe('db4, db5: as at the start');
  expect((await statusOf('db4')).ledger).toBeLessThan(written);
  await until(
    () => statusOf('db5'),
    ({ replication }) => replication === 'replicating',
  );
  expect(await drill('verify', 'db5')).toContain('✔');
});
