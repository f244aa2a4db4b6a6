// What an operator can do in a replay of a recording, besides looking: the entries for list.ts.
import type { Available, Command } from './list.ts';

const inReplay = {
  changes: false,
  dangerous: false,
  where: 'everywhere',
  available: (): Available => true,
} as const;

export const listedReplay = [
  {
    ...inReplay,
    name: 'replay.pause',
    keys: ['space'],
    help: 'hold the recording, or play it on',
    footer: 'pause',
  },
  {
    ...inReplay,
    name: 'replay.forward',
    keys: [']'],
    help: '10 seconds on in the recording',
    footer: '10 s',
    footerKeys: '[ ]',
  },
  { ...inReplay, name: 'replay.back', keys: ['['], help: '10 seconds back in the recording' },
  {
    ...inReplay,
    name: 'replay.nextChange',
    keys: ['.'],
    help: 'to what happened next: a state, a role, a job, a step, an alert',
    footer: 'change',
    footerKeys: ', .',
  },
  { ...inReplay, name: 'replay.previousChange', keys: [','], help: 'to what happened before' },
  {
    ...inReplay,
    name: 'replay.nextAlert',
    keys: ['>'],
    help: 'to the next alert of a host, or job in trouble',
    footer: 'alert',
    footerKeys: '< >',
  },
  { ...inReplay, name: 'replay.previousAlert', keys: ['<'], help: 'to the alert before' },
  { ...inReplay, name: 'replay.begin', keys: ['{'], help: 'to the begin of the recording' },
  { ...inReplay, name: 'replay.end', keys: ['}'], help: 'to the end of the recording' },
  {
    ...inReplay,
    name: 'replay.goTo',
    keys: ['@'],
    help: 'to a time that you type: 14:03, 14:03:20, +5min, -30s',
    footer: 'time',
  },
  {
    ...inReplay,
    name: 'replay.faster',
    keys: ['+', '='],
    help: 'faster, up to 300 seconds in one',
    footer: 'speed',
    footerKeys: '- +',
  },
  { ...inReplay, name: 'replay.slower', keys: ['-'], help: 'slower, down to half a second in one' },
] as const satisfies readonly Command[];
