import type { Scenario } from './scenario.ts';

export const deadDisk: Scenario = {
  name: 'dead-disk',
  title: 'the disk of the primary is dead',
  story: [
    'Every read and write of the disk of db1 fails. A new disk comes tomorrow; the shop is to take orders tonight.',
    'Make db2 the primary, with everything that any replica received, and let db3 replicate from it.',
  ],
  hosts: ['db1', 'db2', 'db3'],
  minutes: 25,
  breaks: [{ fault: 'disk-errors', on: 'db1' }],
  goal: [
    { is: 'alone', host: 'db2' },
    { is: 'writable', host: 'db2' },
    { is: 'replicates', host: 'db3', from: 'db2' },
    { is: 'equal', host: 'db3', to: 'db2' },
  ],
  hints: [
    'Which replica received more? reseed salvage db2 --from db3 tells, and the other way round; reseed salvage db2 db3 brings it over.',
    'reseed promotes no host. On db2: STOP REPLICA; RESET REPLICA ALL; SET GLOBAL super_read_only = OFF; SET GLOBAL read_only = OFF.',
    'See that nothing writes to db1 any more. Then reseed seed db2 db3 --method binlog --follow donor gives db3 its new source, and keeps its data.',
  ],
};
