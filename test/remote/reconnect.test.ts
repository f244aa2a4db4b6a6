import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { awayRetry, refusedRetry, waitMs } from '../../src/remote/backoff.ts';
import { ownWait } from '../../src/remote/deadline.ts';
import { bad, good, type Outcome, refused, unreachable } from '../../src/remote/failure.ts';
import { connectingGate } from '../../src/remote/gate.ts';
import { kept } from '../../src/remote/reconnect.ts';

describe('the wait before the next try', () => {
  test('doubles up to its bound, with jitter over the whole of it', () => {
    const full = [1, 2, 3, 7, 40, 5000].map((failures) => waitMs(awayRetry, failures, 1));
    expect(full).toEqual([1000, 2000, 4000, 60_000, 60_000, 60_000]);
    expect(waitMs(awayRetry, 5, 0)).toBe(0);
  });

  test('is never short after a refusal', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
        const wait = waitMs(refusedRetry, failures, random);
        expect(wait).toBeGreaterThanOrEqual(7500);
        expect(wait).toBeLessThanOrEqual(600_000);
      }),
    );
  });
});

/** A keeper of numbered connections, on a clock that changes only when a test sets it. */
function keeper(results: readonly Outcome<number>[]) {
  const at = { nowMs: 0, tries: 0, alive: true, ended: [] as number[] };
  const connect = async () => results[at.tries++] ?? bad(unreachable('away', ''));
  const end = async (connection: number) => void at.ended.push(connection);
  const connection = kept({ connect, isAlive: () => at.alive, end }, { nowMs: () => at.nowMs, random: () => 0.5 });
  return { at, connection };
}

describe('a kept connection', () => {
  test('is made once for all who ask, and again when it died', async () => {
    const { at, connection } = keeper([good(1), good(2)]);
    expect(await Promise.all([connection.get(), connection.get(), connection.get()])).toEqual([
      good(1),
      good(1),
      good(1),
    ]);
    at.alive = false;
    const again = await Promise.all([connection.get(), connection.get()]);
    expect(again[0]).toEqual(good(2));
    expect(at.tries).toBeGreaterThanOrEqual(2);
  });

  test('is not asked for again before the wait is over', async () => {
    const { at, connection } = keeper([bad(unreachable('away', 'is it up?')), good(2)]);
    await connection.get();
    const early = await connection.get();
    expect(early).toMatchObject({
      ok: false,
      trouble: { message: 'away', advice: 'is it up?; the next try is in 1 s' },
    });
    expect(at.tries).toBe(1);
    at.nowMs = 500;
    expect(await connection.get()).toEqual(good(2));
  });

  test('waits longer each time the host refuses', async () => {
    const { at, connection } = keeper([1, 2, 3].map(() => bad(refused('no', ''))));
    const waits = [];
    for (let tries = 1; tries <= 3; tries++) {
      await connection.get();
      const from = at.nowMs;
      while (at.tries === tries) {
        at.nowMs += 50;
        await connection.get();
      }
      waits.push(at.nowMs - from);
    }
    expect(waits).toEqual([11_250, 22_500, 45_000]);
  });

  test('is ended when it is closed, also when it was still on its way', async () => {
    const { at, connection } = keeper([good(1)]);
    const onItsWay = connection.get();
    await connection.close();
    await onItsWay;
    expect(at.ended).toEqual([1]);
    expect(await connection.get()).toMatchObject({ ok: false, trouble: { kind: 'refused' } });
  });
});

describe('the gate', () => {
  test('allows few connections to one machine at once, and others past them', async () => {
    const gate = connectingGate(2, 4);
    const open: (() => void)[] = [];
    let now = 0;
    let most = 0;
    const connect = async () => {
      most = Math.max(most, ++now);
      await new Promise<void>((resolve) => open.push(resolve));
      now--;
      return good(0);
    };
    const bastion = Array.from({ length: 5 }, () => gate({ name: 'bastion', wait: ownWait() }, connect));
    await expect.poll(() => open.length).toBe(2);
    const others = ['db1', 'db2', 'db3'].map((name) => gate({ name, wait: ownWait() }, connect));
    await expect.poll(() => open.length).toBe(4);
    let all = false;
    const done = Promise.all([...bastion, ...others]).then(() => {
      all = true;
    });
    while (!all) {
      open.shift()?.();
      await new Promise(setImmediate);
    }
    await done;
    expect(most).toBe(4);
  });

  test('lets a host that answers pass hosts that never do, before those are given up', async () => {
    const gate = connectingGate(2, 2);
    const { promise: never, resolve: giveUp } = Promise.withResolvers<void>();
    const silent = async () => {
      await never;
      return bad(unreachable('no answer', ''));
    };
    const silents = ['db1', 'db2'].map((name) => gate({ name, wait: ownWait() }, silent));
    expect(await gate({ name: 'db3', wait: ownWait() }, async () => good(3))).toEqual(good(3));
    giveUp();
    expect(await Promise.all(silents)).toMatchObject([{ ok: false }, { ok: false }]);
  });
});
