import type { Scenario } from './scenario.ts';

export const twoOperators: Scenario = {
  name: 'two-operators',
  title: 'two operators repair the same host',
  story: [
    'db3 is broken. You are called, and so was a colleague on another jump host, who does not answer the phone.',
    'See to it that db3 comes back, by your work or by theirs.',
  ],
  hosts: ['db1', 'db2', 'db3'],
  minutes: 20,
  breaks: [
    { fault: 'corrupt-datadir', on: 'db3' },
    { operator: ['seed', 'db1', 'db3', '--limit', '1M', '--yes=db3', '--detach'] },
  ],
  goal: [
    { is: 'operator done' },
    { is: 'replicates', host: 'db3', from: 'db1' },
    { is: 'equal', host: 'db3', to: 'db1' },
  ],
  hints: [
    'Plan a seed of db3, and read why it is refused: reseed seed db2 db3 --dry-run.',
    'The lock of db3 names the job, the operator and the jump host. A lock is not an error: look whether that job lives.',
    'It does, and its copy is only slow. reseed unlock would take the host away under it: wait until it is done.',
  ],
};
