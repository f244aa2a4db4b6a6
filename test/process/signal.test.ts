import { execa } from 'execa';
import { expect, test } from 'vitest';
import { sendSignal } from '../../src/process/signal.ts';

test('a process, or a group, that has ended by itself is no error', async () => {
  const child = execa('true', [], { detached: true });
  await child;
  const pid = child.pid ?? Number.NaN;
  expect(sendSignal(pid, 'SIGKILL')).toBe(false);
  expect(sendSignal(-pid, 'SIGKILL')).toBe(false);
});

test('a process that is there gets the signal', async () => {
  const child = execa('sleep', ['600'], { reject: false });
  expect(sendSignal(child.pid ?? Number.NaN, 'SIGTERM')).toBe(true);
  expect((await child).signal).toBe('SIGTERM');
});

test('any other refusal is an error', () => {
  expect(() => sendSignal(Number.NaN, 'SIGKILL')).toThrow(TypeError);
});
