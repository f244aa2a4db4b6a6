// Answers of db2 when it changed its source by itself (asynchronous connection failover): its lists are tables of
// mysql, and a seed replaces them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keptChecks } from '../../../src/seed/preflight/replication/kept-checks.ts';
import { attachWords } from '../../../src/seed/replica/change-words.ts';
import { type Kept, keptText, keptTexts, readKept } from '../../../src/seed/replica/kept/kept.ts';
import { keptWords } from '../../../src/seed/replica/words.ts';
import { request, side } from '../sides.ts';

const told = readFileSync(join(import.meta.dirname, '../../fixtures/mysql-9.7/kept-failover.txt'), 'utf8');
function kept(from = told): Kept {
  const read = readKept(from);
  if (read === undefined || typeof read === 'string') throw new Error(`not read: ${read}`);
  return read;
}
const words = (one: Kept | undefined, version = '9.7.4') =>
  attachWords({ vendor: 'mysql', version, position: 'gtid', tls: true, logBin: true, ...(one && { kept: one }) });
const check = (one: Kept, gtidMode = 'ON') => {
  const donor = side('db2');
  const { server } = donor.report;
  const without = server?.ok
    ? { server: { ok: true as const, value: { ...server.value, gtid: gtidMode === 'ON' } } }
    : {};
  const asked = { sources: {}, replicas: { db3: one } };
  return keptChecks(
    request({ ...donor, report: { ...donor.report, ...without } }, [side('db3')], { asked }),
    side('db3'),
  );
};
const withoutLists = told.slice(0, told.indexOf('answer\nfailover'));

test('a replica that changes its source by itself does so after its seed: it had the lists of the donor, and was told to change no more', () => {
  expect(keptText(kept())).toBe(
    'calls again every 2 s, times 3, connection failover, fails over to 10.77.0.11:3306 (weight 60), fails over to 10.77.0.13:3306 (weight 50), fails over to the group aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee by 10.77.0.99:3306 (weights 80, 60)',
  );
  const said = words(kept());
  expect(said).toContain('SOURCE_CONNECTION_AUTO_FAILOVER = 1,');
  expect(said).toMatch(
    / SELECT asynchronous_connection_failover_add_source\(\{channelfo\}, \{hostfo\}, 3306, \{spacefo\}, 60\); SELECT asynchronous_connection_failover_add_source\(\{channelfox\}, \{hostfox\}, 3306, \{spacefox\}, 50\); SELECT asynchronous_connection_failover_add_managed\(\{channelfoxx\}, \{typefoxx\}, \{groupfoxx\}, \{hostfoxx\}, 3306, \{spacefoxx\}, 80, 60\);$/,
  );
  // A list refuses an entry that it already has: 3200.
  expect(said).toMatch(/^STOP REPLICA; RESET REPLICA ALL; SELECT asynchronous_connection_failover_reset\(\);/);
  expect(keptTexts(kept())).toMatchObject({
    channelfo: '',
    hostfo: '10.77.0.11',
    hostfox: '10.77.0.13',
    typefoxx: 'GroupReplication',
    groupfoxx: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
  });
  expect(check(kept())).toMatchObject([{ level: 'pass', text: expect.stringContaining('connection failover') }]);
});

test('the lists of the donor do not stay on a target that had none', () => {
  expect(words(undefined)).toContain('SELECT asynchronous_connection_failover_reset();');
  expect(words(undefined, '8.0.26')).not.toContain('failover');
});

test('the list of a further channel is that channel’s again', () => {
  const standby = kept(told.replace('\n\t10.77.0.13\t3306\t\t50', '\nstandby\t10.77.0.13\t3306\t\t50'));
  expect(keptText(standby)).toContain('channel standby fails over to 10.77.0.13:3306 (weight 50)');
  expect(keptTexts(standby)).toMatchObject({ channelfox: 'standby' });
});

test('a group without a member, or a port that is no number, is refused: it can not be made again for certain', () => {
  const empty = kept(told.replace(/\t10\.77\.0\.99.*\n/, ''));
  expect(check(empty)[0]).toMatchObject({
    level: 'refuse',
    text: expect.stringContaining(
      "fails over to the group aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee: that can't be made again",
    ),
  });
  expect(check(kept(told.replace('10.77.0.13\t3306', '10.77.0.13\t3306)')))[0]).toMatchObject({ level: 'refuse' });
});

test('a MySQL before 8.0.27, whose lists can not be emptied, does not change its source by those of the donor', () => {
  expect(keptWords({ vendor: 'mysql', version: '8.0.27' })).toContain('replication_asynchronous_connection_failover');
  expect(keptWords({ vendor: 'mysql', version: '8.0.26' })).not.toContain('failover');
  const older = kept(withoutLists);
  expect(words(older, '8.0.26')).not.toContain('FAILOVER');
  expect(check(older)[0]).toMatchObject({
    level: 'warn',
    text: expect.stringContaining('and will not after the seed'),
  });
});

test('by file and position no server changes its source by itself: it is refused before the copy', () => {
  expect(check(kept(), 'OFF')[0]).toMatchObject({
    level: 'refuse',
    text: expect.stringContaining('would replicate by file and position'),
  });
});
