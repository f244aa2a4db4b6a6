import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFleetStore, folded } from '../../src/fleet/store.ts';
import { discoveryText } from '../../src/fleet/topology/discovery.ts';
import type { AttachedReplica, HostReport } from '../../src/host/facts.ts';
import type { Inventory } from '../../src/inventory/settings.ts';
import { hostNamed, inventoryFrom, pictureOf, practiceInventory, recorded } from './pictures.ts';

const without = (inventory: Inventory, ...names: string[]): Inventory => ({
  ...inventory,
  hosts: inventory.hosts.filter(({ name }) => !names.includes(name)),
});

/** The recorded report of a host that has these replicas instead. */
function withReplicas(host: string, replicas: readonly AttachedReplica[]): HostReport {
  const report = recorded('up').reports.get(host) ?? {};
  return { ...report, replication: { ok: true, value: { channels: [], replicas } } };
}

test('roles, sources and replicas of the practice fleet', () => {
  const { hosts, discovered } = pictureOf('up');
  expect(hosts.map(({ host, role, sources, replicas }) => [host.name, role, sources, replicas])).toEqual([
    ['db1', 'primary', [], ['db2', 'db3']],
    ['db2', 'replica', ['db1'], []],
    ['db3', 'replica', ['db1'], []],
    ['db4', 'primary', [], ['db5']],
    ['db5', 'replica', ['db4'], []],
    ['db6', 'unknown', [], []],
  ]);
  expect(discovered).toEqual([]);
});

test('a source is one by what its replicas say, though none is attached just now', () => {
  const { atMs } = recorded('up');
  const detached = withReplicas('db1', []);
  const picture = folded(pictureOf('up'), [{ kind: 'report', host: 'db1', report: detached, atMs }]);
  expect(hostNamed(picture, 'db1').role).toBe('primary');
});

test('a primary whose only replica is down is not called alone; where all of its cluster told their source, it is', () => {
  const { atMs } = recorded('up');
  const down = (host: string): HostReport =>
    ({ ...recorded('up').reports.get(host), server: undefined, replication: undefined }) as never;
  const crm = {
    ...practiceInventory(),
    hosts: practiceInventory().hosts.filter(({ name }) => ['db4', 'db5'].includes(name)),
  };
  const seen = (reports: Readonly<Record<string, HostReport>>) =>
    folded(
      createFleetStore(crm, atMs).getState(),
      Object.entries(reports).map(([host, report]) => ({ kind: 'report', host, report, atMs })),
    );
  expect(hostNamed(seen({ db4: withReplicas('db4', []), db5: down('db5') }), 'db4').role).toBe('unknown');
  expect(hostNamed(seen({ db4: withReplicas('db4', []), db5: withReplicas('db5', []) }), 'db4').role).toBe('alone');
});

describe('a host that replicates from no host, while its cluster has a primary', () => {
  const words = (picture: ReturnType<typeof pictureOf>, name: string) =>
    hostNamed(picture, name).alerts.map(({ text }) => text);
  const lost = 'replicates from no host, and db1 is the primary of its cluster';
  const { atMs } = recorded('up');
  const alone = (host: string, readOnly: boolean): HostReport => {
    const report = withReplicas(host, []);
    const server = report.server?.ok ? { ...report.server, value: { ...report.server.value, readOnly } } : undefined;
    return { ...report, ...(server && { server }) };
  };
  /** Of the fleet without what was seen of db3 before. */
  const firstSeen = (report: HostReport) => {
    const others = [...recorded('up').reports].filter(([host]) => host !== 'db3');
    const events = [...others, ['db3', report] as const].map(([host, one]) => ({
      ...{ kind: 'report' as const, host, report: one, atMs },
    }));
    return folded(createFleetStore(practiceInventory(), atMs).getState(), events);
  };

  test('has an alert, after RESET REPLICA ALL too, and none once it replicates again', () => {
    const reset = folded(pictureOf('up'), [{ kind: 'report', host: 'db3', report: alone('db3', false), atMs }]);
    expect(words(reset, 'db3')).toContain(lost);
    expect(words(reset, 'db2')).not.toContain(lost);
    const again = recorded('up').reports.get('db3') ?? {};
    expect(words(folded(reset, [{ kind: 'report', host: 'db3', report: again, atMs }]), 'db3')).not.toContain(lost);
  });

  test('has an alert where it is read-only, and none where it is a server of its own that takes writes', () => {
    expect(words(firstSeen(alone('db3', true)), 'db3')).toContain(lost);
    expect(words(firstSeen(alone('db3', false)), 'db3')).not.toContain(lost);
  });
});

