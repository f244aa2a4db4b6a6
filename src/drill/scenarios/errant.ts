import type { Scenario } from './scenario.ts';

export const errant: Scenario = {
  name: 'errant',
  title: 'a replica has transactions that its primary never had',
  story: [
    'A developer says that a statement of hers "went to the wrong host, but it is fine, everything still works". Tomorrow db3 is to become the primary.',
    'Make db3 a replica that can be promoted without surprises. Her rows are not needed.',
  ],
  hosts: ['db1', 'db2', 'db3'],
  minutes: 15,
  breaks: [{ fault: 'errant', on: 'db3' }],
  goal: [
    { is: 'replicates', host: 'db3', from: 'db1' },
    { is: 'no errant', host: 'db3', to: 'db1' },
    { is: 'equal', host: 'db3', to: 'db1' },
  ],
  hints: [
    'Compare gtid_executed of db3 with that of db1: GTID_SUBTRACT tells what is too much.',
    'reseed salvage db3 --from db1 lists these transactions with their statements.',
    'An empty transaction of the same GTID on db1 would hide them, and db3 would still have their rows. A seed leaves neither: reseed seed db1 db3.',
  ],
};
