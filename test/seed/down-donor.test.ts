// A donor whose server is down, and snapshots that were taken while it was: neither reports the position of its data.
import { expect, test } from 'vitest';
import { coldCopy } from '../../src/seed/methods/cold-copy/cold-copy.ts';
import { lvmSnapshot } from '../../src/seed/methods/lvm-snapshot/lvm-snapshot.ts';
import { readsCoordinates } from '../../src/seed/methods/lvm-snapshot/read-coordinates.ts';
import { preflight } from '../../src/seed/preflight/preflight.ts';
import type { SeedRequest } from '../../src/seed/request.ts';
import { readCoordinates } from '../../src/snapshot/coordinates.ts';
import { printed, stepTools } from '../job/step-tools.ts';
import { request, side, stopped } from './sides.ts';

const snapshotOf = (name: string) => {
  const { lvm } = side(name).report;
  const [volume] = lvm?.ok ? lvm.value.volumes : [];
  if (!volume) throw new Error('no volume was recorded');
  return { ...volume, kind: 'snapshot' as const, volume: 'nightly', tags: ['reseed', 'reseed-proved'], valid: true };
};
/** As take-snapshot.sh wrote them down of a server that was down, and of one that ran. */
const [ofDown, ofRunning] = [
  readCoordinates('locked_ms 0\n'),
  readCoordinates('locked_ms 7\n*** 1\nFile: binlog.9\nPosition: 4\ngtid_executed: a:1-9\n'),
];

function seedOf(
  donor: string,
  target: string,
  coordinates: typeof ofDown,
  more: Partial<SeedRequest> = {},
): SeedRequest {
  const asked = { sources: {}, ...(coordinates && { coordinates }) };
  return request(side(donor), [side(target)], { snapshot: snapshotOf(donor), asked, ...more });
}

const said = (seed: SeedRequest, level: string) =>
  preflight(seed).flatMap((one) => (one.level === level ? [`${one.host}: ${one.text}`] : []));

test('a snapshot that was taken while the server was down does not begin at the GTID of nothing: the started target tells its own', () => {
  expect(lvmSnapshot.start(seedOf('db2', 'db3', ofRunning)).position).toBe('gtid');
  expect(lvmSnapshot.start(seedOf('db2', 'db3', ofDown)).position).toBe('here');
});

test('of such a snapshot the target has to find the binary log that decides its last transactions', () => {
  const places = side('db3').facts.places.filter(({ kind }) => !kind.startsWith('binlog'));
  const of = (coordinates: typeof ofDown) =>
    said({ ...seedOf('db2', 'db3', coordinates), targets: [side('db3', { places })] }, 'refuse').filter((text) =>
      text.includes('binary log'),
    );
  expect(of(ofRunning)).toEqual([]);
  expect(of(ofDown)).toEqual([
    expect.stringMatching(
      /^db3: .*the snapshot nightly, which was taken while its server was down, may hold transactions/,
    ),
  ]);
});

test('a job that was planned to begin by GTID fails where the snapshot has none written down', async () => {
  const step = readsCoordinates.plan({
    host: side('db2').host,
    snapshot: { group: 'vg', volume: 'nightly', uuid: 'u', origin: 'data' },
    needsSource: false,
  });
  const run = async (answer: string) => {
    const { tools } = stepTools({ commands: step.commands, input: step.input, answer: () => printed(answer) });
    return await readsCoordinates.run({ ...tools, step });
  };
  expect(await run('locked_ms 0\n')).toMatchObject({
    ok: false,
    message: expect.stringContaining('its server was down'),
  });
  expect(await run('locked_ms 7\n*** 1\ngtid_executed: a:1-9\n')).toMatchObject({ ok: true });
});

test('a donor that is down is not snapshotted for a seed: it would be followed, and tells nothing of its rows', () => {
  const seed = request(stopped(), [side('db3')], { accountFile: '/root/account' });
  expect(said(seed, 'refuse')).toContain('db2: the server of db2 is down');
  expect(preflight(seed).find(({ text }) => text === 'the server of db2 is down')?.advice).toBe(
    'reseed start db2; or copy its files: --method stopped',
  );
});

test('from an old snapshot of a donor that is down, the target gets the source that the others name, and what the donor can not tell is unknown', () => {
  const snapshot = snapshotOf('db2');
  const seed = request(stopped(), [side('db3')], {
    snapshot,
    accountFile: '/root/account',
    asked: { sources: {}, ...(ofRunning && { coordinates: ofRunning }) },
  });
  expect(said(seed, 'pass').join()).toContain('db3: will replicate from db1');
  expect(said(seed, 'unknown').join()).toContain(
    "tables that are not InnoDB's (a copy has no rows of MEMORY tables): unknown, its server is down",
  );
  expect(said({ ...seed, follow: 'donor' }, 'refuse')).toContain(
    'db3: it would replicate from db2, whose server is down',
  );
});

test('a donor that runs is no source of a copy of its files: it would change them meanwhile', () => {
  const seed = request(side('db2'), [side('db3')], { method: coldCopy });
  expect(said(seed, 'refuse')).toContain('db2: the server of db2 runs');
  expect(preflight(seed).find(({ text }) => text === 'the server of db2 runs')?.advice).toBe(
    'reseed stop db2, or copy a snapshot of it',
  );
});
