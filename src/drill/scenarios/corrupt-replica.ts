import type { Scenario } from './scenario.ts';

export const corruptReplica: Scenario = {
  name: 'corrupt-replica',
  title: 'the server of a replica does not start any more',
  story: [
    'Monitoring says that db3 takes no connections. Last night its disk controller was replaced.',
    'Give it back to the cluster, with the right data.',
  ],
  hosts: ['db1', 'db2', 'db3'],
  minutes: 15,
  breaks: [{ fault: 'corrupt-datadir', on: 'db3' }],
  goal: [
    { is: 'up', host: 'db3' },
    { is: 'replicates', host: 'db3', from: 'db1' },
    { is: 'equal', host: 'db3', to: 'db1' },
  ],
  hints: [
    'Look at the last lines of its error log: reseed log db3.',
    'Pages of InnoDB are damaged: no restart mends them, and its old data is not worth copying.',
    'reseed methods db1 db3 says how it can get the data of another host; reseed seed db2 db3 spares the primary.',
  ],
};
