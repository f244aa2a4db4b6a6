// Sets and positions of GTIDs: what is in one and missing in another, and how much.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  countOf,
  gtidText,
  lacking,
  readGtidPosition,
  readGtidSet,
  sameGtid,
  without,
} from '../../../src/seed/replica/gtid-set.ts';

const one = '07de3713-e6c4-11f1-b17e-525400770011';
const other = '17de3713-e6c4-11f1-b17e-525400770012';
function set(text: string) {
  const read = readGtidSet(text);
  if (!read) throw new Error(`no set: ${text}`);
  return read;
}
function position(text: string) {
  const read = readGtidPosition(text);
  if (!read) throw new Error(`no position: ${text}`);
  return read;
}
const minus = (whole: string, part: string) => gtidText(without(set(whole), set(part)));

describe('a set of GTIDs', () => {
  test('is read as the server writes it, over several lines and with tags', () => {
    expect(gtidText(set(`${one}:1-5:7,\n${other}:3`))).toBe(`${one}:1-5:7,${other}:3`);
    expect(gtidText(set(`${one}:1-5:shop:1-3:9`))).toBe(`${one}:1-5,${one}:shop:1-3:9`);
    expect(set('').size).toBe(0);
    expect(readGtidSet('0-14-5317')).toBeUndefined();
    expect(readGtidSet(`${one}`)).toBeUndefined();
  });

  test('loses what is in another', () => {
    expect(minus(`${one}:1-100`, `${one}:1-90`)).toBe(`${one}:91-100`);
    expect(minus(`${one}:1-100`, `${one}:10-20:50`)).toBe(`${one}:1-9:21-49:51-100`);
    expect(minus(`${one}:1-100,${other}:1`, `${one}:1-200`)).toBe(`${other}:1`);
    expect(minus(`${one}:shop:1-4`, `${one}:1-9`)).toBe(`${one}:shop:1-4`);
  });

  test('of any intervals loses exactly what is in the other', () => {
    const intervals = fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.nat(6)), { maxLength: 6 });
    const text = (pairs: [number, number][]) =>
      pairs.map(([first, more]) => `${one}:${first}-${first + more}`).join(',');
    const members = (pairs: [number, number][]) =>
      new Set(pairs.flatMap(([first, more]) => Array.from({ length: more + 1 }, (_, n) => first + n)));
    fc.assert(
      fc.property(intervals, intervals, (whole, part) => {
        const left = without(set(text(whole)), set(text(part)));
        expect(countOf(left)).toBe([...members(whole)].filter((n) => !members(part).has(n)).length);
        expect(
          sameGtid(gtidText(left), [...left].map(([name]) => gtidText(new Map([[name, left.get(name) ?? []]]))).join()),
        ).toBe(true);
      }),
    );
  });

  test('is counted beyond what a Number holds', () => {
    expect(countOf(set(`${one}:9223372036854775800-9223372036854775806`))).toBe(7);
  });

  test('is read from any text, or is none', () => {
    fc.assert(fc.property(fc.string(), (text) => readGtidSet(text) === undefined || readGtidSet(text) instanceof Map));
  });
});

describe('a position of MariaDB', () => {
  test('lacks what comes after it, in each domain', () => {
    expect(lacking(position('0-14-5904,1-15-9'), position('0-14-5666'))).toBe(238 + 9);
    expect(lacking(position('0-14-5'), position('0-15-9'))).toBe(0);
    expect(readGtidPosition(`${one}:1`)).toBeUndefined();
  });

  test('is the same in any order', () => {
    expect(sameGtid('0-14-5,1-14-7', '1-14-7,0-14-5')).toBe(true);
    expect(sameGtid('0-14-5', '0-14-6')).toBe(false);
    expect(sameGtid(`${one}:1-5`, `${one}:1-3:4-5`)).toBe(true);
  });
});
