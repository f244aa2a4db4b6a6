// A donor that is reached by ssh at another address than its replicas use: an alias of ssh, or a network for administration.
import { describe, expect, test } from 'vitest';
import type { ReplicationChannel } from '../../../src/host/facts.ts';
import { byClone } from '../../../src/seed/methods/clone/clone.ts';
import { planSeed } from '../../../src/seed/plan-seed.ts';
import { preflight } from '../../../src/seed/preflight/preflight.ts';
import { replicaPlan } from '../../../src/seed/replica/attachment.ts';
import type { OtherHost, SeedRequest, Side } from '../../../src/seed/request.ts';
import { request, side } from '../sides.ts';

const donor = (): Side => {
  const { host, ...rest } = side('db1');
  return { ...rest, host: { ...host, ssh: { ...host.ssh, host: 'admin-db1' } } };
};
/** db2, which replicates from db1 at that address. */
function replica(more: Partial<ReplicationChannel>): OtherHost {
  const { host, report } = side('db2');
  const { replication } = report;
  const { server } = donor().report;
  const [channel] = replication?.ok ? replication.value.channels : [];
  if (!replication?.ok || !channel || !server?.ok) throw new Error('nothing recorded');
  const { serverUuid } = server.value;
  const named = { ...channel, ...(serverUuid && { sourceUuid: serverUuid }), ioThread: 'running' as const, ...more };
  return { host, report: { ...report, replication: { ok: true, value: { ...replication.value, channels: [named] } } } };
}
const asked = (others: readonly OtherHost[], more: Partial<SeedRequest> = {}) =>
  request(donor(), [side('db3')], { others, ...more });
const sourceOf = (others: readonly OtherHost[]) => replicaPlan(asked(others), side('db3'))?.source;

describe('a new replica', () => {
  test('has its donor as source at the address by which the others replicate, not at that of ssh', () => {
    const others = [replica({ sourceHost: '10.1.0.11', sourcePort: 3306 })];
    expect(sourceOf(others)).toMatchObject({ host: '10.1.0.11', port: 3306, known: { name: 'db1' } });
  });

  test('has it at the address of ssh where none is connected, or where they are those of another server', () => {
    for (const more of [{ ioThread: 'stopped' as const }, { sourceUuid: 'another' }]) {
      const plan = replicaPlan(
        asked([replica({ sourceHost: '10.1.0.11', ...more })], { accountFile: '/root/account' }),
        side('db3'),
      );
      expect(plan?.source.host).toBe('admin-db1');
    }
  });

  test('is never made a replica of itself: an address of a tunnel, or of the donor to its own machine, is another server there', () => {
    const addressOf = (others: readonly OtherHost[]) =>
      replicaPlan(asked(others, { accountFile: '/root/account' }), side('db3'))?.source.host;
    const own = side('db3').host.ssh.host;
    for (const sourceHost of [
      '127.0.0.1',
      '127.0.1.1',
      '::1',
      '::ffff:127.0.0.1',
      'localhost',
      'Localhost.localdomain',
      own,
    ]) {
      const others = [replica({ sourceHost, sourcePort: 3306 }), { host: side('db3').host, report: {} }];
      expect(addressOf(others)).toBe('admin-db1');
    }
    const { host, report } = replica({ sourceHost: 'db1-inside', sourcePort: 3306 });
    const beside = { host: { ...host, ssh: { ...host.ssh, host: 'admin-db1' } }, report };
    expect(addressOf([beside])).toBe('admin-db1');
    expect(addressOf([replica({ sourceHost: '10.1.0.11', sourcePort: 3306 }), beside])).toBe('10.1.0.11');
    const wanted = asked([replica({ sourceHost: '127.0.0.1', sourcePort: 3306 })], { method: byClone });
    expect(JSON.stringify(planSeed(wanted, preflight(wanted)))).not.toContain('"host=127.0.0.1"');
  });

  test('clones from that address too', () => {
    const wanted = asked([replica({ sourceHost: '10.1.0.11', sourcePort: 3306 })], { method: byClone });
    const planned = planSeed(wanted, preflight(wanted));
    expect(JSON.stringify(planned)).toContain('"host=10.1.0.11"');
    expect(JSON.stringify(planned)).not.toContain('"host=admin-db1"');
  });
});
