import { expect, test } from 'vitest';
import { statusLines } from '../../src/commands/drill/status-table.ts';
import { type HostStatus, nothingReported } from '../../src/drill/status.ts';

const db2: HostStatus = {
  host: 'db2',
  cluster: 'shop',
  datacenter: 'ams',
  address: '10.77.0.12',
  machine: 'running',
  ssh: 'ok',
  mysql: 'active',
  version: '9.7.4-2',
  replication: 'replicating',
  lagSeconds: 0,
  ledger: 82,
  volume: '/dev/mapper/vg0-mysql',
  fileSystem: 'ext4',
  datadirUsedPercent: 20,
  memoryBytes: 463e6,
  faults: [],
};
const lines = (...hosts: HostStatus[]) => statusLines(hosts).map((line) => line.replace(/ {2,}/g, ' | '));

test('a host that replicates, in one line', () => {
  expect(lines(db2)[1]).toBe(
    'db2 | shop | ams | running | ✔ | MySQL 9.7.4 | active | replicating | 0 s | 82 | vg0-mysql ext4 | 20 % | 442M',
  );
});

test('a machine that is off has nothing to say; one that runs and does not answer is unknown', () => {
  expect(lines({ ...db2, ...nothingReported, machine: 'off' })[1]).toBe(
    'db2 | shop | ams | off | – | – | – | – | – | – | – | – | –',
  );
  expect(lines({ ...db2, ...nothingReported, ssh: 'no answer' })[1]).toBe(
    'db2 | shop | ams | running | ✖ | ? | ? | ? | – | ? | ? | ? | ?',
  );
});

test('what is too long for a cell is below the table', () => {
  const broken = { ...db2, replication: 'broken: Duplicate entry', faults: [{ name: 'slow', args: ['all', '8mbit'] }] };
  expect(lines(broken).slice(2)).toEqual([
    'db2 | faults made: slow all 8mbit',
    'db2 | replication broken: Duplicate entry',
  ]);
});

test('on 80 columns no line is broken: the least needed columns go', () => {
  const wide = { ...db2, volume: '/dev/mapper/data--vg-srv--mysql', replication: 'not set up' };
  for (const line of statusLines([db2, wide], 80)) expect(line.length).toBeLessThanOrEqual(80);
  expect(statusLines([db2], 80)[0]).toMatch(/^HOST .* MYSQL .* REPLICATION .* LAG/);
  expect(statusLines([db2], 200)).toEqual(statusLines([db2]));
});
