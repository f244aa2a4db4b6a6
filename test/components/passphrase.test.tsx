import { expect, test } from 'vitest';
import { passphraseAsker } from '../../components/overlays/passphrase.ts';
import { openConsole, recorded } from './console.tsx';

const { picture, recordedAtMs: nowMs } = recorded('calm');

test('a passphrase is asked for by the name of its key, and never shown', async () => {
  const console = openConsole({ picture, nowMs });
  await console.shows('db6');
  const answer = passphraseAsker(console.screens)('/home/ops/.ssh/id_ed25519', false);
  await console.shows('passphrase of /home/ops/.ssh/id_ed25519');
  console.press('corect horse\x7f\x7f\x7f\x7f\x7f\x7f');
  console.press('q!');
  await console.shows('········_');
  expect(console.screen()).not.toContain('corect');
  console.press('\r');
  expect(await answer).toBe('corectq!');
  await console.shows('? help');
  expect(console.quits).toEqual([]);
});

test('escape refuses a key; a wrong passphrase is asked for again and said to be wrong', async () => {
  const console = openConsole({ picture, nowMs });
  await console.shows('db6');
  const answer = passphraseAsker(console.screens)('/k', true);
  await console.shows('wrong; again: passphrase of /k');
  console.press('\x1b');
  expect(await answer).toBeUndefined();
});

test('a prompt waits until what is being typed is done: its keys are not taken', async () => {
  const console = openConsole({ picture, nowMs });
  await console.shows('db6');
  console.press('/db');
  await console.shows('filter: db_');
  const answers = ['/one', '/two'].map((file) => passphraseAsker(console.screens)(file, false));
  console.press('3\r');
  await console.shows('passphrase of /one');
  expect(console.screens.getState().fleet.filter).toBe('db3');
  console.press('1\r');
  await console.shows('passphrase of /two');
  console.press('2\r');
  expect(await Promise.all(answers)).toEqual(['1', '2']);
});
