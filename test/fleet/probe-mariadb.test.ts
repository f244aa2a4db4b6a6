// The probe's loop on MariaDB's hosts and on the one with an empty datadir.
import { expect, test } from 'vitest';
import type { ReportPart } from '../../src/host/facts.ts';
import { reportParts } from '../../src/host/facts.ts';
import { endsItsProbes, type Healthy, probeOf, tellsEveryPart, unknownParts } from './asking.ts';
import { printedOn, until } from './fleet.ts';
import { usesHosts } from './uses.ts';

usesHosts('db4', 'db5', 'db6');
endsItsProbes();

test.each<Healthy>([
  { host: 'db4', unit: 'mariadb', volume: 'vgcrm/data', replicas: ['db5'], source: undefined },
  { host: 'db5', unit: 'mariadb', volume: 'vg0/mariadb', replicas: [], source: '10.77.0.14' },
])('$host tells every part, and again over the same stream', tellsEveryPart);

test('db6 is blank: the answers of a server are unknown, all else is reported', async () => {
  const report = await probeOf('db6').ask(...reportParts);
  expect(unknownParts(report).map(([part]) => part)).toEqual(['server', 'replication']);
  expect(report.service).toMatchObject({ value: { unit: 'mysql', state: 'inactive' } });
});

test('a server that hangs costs its own part only, and is not asked into a crowd of connections', async () => {
  const probe = probeOf('db5');
  const pid = await printedOn('db5', 'pidof mariadbd');
  const both: ReportPart[] = ['server', 'replication', 'disk', 'service', 'errorLog'];
  expect(unknownParts(await probe.ask(...both))).toEqual([]);
  await printedOn('db5', `kill -STOP ${pid}`);
  const hung = await probe.ask(...both);
  const after = await probe.ask(...both);
  await printedOn('db5', `kill -CONT ${pid}`);
  const why = 'mysql gave no answer in its time';
  expect(unknownParts(hung)).toEqual([
    ['server', { ok: false, late: true, why }],
    ['replication', { ok: false, late: true, why }],
  ]);
  expect(after.server).toMatchObject({ ok: false, why: expect.stringMatching(/; it is asked again in \d+ s$/) });
  await until(
    () => probe.ask('server'),
    (report) => report.server?.ok === true,
    30_000,
  );
});

test('without the LVM tools the rest is reported, and LVM again once they are back', async () => {
  const probe = probeOf('db6');
  await printedOn('db6', 'mv /usr/sbin/vgs /usr/sbin/lvs /root/');
  const without = await probe.ask('lvm', 'disk');
  await printedOn('db6', 'mv /root/vgs /root/lvs /usr/sbin/');
  expect(without.lvm).toEqual({ ok: false, why: 'vgs is not installed', missing: true });
  expect(without.disk?.ok).toBe(true);
  expect((await probe.ask('lvm')).lvm?.ok).toBe(true);
});
