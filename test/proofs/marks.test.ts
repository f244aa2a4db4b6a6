// The mark of a proof on its snapshot: in lists, and for a prune.
import { expect, test } from 'vitest';
import { snapshotRows } from '../../src/commands/jobs/snapshot/snapshot-rows.ts';
import { marksOf } from '../../src/host/storage/snapshots.ts';
import { restoresText } from '../../src/snapshot/list.ts';
import { toPrune } from '../../src/snapshot/prune.ts';
import { twoPartDuration } from '../../src/text/times.ts';
import { ableSide, classic } from './proving.ts';

const hour = 3600;
const hostSeconds = (() => {
  const { system } = ableSide('db2').report;
  if (!system?.ok) throw new Error('no clock was recorded');
  return Math.floor(system.value.clockMs / 1000);
})();
const proved = (at: number) => ['reseed', 'reseed-proved', `reseed-restores=${at}:250000`];

test('a snapshot that is proved to restore says when, and how long it took; its copy is no snapshot of the list', () => {
  const plain = ableSide('db2');
  const { lvm } = plain.report;
  if (!lvm?.ok) throw new Error('no volumes were recorded');
  const volumes = [
    classic('a', { tags: proved(hostSeconds - 3 * hour) }),
    classic('reseed-cafe-copy', { tags: ['reseed', 'reseed-job=cafe', 'reseed-copy'], origin: 'a' }),
  ];
  const report = { ...plain.report, lvm: { ok: true, value: { ...lvm.value, volumes } } } as const;
  const rows = snapshotRows([{ host: plain.host, report }], new Map());
  expect(rows.map(({ cells }) => cells[7])).toEqual(['✔ valid proved 3 h ago, 4 min 10 s']);
  expect(rows[0]?.json).toMatchObject({ restores: { tookMs: 250_000, percent: 100 } });
});

test('a snapshot of which a part was proved says which part, and no keep rule takes the newest that is wholly proved for it', () => {
  expect(restoresText({ agoMs: 3 * 3_600_000, tookMs: 12_000, percent: 20 })).toBe('20 % proved 3 h ago, 12 s');
  const at = (hours: number) => ({ createdSeconds: hostSeconds - hours * hour });
  const volumes = [
    classic('new', at(1)),
    classic('part', { ...at(2), tags: ['reseed', `reseed-restores=${hostSeconds}:12000:20`] }),
    classic('part-before', { ...at(3), tags: ['reseed', `reseed-restores=${hostSeconds}:12000:99`] }),
    classic('whole', { ...at(30), tags: proved(hostSeconds) }),
  ];
  expect(toPrune(volumes, { keep: 1 }, hostSeconds * 1000).map(({ volume }) => volume)).toEqual(['part-before']);
});

test('no keep rule removes the newest that is proved to restore, and an older one that is proved goes', () => {
  const at = (hours: number) => ({ createdSeconds: hostSeconds - hours * hour });
  const volumes = [
    classic('new', at(1)),
    classic('proved', { ...at(30), tags: proved(hostSeconds) }),
    classic('proved-before', { ...at(60), tags: proved(hostSeconds) }),
    classic('old', at(90)),
    // The copy of a thin one, which a proof left, is newer than all of them, and no snapshot.
    classic('reseed-cafe-copy', { ...at(0), kind: 'thinSnapshot', tags: ['reseed', 'reseed-copy'] }),
  ];
  const removed = (rule: Parameters<typeof toPrune>[1]) =>
    toPrune(volumes, rule, hostSeconds * 1000).map(({ volume }) => volume);
  expect(removed({ keep: 1 })).toEqual(['proved-before', 'old']);
  expect(removed({ keep: 0 })).toEqual(['new', 'proved-before', 'old']);
  expect(removed({ keep: { hourly: 1 } })).toEqual(['proved-before', 'old']);
  expect(removed({ youngerThanMs: 12 * hour * 1000 })).toEqual(['proved-before', 'old']);
});

test('what another program wrote as a mark of ours is none', () => {
  const tags = ['reseed-restores=', 'reseed-restores=soon:1', 'reseed-restores=1:2:x', 'reseed-restores=1:2:300'];
  expect(marksOf({ tags }).restores).toBeUndefined();
  expect(marksOf({ tags: ['reseed-restores=10:7', 'reseed-restores=20:8'] }).restores).toEqual({
    atSeconds: 20,
    tookMs: 8,
    percent: 100,
  });
});

test.each([
  [400, '0 s'],
  [14_410, '14 s'],
  [250_000, '4 min 10 s'],
  [3_900_000, '1 h 5 min'],
])('%d ms is %s', (ms, text) => expect(twoPartDuration(ms)).toBe(text));
