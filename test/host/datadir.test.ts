// The place of a host's data, for all code that works on it.

import { expect, test } from 'vitest';
import { withoutSlash } from '../../src/host/paths.ts';
import { datadirOf } from '../../src/host/storage/datadir.ts';
import { recorded } from '../live/pictures.ts';

const db3 = recorded('up').reports.get('db3') ?? {};
const { server: _, config: __, ...seenFirst } = db3;

test('a server that is down, and was seen just now, has its data where the probe found it, and not where servers usually have it', () => {
  expect(datadirOf({ ...seenFirst, server: { ok: false, why: 'it is down' } })).toBe('/srv/mysql/data');
});

test('what nobody has said yet is not known', () => {
  expect(datadirOf({})).toBeUndefined();
  expect(datadirOf({ server: { ok: false, why: 'it is down' } })).toBeUndefined();
});

test('what a server that runs says of itself counts for more', () => {
  if (!db3.server?.ok) throw new Error('db3 was recorded with its server up');
  const moved = { ...db3.server.value, datadir: '/srv/elsewhere' };
  expect(datadirOf({ ...db3, server: { ok: true, value: moved } })).toBe('/srv/elsewhere');
});

test('a folder is one folder, whether a server says it with a slash at its end or without', () => {
  expect(['/srv/mysql/data/', '/srv/mysql/data', '/'].map(withoutSlash)).toEqual([
    '/srv/mysql/data',
    '/srv/mysql/data',
    '/',
  ]);
});
