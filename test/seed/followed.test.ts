// Two servers on one machine have one address: port and server_uuid tell which of them a channel replicates from.

import { describe, expect, test } from 'vitest';
import type { HostReport } from '../../src/host/facts.ts';
import { lvmSnapshot } from '../../src/seed/methods/lvm-snapshot/lvm-snapshot.ts';
import { kinSentences } from '../../src/seed/preflight/identity/kin-checks.ts';
import { preflight } from '../../src/seed/preflight/preflight.ts';
import { hostAt, whomToFollow } from '../../src/seed/replica/source/followed.ts';
import { request, side } from './sides.ts';

const machine = '10.77.0.11';
const first = serverOn('db1', 3306, 'aaaa');
const second = serverOn('db2', 3307, 'bbbb');

function serverOn(name: string, port: number, serverUuid: string) {
  const one = side(name);
  const { server } = one.report;
  if (!server?.ok) throw new Error(`${name} was not up`);
  const report: HostReport = { ...one.report, server: { ok: true, value: { ...server.value, port, serverUuid } } };
  return { ...one, host: { ...one.host, ssh: { ...one.host.ssh, host: machine } }, report };
}

describe('of two servers on one machine', () => {
  const both = [first, second];

  test('the source is the one at that port, not the first of the address', () => {
    expect(hostAt({ host: machine, port: 3307 }, both)?.name).toBe('db2');
    expect(hostAt({ host: machine, port: 3306 }, both)?.name).toBe('db1');
  });

  test('the source is the one with that server_uuid, at whatever address and port', () => {
    expect(hostAt({ host: machine, port: 3306, sourceUuid: 'bbbb' }, both)?.name).toBe('db2');
    expect(hostAt({ host: '192.0.2.7', port: 6033, sourceUuid: 'aaaa' }, both)?.name).toBe('db1');
  });

  test('neither is the source at a third port, and none is guessed where both ports are unknown', () => {
    expect(hostAt({ host: machine, port: 3310 }, both)).toBeUndefined();
    const down = both.map(({ report: { server, config, ...report }, ...one }) => ({ ...one, report }));
    expect(hostAt({ host: machine, port: 3306 }, down)).toBeUndefined();
    expect(hostAt({ host: machine, port: 3306 }, down.slice(0, 1))?.name).toBe('db1');
  });

  test('a target beside its source does not count as its own source', () => {
    const donor = side('db3');
    const { replication } = donor.report;
    if (!replication?.ok) throw new Error('db3 was no replica');
    const channels = replication.value.channels.map(({ sourceUuid, ...channel }) => ({
      ...channel,
      sourceHost: machine,
      sourcePort: 3306,
    }));
    const report = { ...donor.report, replication: { ok: true, value: { ...replication.value, channels } } } as const;
    const followed = whomToFollow(
      { donor: { ...donor, report }, others: [first, second], method: lvmSnapshot },
      second,
      'mysql',
    );
    expect(followed).toMatchObject({ ok: true, follow: 'source', source: { known: { name: 'db1' } } });
  });
});

describe('a donor of which nothing says that it belongs to the target', () => {
  const apart = (cluster: string | undefined, name = 'db3') => {
    const { report, host, ...rest } = side(name);
    const { cluster: _, ...bare } = host;
    return {
      ...rest,
      report: { ...report, replication: { ok: false as const, why: 'down' } },
      host: { ...bare, ...(cluster !== undefined && { cluster }) },
    };
  };
  const asked = (given: ReturnType<typeof apart>, taken: ReturnType<typeof apart>) => ({
    ...request(given, [taken], { method: lvmSnapshot }),
    others: [],
  });

  test('is warned of, and agreed to: two hosts without a cluster are not of one', () => {
    const none = asked(apart(undefined, 'db2'), apart(undefined));
    expect(preflight(none).map(({ text }) => text)).toContain(
      'db2 has no cluster in the inventory: whether db3 ever had the data of db2 is not known',
    );
    expect(kinSentences(none)).toHaveLength(1);
    expect(kinSentences(asked(apart('shop', 'db2'), apart('crm')))).toEqual([
      'db2 is of cluster shop, and db3 of crm; it will have the rows of db2, and replicate',
    ]);
  });

  test('is none where they are of one cluster, or replicate from one another', () => {
    expect(kinSentences(asked(apart('shop', 'db2'), apart('shop')))).toEqual([]);
    expect(kinSentences(request(side('db2'), [side('db3')], { method: lvmSnapshot }))).toEqual([]);
  });
});
