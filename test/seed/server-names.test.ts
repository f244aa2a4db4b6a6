// What a plan calls a server that another one names.
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
