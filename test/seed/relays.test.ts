// The relays through this machine that a runner keeps.
import { expect, test } from 'vitest';
import { keptRelays } from '../../src/job/runner/relays.ts';

/** Relays that run until their `over` is set. */
function opening() {
  const opened: { to: string; toPort: number; over: boolean }[] = [];
  const relays = keptRelays(async (_, to, toPort) => {
    const relay = { to, toPort, over: false };
    opened.push(relay);
    return {
      ok: true,
      value: {
        port: 40_000 + opened.length,
        isOver: () => relay.over,
        close: async () => {
          relay.over = true;
        },
      },
    };
  });
  return { relays, opened };
}

test('an open relay is used again; a broken one is made again, and so is one to another port', async () => {
  const { relays, opened } = opening();
  expect(relays.stands('db3')).toBe(false);
  expect(await relays.through('db2', 'db3', 21_000)).toEqual({ ok: true, value: 40_001 });
  expect(await relays.through('db2', 'db3', 21_000)).toEqual({ ok: true, value: 40_001 });
  const [first] = opened;
  if (!first) throw new Error('none was opened');
  first.over = true;
  expect(relays.stands('db3')).toBe(false);
  expect(await relays.through('db2', 'db3', 21_000)).toEqual({ ok: true, value: 40_002 });
  expect(await relays.through('db2', 'db3', 21_005)).toEqual({ ok: true, value: 40_003 });
  expect(opened.map(({ over }) => over)).toEqual([true, true, false]);
});

test('when the donor is released, none of its relays is open any more', async () => {
  const { relays, opened } = opening();
  await relays.through('db2', 'db3', 21_000);
  await relays.through('db2', 'db6', 21_000);
  await relays.close();
  expect(opened.every(({ over }) => over)).toBe(true);
  expect(relays.stands('db3')).toBe(false);
});
