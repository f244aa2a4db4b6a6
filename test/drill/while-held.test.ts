// `reseed drill verify` blocks the writes of a primary: one that is ended must not leave it so.
import { expect, test } from 'vitest';
import { whileHeld } from '../../src/drill/while-held.ts';

test('writes of a primary go on where the verify that blocked them is ended', async () => {
  const said: string[] = [];
  const verify = whileHeld(
    { hold: async () => said.push('hold'), release: async () => said.push('release') },
    () => new Promise<string>(() => undefined),
  );
  await expect.poll(() => said).toEqual(['hold']);
  process.emit('SIGHUP', 'SIGHUP');
  await expect(verify).rejects.toThrow('it was ended (SIGHUP)');
  expect(said).toEqual(['hold', 'release']);
  expect(process.listenerCount('SIGHUP')).toBe(0);
});

test('also where the signal comes while they are being blocked', async () => {
  const said: string[] = [];
  let block: () => void = () => undefined;
  const blocked = new Promise<void>((resolve) => {
    block = resolve;
  });
  const verify = whileHeld(
    { hold: () => blocked, release: async () => said.push('release') },
    () => new Promise<string>(() => undefined),
  );
  process.emit('SIGHUP', 'SIGHUP');
  block();
  await expect(verify).rejects.toThrow('it was ended');
  expect(said).toEqual(['release']);
});

test('and then the checksums of all tables are not begun: writes stayed blocked for minutes', async () => {
  const said: string[] = [];
  let block: () => void = () => undefined;
  const blocked = new Promise<void>((resolve) => {
    block = resolve;
  });
  const work = async () => said.push('work');
  const verify = whileHeld({ hold: () => blocked, release: async () => said.push('release') }, work);
  process.emit('SIGHUP', 'SIGHUP');
  block();
  await expect(verify).rejects.toThrow('it was ended');
  expect(said).toEqual(['release']);
});

test('an error of the work is told, also where the writes could not be let go', async () => {
  const verify = whileHeld({ hold: async () => 1, release: () => Promise.reject(new Error('no answer of db1')) }, () =>
    Promise.reject(new Error('a checksum failed')),
  );
  await expect(verify).rejects.toThrow('a checksum failed; what was held is not let go: no answer of db1');
});
