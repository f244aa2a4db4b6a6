// `history` of an inventory: the database that jump hosts share.
import { expect, test } from 'vitest';
import { complaints, inventoryOf } from './reading.ts';

const hosts = 'hosts: { db1: { ssh: { host: 10.0.0.1 } } }\n';
const historyOf = (text: string) => inventoryOf(`${hosts}history: ${text}\n`).history;

test('an address alone is enough on this machine; elsewhere TLS has to be said', () => {
  const local = { host: '127.0.0.1', port: 3306, database: 'reseed', tls: false };
  expect(historyOf('mysql://127.0.0.1/reseed')).toEqual({
    ...local,
    account: '/home/ops/.config/reseed/history.cnf',
  });
  expect(historyOf('{ store: "mysql://[::1]:3307/ops", account: /etc/reseed/h.cnf, socket: /run/m.sock }')).toEqual({
    ...{ host: '::1', port: 3307, database: 'ops', tls: false },
    ...{ account: '/etc/reseed/h.cnf', socket: '/run/m.sock' },
  });
  expect(historyOf('{ store: mysql://db9:3307/reseed, tls: true }')).toMatchObject({
    host: 'db9',
    port: 3307,
    tls: true,
  });
  expect(historyOf('{ store: mysql://db9/reseed, tls: ~/ca.pem }')).toMatchObject({
    tls: { authority: '/home/ops/ca.pem' },
  });
  expect(complaints(`${hosts}history: mysql://db9/reseed\n`)).toEqual([
    expect.stringContaining('hosts.yaml:2:1 history is on db9, and says nothing of tls'),
  ]);
});

test.each([
  ['mysql://ops:secret@127.0.0.1/reseed', 'without a user: account names a file'],
  ['mysql://127.0.0.1', 'write mysql://HOST:PORT/DATABASE'],
  ['mysql://127.0.0.1:99999/reseed', 'write mysql://HOST:PORT/DATABASE'],
  ['mysql://127.0.0.1/re`seed', 'write mysql://HOST:PORT/DATABASE'],
  ['postgres://127.0.0.1/reseed', 'write mysql://HOST:PORT/DATABASE'],
  ['{ account: /x }', 'store is missing'],
  ['{ store: mysql://127.0.0.1/reseed, acount: /x }', 'did you mean account?'],
  ['{ store: mysql://127.0.0.1/reseed, owner: "17" }', 'write the name of a jump host'],
  ['[mysql://127.0.0.1/reseed]', 'write history: mysql://127.0.0.1:3306/reseed'],
  ['', 'write history: mysql://127.0.0.1:3306/reseed'],
])('history: %s is refused, with what to write', (text, instead) => {
  expect(complaints(`${hosts}history: ${text}\n`)).toEqual([expect.stringContaining(instead)]);
});

test('schedules whose times are shared need a name of their fleet that was written', () => {
  const shared = `${hosts}history: mysql://127.0.0.1/reseed\nschedules: { n: { cron: 0 3 * * *, timezone: UTC, do: snapshot, hosts: db1 } }\n`;
  expect(complaints(shared)).toEqual([expect.stringContaining('write fleet: NAME, the same on all jump hosts')]);
  expect(complaints(`fleet: prod\n${shared}`)).toEqual([]);
});
