// The room on volumes that a target has for its redo log or undo tablespaces alone: seen in the plan, not at the swap after the whole copy.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type OutsidePlace, readSeedFacts } from '../../src/seed/facts.ts';
import { byClone } from '../../src/seed/methods/clone/clone.ts';
import { delta } from '../../src/seed/methods/delta/delta.ts';
import { preflight } from '../../src/seed/preflight/preflight.ts';
import { spaceFor } from '../../src/seed/preflight/room.ts';
import type { SeedRequest } from '../../src/seed/request.ts';
import { request, side } from './sides.ts';

const giga = 1024 ** 3;
const redo = (bytes: number, free: number, more: Partial<OutsidePlace> = {}): OutsidePlace => ({
  kind: 'redo',
  path: '/srv/redo',
  entries: 1,
  bytes: bytes * giga,
  withDatadir: false,
  freeBytes: free * giga,
  device: '64999',
  ...more,
});
const donor = (redoBytes: number) => side('db2', { insideBytes: { redo: redoBytes * giga } });
const target = (...outside: readonly OutsidePlace[]) => side('db3', { outside });
const told = (given: number, place: OutsidePlace, more: Partial<SeedRequest> = {}) =>
  preflight(request(donor(given), [target(place)], more))
    .filter(({ text }) => text.includes('/srv/redo: '))
    .map(({ level, text, advice }) => `${level} ${text}; ${advice}`)
    .join('\n');

describe('a target whose redo log has a volume of its own', () => {
  test('is refused where the redo log of the donor does not fit there beside its own, with both figures', () => {
    expect(told(8, redo(8, 1.8))).toMatch(
      /^refuse no room for new data beside the old: .* free, .* needed; for the redo log in \/srv\/redo: 1\.8G free, 8\.0G needed; --clear deletes /,
    );
    expect(told(8, redo(8, 1.8), { clear: true })).toMatch(/^warn no room beside the old data/);
    expect(told(2, redo(1, 4))).toMatch(
      /^pass room for new data beside the old: .*\/srv\/redo: 4\.0G free, 2\.0G needed/,
    );
  });

  test('is refused with --clear too where that of the donor never fits', () => {
    expect(told(16, redo(8, 1.8), { clear: true })).toMatch(/^refuse too little room: .*1\.8G free, 16(\.0)?G needed/);
  });

  test('needs its own size there, though the donor has less: its server makes it as large again at its start', () => {
    expect(told(0.1, redo(8, 1.8))).toMatch(/^refuse .*1\.8G free, 8\.0G needed/);
    expect(spaceFor(request(donor(16), [target(redo(8, 9))], { method: byClone }), target(redo(8, 9)))).toMatchObject({
      kind: 'beside',
      places: [{ neededBytes: 8 * giga }],
    });
  });

  test('keeps its old redo log until the end of a delta, which reads old data: --clear frees nothing there', () => {
    const room = spaceFor(request(donor(8), [target(redo(8, 1.8))], { method: delta }), target(redo(8, 1.8)));
    expect(room).toMatchObject({ kind: 'none' });
  });

  test('shares it with the other kinds that are on it, and with another target of the machine', () => {
    const undo = redo(1, 6, { kind: 'undo', path: '/srv/undo' });
    const given = side('db2', { insideBytes: { redo: 2 * giga, undo: 3 * giga } });
    const machine = { machine: 'aa', boot: 'b1' };
    const one = side('db3', { ...machine, outside: [redo(1, 6), undo] });
    const twin = side('db6', { ...machine, outside: [redo(1, 6)] });
    expect(spaceFor(request(given, [one]), one)).toMatchObject({
      places: [{ neededBytes: 5 * giga, what: 'the redo log in /srv/redo and undo tablespaces in /srv/undo' }],
    });
    expect(spaceFor(request(given, [one, twin]), one)).toMatchObject({ places: [{ neededBytes: 7 * giga }] });
  });

  test('needs it twice for a moment on the file system of the datadir', () => {
    const near = target(redo(1, 100, { withDatadir: true }));
    const [with_, without] = [near, target()].map((one) => spaceFor(request(donor(8), [one]), one));
    if (!with_?.known || !without?.known) throw new Error('the room is not known');
    expect(with_.neededBytes - without.neededBytes).toBe(8 * giga);
  });
});

test('the room of a place comes with its place', () => {
  const recorded = readFileSync(new URL('../fixtures/seed/facts-db3.txt', import.meta.url), 'utf8');
  const lines =
    'outside redo 32 8589934592 other /srv/re do\noutside_room 1932735283 64999 redo /srv/re do\ninside undo 33554432';
  const read = readSeedFacts(`${recorded}\n${lines}\n`);
  expect(read?.outside.at(-1)).toMatchObject({ path: '/srv/re do', freeBytes: 1_932_735_283, device: '64999' });
  expect(read?.insideBytes).toEqual({ undo: 33_554_432 });
});
