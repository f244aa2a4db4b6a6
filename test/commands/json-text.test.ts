import { expect, test } from 'vitest';
import { jsonText } from '../../src/text/json.ts';

test('an answer in JSON has no byte that a terminal acts on, and says the same', () => {
  const said = {
    log: '\u001b]0;x\u0007 \u009b31m \u007f \u0000 \u202Egnp \u2028 \u{e0041} \ud800 größe 日本',
    lines: ['a\nb'],
  };
  const text = jsonText(said, 2);
  expect([...text].filter((letter) => /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202e]/u.test(letter) && letter !== '\n')).toEqual([]);
  expect(text).not.toContain('\u{e0041}');
  expect(text).toContain('größe 日本');
  expect(JSON.parse(text)).toEqual(said);
});
