// What a job says of a hook on its runner's machine that gave no answer.
import { expect, test } from 'vitest';
import { runHookHere } from '../../src/hooks/run-here.ts';
import { exited, stepTools } from '../job/step-tools.ts';

const facts = {
  hook: { name: 'drain', at: 'before-stop', for: ['db3'], on: 'jump' },
  operator: { account: 'ops', sudoUser: null, jumpHost: 'jump1', from: null },
  hosts: [],
  donor: null,
  targets: [],
  method: null,
  snapshot: null,
  dataBytes: null,
};
const step = runHookHere.plan({
  ...{ name: 'hook drain', title: 'hook drain', lane: undefined, words: ['/opt/drain'], mark: '/tmp/mark' },
  sums: [],
  input: { facts, refuses: true, again: false, seconds: 60 },
});

test.each([
  ['a deadline of our own that passed', 'timeout', 'how the hook drain ended is not known: '],
  ['a script that could not begin', 'exit', 'the hook drain could not be run: '],
] as const)('%s says no more than it knows', async (_, kind, words) => {
  const failure = exited(70, 'no folder can be made');
  const { tools } = stepTools({
    commands: step.commands,
    input: step.input,
    answer: () => (kind === 'exit' ? failure : { ...failure, kind, deadlineMs: 90_000 }),
  });
  const record = () => ({ id: 1, key: 'cafe', plan: { kind: 'stop', title: '', steps: [] }, steps: [] }) as never;
  expect(await runHookHere.run({ ...tools, step, record })).toMatchObject({
    ok: false,
    message: expect.stringMatching(new RegExp(`^${words}`)),
  });
});
