import { expect, test } from 'vitest';
import { lvmSnapshot } from '../../src/seed/methods/lvm-snapshot/lvm-snapshot.ts';
import { request, side } from './sides.ts';

const rootOf = (mounted?: { readonly root: string; readonly point: string }) => {
  const donor = side('db2', { datadir: '/var/lib/mysql', ...(mounted && { mounted }) });
  const asked = request(donor, [side('db3')]);
  const source = lvmSnapshot.source(asked, []);
  if (!source.ok) throw new Error(source.message);
  return source.root.replace(/.*\/reseed-[^/]*/, '');
};

test('a datadir that is a bind mount of a folder is that folder in the snapshot of its volume, and not the whole volume', () => {
  expect(rootOf({ root: '/srv/mysql', point: '/var/lib/mysql' })).toBe('/srv/mysql');
  expect(rootOf({ root: '/srv', point: '/var/lib' })).toBe('/srv/mysql');
  expect(rootOf({ root: '/', point: '/var/lib' })).toBe('/mysql');
  // Its mount point is the datadir: no slash at the end.
  expect(rootOf({ root: '/', point: '/var/lib/mysql' })).toBe('');
  expect(rootOf({ root: '/srv/mysql', point: '/var/lib/mysql' })).not.toMatch(/\/$/);
});
