import { expect, test } from 'vitest';
import { overlap } from '../../src/fleet/log/overlap.ts';

const at = (time: string, words = 'a line') => ({ text: `${time} ${words}`, time });
const shownOf = (lines: readonly { text: string; time?: string }[], told: ReturnType<typeof overlap>) =>
  lines.filter((line) => told.judge(line) !== 'old').map(({ text }) => text);

test('until it begins, a line may come as often as it likes', () => {
  const told = overlap();
  expect(shownOf([at('10:00'), at('10:00'), { text: 'trace' }, { text: 'trace' }], told)).toHaveLength(4);
});

test('lines that were shown and older ones are left out, lines below them are new', () => {
  const told = overlap();
  shownOf([at('10:02'), at('10:03')], told);
  told.begin(100);
  const again = [at('10:00'), { text: 'old trace' }, at('10:02'), at('10:05'), { text: 'trace' }, at('10:05')];
  expect(shownOf(again, told)).toEqual(['10:05 a line', 'trace', '10:05 a line']);
});

test('a clock that was set back hides nothing that is new', () => {
  const told = overlap();
  shownOf([at('10:02')], told);
  told.begin(100);
  expect(shownOf([at('10:01'), at('10:02'), at('09:00', 'after the boot')], told)).toEqual(['09:00 after the boot']);
});

test('nothing is hidden for longer than lines come again', () => {
  const told = overlap();
  shownOf([at('10:02')], told);
  told.begin(2);
  const again = [at('09:00', 'one'), at('09:01', 'two'), at('09:02', 'three')];
  expect(shownOf(again, told)).toEqual(['09:02 three']);
});

test('if none of the repeated lines was shown, others may be missing before them: that is reported once', () => {
  const told = overlap();
  told.judge(at('10:00'));
  told.begin(100);
  expect([at('11:00'), at('11:01')].map((line) => told.judge(line))).toEqual(['afterGap', 'new']);
  told.begin(100);
  expect([at('11:01'), at('11:02')].map((line) => told.judge(line))).toEqual(['old', 'new']);
});
