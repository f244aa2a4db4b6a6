import type { Scenario } from './scenario.ts';

export const fullDisk: Scenario = {
  name: 'full-disk',
  title: 'the disk of a replica is full, and replication stands still',
  story: [
    'db2 falls behind, and its application cannot write temporary tables. A colleague has copied something there this afternoon, and is on a plane.',
    'Make room without losing data of the server.',
  ],
  hosts: ['db1', 'db2', 'db3'],
  minutes: 10,
  breaks: [{ fault: 'fill-disk', on: 'db2' }],
  goal: [
    { is: 'room', host: 'db2', atMostPercent: 90 },
    { is: 'replicates', host: 'db2', from: 'db1' },
    { is: 'equal', host: 'db2', to: 'db1' },
  ],
  hints: [
    'reseed status db2 says how full its datadir is, and what its error log has.',
    'Log in (reseed drill ssh db2) and look at what is large beside the tables: sudo du -xhd1 on the mount of the datadir.',
    'A file of no table lies at the top of that mount: drill-fill. Nothing has it open.',
  ],
};
