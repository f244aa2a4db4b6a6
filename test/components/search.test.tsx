// n and N in lists: from row to row that has the words of the last filter.
import { describe, expect, test } from 'vitest';
import { matchFrom } from '../../components/screens/list/search.ts';
import { commandOf, screenNames } from '../../src/commands/list.ts';
import { openConsole, recorded } from './console.tsx';
import { recordedJobs } from './jobs.ts';

const { picture, recordedAtMs: nowMs } = recorded('calm');

test('n and N mean the next and the previous match on every screen that has them', () => {
  for (const screen of screenNames.filter((name) => name !== 'seed')) {
    expect(commandOf('n', screen)?.name).toMatch(/\.nextMatch$/);
    expect(commandOf('N', screen)?.name).toMatch(/\.previousMatch$/);
  }
});

test('Fleet: a filter counts its rows, while it is typed too; n and N go from one to the next, and say which it is', async () => {
  const console = openConsole({ picture, nowMs });
  await console.shows('▸ db1');
  console.press('n');
  await console.shows('nothing is searched yet: / asks for it');
  console.press('/fra');
  await console.shows(/^ 3 of 6/m);
  console.press('\r');
  await console.shows('filter: fra, 3 of 6');
  console.press('n');
  await console.shows('2 of 3 with fra');
  expect(console.underCursor()).toBe('db5');
});

test('Fleet: when all rows are shown again n and N still go to those with the words, and say where there is none', async () => {
  const console = openConsole({ picture, nowMs });
  await console.shows('▸ db1');
  console.press('/fra\r');
  await console.shows('filter: fra');
  console.press('\x1b');
  await console.shows('db1');
  console.press('gn');
  await console.shows('1 of 3 with fra');
  expect(console.underCursor()).toBe('db3');
  console.press('nN');
  await console.shows('1 of 3 with fra');
  console.press('N');
  await console.shows('no row above has fra');
  console.press('Gn');
  await console.shows('no row below has fra');
});

test('Jobs: n goes to the next job with the words', async () => {
  const console = openConsole({ picture, nowMs, jobs: recordedJobs().views });
  await console.shows('▸ db1');
  console.press('J');
  await console.shows(/▸ +11 /);
  console.press('/failed\r');
  await console.shows(/filter: failed, \d+ of 11/);
  console.press('\x1b');
  await console.shows(/ 8 {2}✔ done/);
  console.press('gn');
  await console.shows(/1 of \d+ with failed/);
  await console.shows(/▸ +9 /);
});

describe('a match', () => {
  const rows = ['a', 'b', 'c', 'd'].map((id) => ({ id }));
  const found = [{ id: 'b' }, { id: 'd' }];
  const at = (id: string, index: number) => ({ cursor: { id, index } });

  test('is the one below or above the cursor, and none beyond the last', () => {
    expect(matchFrom('next', { rows, found }, at('b', 1))).toEqual({ cursor: { id: 'd', index: 3 }, nth: 2, count: 2 });
    expect(matchFrom('next', { rows, found }, at('d', 3))).toBeUndefined();
    expect(matchFrom('previous', { rows, found }, at('d', 3))?.nth).toBe(1);
  });

  test('from a row that is gone is the one in its place, or the one before that', () => {
    expect(matchFrom('next', { rows, found }, at('gone', 1))?.cursor.id).toBe('b');
    expect(matchFrom('previous', { rows, found }, at('gone', 3))?.cursor.id).toBe('b');
    expect(matchFrom('next', { rows, found }, { cursor: undefined })?.cursor.id).toBe('b');
  });

  test('that is not shown is not gone to', () => {
    expect(matchFrom('next', { rows: rows.slice(0, 2), found }, at('b', 1))).toBeUndefined();
  });
});
