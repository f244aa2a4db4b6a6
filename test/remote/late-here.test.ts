// This process is not scheduled for long, and the host ends a command by its own limit meanwhile.
import { expect, test } from 'vitest';
import { openRemotes } from '../../src/remote/open.ts';

/** Nothing is read and no timer runs until then, as on a jump host under load. */
const standStill = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

const target = { name: 'db1', host: 'db1', transport: 'local', sudo: false } as const;

test('a command that the host ended by our own limit is told as one that gave no answer, and nobody looks for who killed it', async () => {
  const remotes = openRemotes({ environment: { PATH: process.env.PATH } });
  const remote = remotes.open(target);
  const answer = remote.exec('echo begun; sleep 60', [], { deadlineMs: 1000 });
  // The limit on the host is 2 s more than the deadline; the deadline itself does not count while this stands still.
  setTimeout(() => standStill(5000), 300);
  expect(await answer).toMatchObject({
    kind: 'timeout',
    message: expect.stringMatching(/^db1 gave no answer within 3 s/),
    advice: 'it was ended on the host',
  });
  await remotes.close();
});

test('a command that is killed before its limit was killed by someone else, and that is said', async () => {
  const remotes = openRemotes({ environment: { PATH: process.env.PATH } });
  const answer = await remotes.open(target).exec('kill -KILL 0', [], { deadlineMs: 60_000 });
  expect(answer).toMatchObject({ kind: 'exit', message: expect.stringContaining('ended from outside (SIGKILL)') });
  await remotes.close();
});
