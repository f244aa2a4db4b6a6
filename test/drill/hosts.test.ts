import { expect, test } from 'vitest';
import { drillHosts, replicasOf, requireHostNamed } from '../../src/drill/hosts.ts';

const names = (hosts: readonly { name: string }[]) => hosts.map(({ name }) => name);

test('no two hosts share a name or an address', () => {
  expect(new Set(names(drillHosts)).size).toBe(drillHosts.length);
  expect(new Set(drillHosts.map(({ address }) => address)).size).toBe(drillHosts.length);
});

test('a replica and its source are in one cluster and of one vendor', () => {
  for (const host of drillHosts) {
    if (!host.source) continue;
    for (const source of [host.source.host, host.source.second?.host ?? host.source.host]) {
      const { cluster, server } = requireHostNamed(source);
      expect([cluster, server.vendor]).toEqual([host.cluster, host.server.vendor]);
    }
  }
});

test('the replicas of a primary are those that follow it', () => {
  expect(names(replicasOf('db1'))).toEqual(['db2', 'db3', 'db7', 'db8']);
  expect(names(replicasOf('db4'))).toEqual(['db5', 'db9', 'db10']);
  expect(replicasOf('db6')).toEqual([]);
});

test('an unknown host is answered with those there are', () => {
  expect(() => requireHostNamed('db70')).toThrow("there is no practice host 'db70'");
});
