// The name in a plan of a server that another one names.
import { expect, test } from 'vitest';
import { nameAmong } from '../../src/operations/plans/server-names.ts';
import { side } from './sides.ts';

test('a server_uuid that two hosts have names neither of them', () => {
  const [one, two] = [side('db2'), side('db3')];
  if (!one.report.server?.ok || !two.report.server?.ok) throw new Error('nothing recorded');
  const { serverUuid: uuid } = one.report.server.value;
  if (uuid === undefined) throw new Error('no uuid recorded');
  const copied = {
    ...two.report,
    server: { ...two.report.server, value: { ...two.report.server.value, serverUuid: uuid } },
  };
  const named = { host: one.host.ssh.host ?? '', port: 3306, uuid };
  expect(nameAmong([one, two])(named)).toBe('db2');
  expect(nameAmong([one, { ...two, report: copied }])(named)).toBeUndefined();
});

test('a replica at port 3306 was called db7, whose server is on 3307: a host whose port is not known, or is another, names no server', () => {
  const { host, report } = side('db2');
  const { server } = report;
  if (!server?.ok) throw new Error('nothing recorded');
  const address = host.ssh.host ?? '';
  const down = { ok: false, why: 'it is down' } as const;
  const config = (port: number) => ({ server: down, config: { ok: true, value: { port } } as const });
  const named = (more?: Parameters<typeof nameAmong>[0][number]['report']) =>
    nameAmong([more ? { host, report: more } : { host }])({ host: address, port: 3306 });
  expect(named(report)).toBe('db2');
  expect(named(config(3306))).toBe('db2');
  expect(named({ server: { ok: true, value: { ...server.value, port: 3307 } } })).toBeUndefined();
  expect(named(config(3307))).toBeUndefined();
  expect(named({ server: down })).toBeUndefined();
  // A server that was not asked has the common port, unless the inventory gives another.
  expect(named()).toBe('db2');
  const own = { ...host, mysql: { defaultsFile: '/etc/mysql/prod.cnf' } };
  expect(nameAmong([{ host: own }])({ host: address, port: 3306 })).toBeUndefined();
  // The server is reported without a port.
  expect(nameAmong([{ host }])({ host: address })).toBe('db2');
});
