import { describe, expect, test } from 'vitest';
import { coldCopy } from '../../src/seed/methods/cold-copy/cold-copy.ts';
import { engineChecks, memorySentences, targetEngineChecks } from '../../src/seed/preflight/data/engine-checks.ts';
import type { Finding } from '../../src/seed/preflight/finding.ts';
import { channelLossChecks, channelSentences } from '../../src/seed/preflight/replication/channel-loss.ts';
import { request, side } from './sides.ts';

const told = (findings: readonly Finding[]) => findings.map(({ level, text }) => `${level} ${text}`);

describe('tables of a donor that a copy does not bring as they are', () => {
  const odd = side('db2', { foreignEngines: ['MEMORY 1 odd.mem', 'MyISAM 4 a.b, a.c, a.d', 'FEDERATED 1 far.t'] });

  test('MEMORY tables arrive without rows: the plan says so, and the name of the target has to be typed', () => {
    expect(told(engineChecks(request(odd, [side('db3')])))[0]).toBe(
      'warn 1 MEMORY table (odd.mem): a copy has none of their rows, and replication breaks at the first that it misses',
    );
    expect(memorySentences({ donor: odd, targets: [side('db3')] })).toEqual([
      'db3 will have 1 MEMORY table (odd.mem) of db2 without rows: load them again on the primary after the seed',
    ]);
    expect(memorySentences({ donor: side('db2'), targets: [side('db3')] })).toEqual([]);
  });

  test('rows that lie on another server are not copied, and other engines have no crash recovery', () => {
    expect(told(engineChecks(request(odd, [side('db3')]))).slice(1)).toEqual([
      'warn 4 MyISAM tables (a.b, a.c, a.d, …): the lock makes them consistent, no crash recovery does',
      'warn 1 FEDERATED table (far.t): rows that lie elsewhere are not copied',
    ]);
  });

  test('of a server that is down they are not known', () => {
    const [finding] = engineChecks(request(side('db2'), [side('db3')], { method: coldCopy }));
    expect(finding).toMatchObject({ level: 'unknown', text: expect.stringContaining('its server is down') });
  });
});

describe('a target whose server has not the storage engine of a table', () => {
  const donor = side('db2', { foreignEngines: ['ARCHIVE 2 odd.arch, odd.more'] });
  const engines = ['InnoDB', 'MyISAM', 'MEMORY'];

  test('is refused before the copy, with the table', () => {
    const [finding, ...more] = targetEngineChecks(donor, side('db3', { engines }));
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      level: 'refuse',
      text: 'its server has no storage engine ARCHIVE, and db2 has 2 ARCHIVE tables (odd.arch, odd.more)',
      advice: expect.stringContaining('plugin_load_add'),
    });
    expect(targetEngineChecks(donor, side('db3', { engines: [...engines, 'archive'] }))).toEqual([]);
  });

  test('is ? where its server does not run, unless every server has that engine', () => {
    const silent = side('db3', { engines: [] });
    expect(told(targetEngineChecks(donor, silent))).toEqual([
      'unknown whether its server has the storage engine ARCHIVE: unknown, db2 has 2 ARCHIVE tables (odd.arch, odd.more)',
    ]);
    expect(targetEngineChecks(side('db2', { foreignEngines: ['MyISAM 1 a.b'] }), silent)).toEqual([]);
  });
});

describe('a donor that replicates by a second channel', () => {
  const twoChannels = (name: string) => {
    const { replication } = side(name).report;
    const [channel] = replication?.ok ? replication.value.channels : [];
    if (!replication?.ok || !channel) throw new Error('no channel recorded');
    const { sourceUuid: _, ...rest } = channel;
    const second = { ...rest, name: 'billing', sourceHost: '10.9.9.9', sourcePort: 3310 };
    const value = { ...replication.value, channels: [channel, second] };
    return side(name, {}, { replication: { ok: true, value } });
  };

  test('is reported, and what a target without it will lack is above the prompt', () => {
    const seed = request(twoChannels('db2'), [side('db3')]);
    expect(channelSentences(seed)).toEqual([
      'db3 will not get what db2 gets by channel billing from 10.9.9.9:3310 after the copied data',
    ]);
    expect(told(channelLossChecks(seed))).toEqual([
      'warn it also replicates by channel billing from 10.9.9.9:3310, and a target that does not has none of what comes after the copied data',
    ]);
  });

  test('costs nothing where the target has that channel, or follows the donor itself', () => {
    expect(channelSentences(request(twoChannels('db2'), [twoChannels('db3')]))).toEqual([]);
    expect(channelSentences(request(twoChannels('db2'), [side('db3')], { follow: 'donor' }))).toEqual([]);
    expect(channelSentences(request(side('db2'), [side('db3')]))).toEqual([]);
  });
});
