// The rate of a copy and whether it stalls, from the output of seed-send.sh on the practice fleet: a copy of two
// streams whose target was cut off for 20 s.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { laneStalls, type RateLook, stallText, transferRateOf, withLook } from '../../src/seed/transfer/rate.ts';
import { readSending } from '../../src/seed/transfer/sending.ts';

const recorded = readFileSync(new URL('../fixtures/seed/sending-cut.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n');

/** What is known after each line; the unit prints one a second. */
const rates = recorded.reduce<{ looks: readonly RateLook[]; all: ReturnType<typeof transferRateOf>[] }>(
  ({ looks, all }, line, second) => {
    const sending = readSending(line, ['db6']);
    if (!sending) throw new Error(`not a line of seed-send.sh: ${line}`);
    const more = withLook(looks, { atMs: second * 1000, ...sending });
    return { looks: more, all: [...all, transferRateOf(more)] };
  },
  { looks: [], all: [] },
).all;

describe('a copy whose target is cut off and comes back', () => {
  test('tells of each stream how fast it is: not of the first look, and of a task begun again from there on', () => {
    const begunAgain = recorded.findIndex((line) => line.endsWith(' s1=0 s2=0'));
    expect(begunAgain).toBeGreaterThan(0);
    for (const look of [0, begunAgain]) expect(rates[look]?.streams).toEqual([null, null]);
    const sums = rates.map(({ streams }) => streams.reduce((all: number, rate) => all + (rate ?? 0), 0));
    // Its limit was 6 MB/s; what fits into a pipe and a connection is read at once.
    expect(sums[5]).toBeGreaterThan(2_000_000);
    expect(sums.at(-1)).toBeGreaterThan(2_000_000);
    expect(Math.min(...rates.flatMap(({ streams }) => streams.map((rate) => rate ?? 0)))).toBe(0);
  });

  test('is stalled while its total does not exceed its earlier maximum, and says so only after some looks', () => {
    const stalls = rates.map(({ stalledMs }) => stalledMs);
    const first = stalls.findIndex((stalled) => stalled !== undefined);
    expect(stalls[first]).toBe(5000);
    expect(Math.max(...stalls.map((stalled) => stalled ?? 0))).toBeGreaterThanOrEqual(10_000);
    expect(stalls.at(-1)).toBeUndefined();
  });
});

test('what is sent again after a break is no progress until it is more than there ever was', () => {
  const told = [10, 20, 30, 0, 10, 20, 30, 40];
  let looks: readonly RateLook[] = [];
  const stalls = told.map((bytes, second) => {
    looks = withLook(looks, { atMs: second * 1000, laneBytes: [bytes], streamBytes: [] });
    return transferRateOf(looks).stalledMs;
  });
  expect(stalls).toEqual(told.map(() => undefined));
  for (let second = 8; second < 14; second++)
    looks = withLook(looks, { atMs: second * 1000, laneBytes: [30], streamBytes: [] });
  expect(transferRateOf(looks).stalledMs).toBe(6000);
});

test('a copy limited to 150k a second does not report a stall of 8 s: the limit lets through what was read at once', () => {
  let looks: readonly RateLook[] = [];
  for (let second = 0; second < 30; second++) {
    looks = withLook(looks, {
      atMs: second * 1000,
      laneBytes: [1_048_576],
      streamBytes: [1_048_576],
      passedBytes: [37_500 * (second + 1)],
    });
    expect(transferRateOf(looks).stalledMs).toBeUndefined();
  }
  for (let second = 30; second < 40; second++) looks = withLook(looks, { ...told(looks), atMs: second * 1000 });
  // Counted from the last one that arrived.
  expect(transferRateOf(looks).stalledMs).toBe(10_000);
});

test('what is sent again after a break under a limit is no stillness, and the figure of a copy never goes backward', () => {
  let looks: readonly RateLook[] = [];
  const figures = [30, 60, 10, 20, 30, 40, 50, 60, 70].map((bytes, second) => {
    looks = withLook(looks, { atMs: second * 1000, laneBytes: [bytes], streamBytes: [], passedBytes: [bytes] });
    expect(transferRateOf(looks).stalledMs).toBeUndefined();
    return looks.at(-1)?.maxBytes[0];
  });
  expect(figures).toEqual([30, 60, 60, 60, 60, 60, 60, 60, 70]);
});

function told(looks: readonly RateLook[]): RateLook {
  const last = looks.at(-1);
  if (!last) throw new Error('nothing was told');
  return last;
}

test('a stall is kept in mind for as long as it lasts, and no longer looks than that', () => {
  let looks: readonly RateLook[] = [];
  for (let second = 0; second < 90; second++)
    looks = withLook(looks, { atMs: second * 1000, laneBytes: [7], streamBytes: [7] });
  expect(transferRateOf(looks)).toEqual({ streams: [0], stalledMs: 89_000 });
  looks = withLook(looks, { atMs: 90_000, laneBytes: [8], streamBytes: [8] });
  expect(looks.length).toBeLessThanOrEqual(12);
});

test('says which target will be given up, and when', () => {
  expect(stallText(14_600, ['db6'], 120)).toBe('nothing has moved for 14 s; db6 is given up after 120 s');
  expect(stallText(14_600, ['db3', 'db6'], 120)).toBe(
    'nothing has moved for 14 s; a target that takes nothing for 120 s is given up: db3, db6',
  );
  expect(stallText(14_600, [], 120)).toBe('nothing has moved for 14 s');
});

test('a target that gets nothing for minutes while another gets its data is said to stand still, and the other is not', () => {
  let looks: readonly RateLook[] = [];
  const stalls = Array.from({ length: 40 }, (_, second) => {
    looks = withLook(looks, {
      atMs: second * 1000,
      laneBytes: [second * 10, Math.min(second, 5) * 10],
      streamBytes: [],
    });
    return laneStalls(looks);
  });
  expect(transferRateOf(looks).stalledMs).toBeUndefined();
  expect(stalls[15]).toEqual([undefined, undefined]);
  expect(stalls[20]).toEqual([undefined, 15_000]);
  expect(stalls.at(-1)).toEqual([undefined, 34_000]);
});
