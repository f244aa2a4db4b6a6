// How the end of a command of the inventory is reported.
import { describe, expect, test } from 'vitest';
import { awaitCommand } from '../../src/custom/await-command.ts';
import { exited, printed, stepTools } from '../job/step-tools.ts';

const { commands, input } = awaitCommand.plan({
  host: 'db2',
  job: 'cafe',
  name: 'pin',
  line: 'pin',
  words: [],
  seconds: 90,
});

const report = (state: string, log = '', progress = '') =>
  printed(`${state}\n${progress}\n${Buffer.from(log).toString('base64')}`);

function awaited(...answers: readonly ReturnType<typeof report>[]) {
  const left = [...answers];
  const ran: string[] = [];
  const { tools, notes, progress } = stepTools({
    commands,
    input,
    answer: (key) => {
      ran.push(key);
      return key === 'poll' ? (left.shift() ?? exited(1, 'no more')) : printed('');
    },
  });
  return { end: awaitCommand.run(tools), notes, progress, ran };
}

describe('a command of the inventory', () => {
  test('that ends with 0 is done; each line of its output is in the log once, cleaned', async () => {
    const { end, notes, progress, ran } = awaited(
      report('running', 'one\ntw'),
      report('running', 'one\ntwo\u001b]0;title\u0007\n'),
      report('ended 0', 'one\ntwo\u001b]0;title\u0007\nthree\u0008'),
    );
    expect(await end).toEqual({ ok: true });
    // The unit stays: a runner that dies now would find no end of it.
    expect(new Set(ran)).toEqual(new Set(['poll']));
    expect(notes).toEqual(['| one', '| two', '| three\ufffd']);
    expect(progress.at(-1)).toBe('three\ufffd');
  });

  test.each([
    ['ended 7', '', 'pin ended with 7 on db2: no such table'],
    ['ended 124', 'late', 'pin did not end within 1 min on db2, and was ended: no such table'],
    ['ended 124', '', 'pin ended with 124 on db2: no such table'],
    [
      'ended 75',
      'again',
      'db2 was restarted after pin was started: whether it ended is not known, and it is not started again',
    ],
    ['died', '', 'pin was ended on db2 from outside'],
    [
      'absent',
      '',
      'db2 was restarted after pin was started: whether it ended is not known, and it is not started again',
    ],
  ])('that is %s (%s) failed, and it says why', async (state, progress, message) => {
    expect(await awaited(report(state, 'begins\nno such table\n', progress)).end).toMatchObject({ ok: false, message });
  });
});