describe('a server that the inventory does not have', () => {
  test('a replica is shown, with the lines that add it', () => {
    const { discovered } = pictureOf('up', without(practiceInventory(), 'db3'));
    expect(discovered).toHaveLength(1);
    expect(discovered.map(discoveryText)).toEqual(['db3, replica of db1, not in hosts.yaml']);
    expect(discovered[0]?.yaml).toBe('  db3:\n    cluster: shop\n    ssh: { host: db3 }');
  });

  test('a source that several replicas name is shown once', () => {
    const { discovered } = pictureOf('up', without(practiceInventory(), 'db1'));
    expect(discovered.map(discoveryText)).toEqual(['10.77.0.11, source of db2, not in hosts.yaml']);
    expect(discovered[0]?.yaml).toBe('  10.77.0.11:\n    cluster: shop\n    ssh: { host: 10.77.0.11 }');
  });

  test('the lines to add are read as they are meant, whatever a replica reports as its name', () => {
    const { atMs } = recorded('up');
    const text = fc.oneof(
      fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 20 }),
      fc.constantFrom('__proto__', 'constructor', '-x', 'true', '1e3', '..', 'db1'),
    );
    const port = fc.integer({ min: 1, max: 65_535 });
    fc.assert(
      fc.property(text, port, (host, replicaPort) => {
        const inventory = without(practiceInventory(), 'db2', 'db3');
        const report = withReplicas('db1', [{ host, port: replicaPort }]);
        const picture = folded(createFleetStore(inventory, atMs).getState(), [
          { kind: 'report', host: 'db1', report, atMs },
        ]);
        for (const { yaml } of picture.discovered) {
          // An address with a blank is invalid: the inventory reports that itself when it is added.
          if (!/^[\w.:]+$/.test(host)) continue;
          expect(inventoryFrom(`clusters: { shop: {} }\nhosts:\n${yaml}`).hosts).toHaveLength(1);
        }
      }),
    );
  });

  test('a loopback address is a tunnel, and nothing to add', () => {
    const { atMs } = recorded('up');
    const report = withReplicas('db1', [
      { host: '127.0.0.1', port: 3306 },
      { host: '', serverId: 99 },
    ]);
    const picture = folded(createFleetStore(practiceInventory(), atMs).getState(), [
      { kind: 'report', host: 'db1', report, atMs },
    ]);
    expect(picture.discovered).toEqual([]);
  });
});

describe('a server is recognised', () => {
  const { atMs } = recorded('up');
  const replicasOfDb1 = (replica: AttachedReplica) => {
    const picture = folded(pictureOf('up'), [
      { kind: 'report', host: 'db1', report: withReplicas('db1', [replica]), atMs },
      // So that it is found by db1's report, and not by the replicas.
      ...['db2', 'db3'].map((host) => ({ kind: 'report', host, report: withReplicas(host, []), atMs }) as const),
    ]);
    return [...hostNamed(picture, 'db1').replicas, ...picture.discovered.map(({ host }) => `new ${host}`)];
  };

  test.each<[string, AttachedReplica, string[]]>([
    ['by its uuid, from another address', { host: '192.168.9.9', uuid: uuidOf('db3') }, ['db3']],
    ['by its address', { host: '10.77.0.12', port: 3306 }, ['db2']],
    ['by its name, with a domain or without', { host: 'DB2.example.com', port: 3306 }, ['db2']],
    ['by its id, in the same cluster', { host: '192.168.9.9', port: 3306, serverId: 13 }, ['db3']],
    ['not by an id of another cluster', { host: '192.168.9.9', port: 3306, serverId: 15 }, ['new 192.168.9.9']],
    ['not on another port: a second server of that host', { host: '10.77.0.12', port: 3307 }, ['new 10.77.0.12']],
    ['never as itself', { host: '10.77.0.11', port: 3306 }, ['new 10.77.0.11']],
  ])('%s', (_, replica, expected) => {
    expect(replicasOfDb1(replica)).toEqual(expected);
  });
});

function uuidOf(host: string): string {
  const server = recorded('up').reports.get(host)?.server;
  return (server?.ok && server.value.serverUuid) || '';
}
