import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanLine, cleanText } from '../../src/text/clean.ts';

// Cc but newline and tab, line separators, bidi controls, tags.
const unsafe = /(?![\n\t])\p{Cc}|[\p{Zl}\p{Zp}\p{Bidi_Control}\u{e0000}-\u{e007f}]/u;

describe('text from a host', () => {
  test('has no control character left, whatever bytes came', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc
        .array(fc.constantFrom(0x1b, 0x5b, 0x5d, 0x9b, 0x6d, 0x38, 0x3b, 0x07, 0x5c, 0x0d, 0x0a, 0xe2, 0x80, 0xae), {
          maxLength: 60,
        })
        .map((list) => Uint8Array.from(list)),
    );
    fc.assert(
      fc.property(bytes, (input) => {
        expect(cleanText(input)).not.toMatch(unsafe);
        expect(cleanLine(input)).not.toMatch(/[\n\t]/);
      }),
    );
  });

  test('has no control character left, whatever characters came', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (input) => !unsafe.test(cleanText(input))));
  });

  test('stays as it is when there is nothing to fear', () => {
    const plain = 'ERROR 1062: Duplicate entry «é» 日本 🐬 for key\n\tat line 3\n';
    expect(cleanText(plain)).toBe(plain);
    expect(cleanText(Buffer.from(plain))).toBe(plain);
  });

  test.each([
    ['colours', '\x1b[1;31mred\x1b[0m', 'red'],
    ['a link (OSC 8)', '\x1b]8;;http://evil\x07text\x1b]8;;\x1b\\', 'text'],
    ['the clipboard (OSC 52)', 'a\x1b]52;c;ZXZpbA==\x07b', 'ab'],
    ['8-bit introducers', '\x9b31mred \x9d0;title\x9c.', 'red .'],
    ['a sequence inside another', '\x1b\x1b[0m[31mred', '\ufffd[31mred'],
    ['a string without its end, which must not hide the rest', '\x1b]0;all the rest', '\ufffd]0;all the rest'],
    ['text turned round', 'user\u202etxt.exe', 'usertxt.exe'],
    ['invalid UTF-8', Buffer.from([0x61, 0xff, 0xc3, 0x62]), 'a\ufffd\ufffdb'],
    ['half a surrogate pair', 'a\ud83d', 'a\ufffd'],
    ['NUL, bell and backspace', 'a\0b\x07c\x08d', 'a\ufffdb\ufffdc\ufffdd'],
    ['line ends of other systems', 'a\r\nb\rc', 'a\nb\ufffdc'],
  ])('loses %s', (_what, input, expected) => {
    expect(cleanText(input)).toBe(expected);
  });

  test('on one line keeps its words apart', () => {
    expect(cleanLine('a\n\tb')).toBe('a b');
  });

  test('is cleaned in linear time', () => {
    // Quadratic, this takes minutes.
    for (const bad of ['\x1b]', '\x1b[0', '\x9b;', '\x9d', '\x90a', '\x1b ', '\r'])
      expect(cleanText(bad.repeat(500_000))).not.toMatch(unsafe);
  });
});
