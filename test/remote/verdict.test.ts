// The message about a command that did not come to its end.
import { expect, test } from 'vitest';
import { saidBefore, verdictOn } from '../../src/remote/call/verdict.ts';

const opening = { header: Buffer.alloc(0), mark: 'c76a', loginMark: 'c76a-login' };
const said = (noise: string, begun: boolean) => saidBefore({ opening, begun, noise: Buffer.from(noise) });

test('a command that is aborted is not told with the mark that we put into its output, nor with the banner of the host', () => {
  expect(said('Welcome to db2\nc76a-login\n', true)).toBe('');
});

test('what a host printed in place of the command is quoted, without our mark', () => {
  expect(said('Welcome to db2\nc76a-login\nyour password has expired\n', false)).toBe(
    'Welcome to db2\nyour password has expired\n',
  );
});

test('an answer whose connection was lost is not whole, though its status had come by the other output', () => {
  const heard = { opening, begun: true, noise: Buffer.from(''), stderr: Buffer.from('c76a 0\n') };
  const ended = (lost?: string) => ({ ok: true, value: { ...(lost !== undefined && { lost }) } }) as const;
  expect(verdictOn({ ...heard, end: ended() } as never, 'db2', '1-1000,').trouble).toBeUndefined();
  expect(verdictOn({ ...heard, end: ended('read ECONNRESET') } as never, 'db2', '1-1000,').trouble).toMatchObject({
    kind: 'unreachable',
    lostWhileRunning: true,
  });
});
