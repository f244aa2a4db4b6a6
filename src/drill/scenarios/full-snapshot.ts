import type { Scenario } from './scenario.ts';

export const fullSnapshot: Scenario = {
  name: 'full-snapshot',
  title: 'the snapshot that was to be the way back has overflown',
  story: [
    'At midnight a snapshot of db2 was taken before a migration. The migration went wrong at the application, and now they want that snapshot.',
    'Find out whether it can be used. Leave db2 with one that can, and without one that cannot.',
  ],
  hosts: ['db1', 'db2', 'db3'],
  minutes: 10,
  breaks: [{ fault: 'fill-snapshot', on: 'db2' }],
  goal: [
    { is: 'snapshot', host: 'db2' },
    { is: 'replicates', host: 'db2', from: 'db1' },
  ],
  hints: [
    'reseed snapshot list shows each snapshot, who made it, and whether it is valid.',
    'What an overflown classic snapshot held is lost for good. reseed snapshot create db2 takes a new one.',
    'reseed removes only its own. Of another program: reseed drill ssh db2, then sudo lvs and sudo lvremove.',
  ],
};
