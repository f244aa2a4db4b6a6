import type { Scenario } from './scenario.ts';

export const wrongSource: Scenario = {
  name: 'wrong-source',
  title: 'a replica replicates from the wrong host',
  story: [
    'After a maintenance all replicas are green. But when db2 is restarted, alerts come for db3 as well, and its lag is always that of db2.',
    'Bring the topology into order: both are to replicate from the primary.',
  ],
  hosts: ['db1', 'db2', 'db3'],
  minutes: 10,
  breaks: [{ fault: 'wrong-source', on: 'db3', args: ['db2'] }],
  goal: [
    { is: 'replicates', host: 'db2', from: 'db1' },
    { is: 'replicates', host: 'db3', from: 'db1' },
    { is: 'equal', host: 'db3', to: 'db1' },
  ],
  hints: [
    'ctrl+t on the Fleet screen shows who replicates from whom.',
    'db3 replicates from db2. Its data is right, so nothing has to be copied.',
    'reseed seed db1 db3 --method binlog gives it its source again, and keeps its data.',
  ],
};
