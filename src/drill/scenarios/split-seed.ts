import type { Scenario } from './scenario.ts';

export const splitSeed: Scenario = {
  name: 'split-seed',
  title: 'the network is split in the middle of a seed',
  story: [
    'db3 does not start: its pages are damaged. While it is rebuilt, the network team works on its switch. They promise "a minute at most".',
    'Rebuild db3. Do not lose your nerve, nor the copy.',
  ],
  hosts: ['db1', 'db2', 'db3'],
  minutes: 20,
  breaks: [
    { fault: 'corrupt-datadir', on: 'db3' },
    { fault: 'cut-seed', on: 'db3', args: ['all', '60'] },
  ],
  goal: [
    { is: 'replicates', host: 'db3', from: 'db1' },
    { is: 'equal', host: 'db3', to: 'db1' },
  ],
  hints: [
    'The job says which host is away, since when, and for how long it is tried again: look before you act.',
    'A job that waits for a host goes on by itself once it answers. An abort would throw away what was copied.',
    'If the job has failed meanwhile, seed again: the network was split once, and is whole now.',
  ],
};
