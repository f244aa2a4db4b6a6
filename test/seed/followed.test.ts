// Two servers on one machine have one address: port and server_uuid tell which of them a channel replicates from.

import { describe, expect, test } from 'vitest';
import type { HostReport } from '../../src/host/facts.ts';
import { lvmSnapshot } from '../../src/seed/methods/lvm-snapshot/lvm-snapshot.ts';
import { hostAt, whomToFollow } from '../../src/seed/replica/source/followed.ts';
import { side } from './sides.ts';

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
