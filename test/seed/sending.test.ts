// The reports of the unit that sends, as the operator sees them.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { reached, readSending, readSent, sentWords } from '../../src/seed/transfer/sending.ts';

test('progress is that of the slowest target, each with its own, and never more than the whole', () => {
  const lanes = ['db3', 'db6'];
  const sending = readSending('1000 t1=900+300 t2=100+50', lanes);
  expect(sending).toEqual({ totalBytes: 1000, laneBytes: [1000, 150], streamBytes: [], passedBytes: [], full: [] });
  expect(reached(lanes, sending?.laneBytes ?? [], 1000, {})).toEqual({
    doneBytes: 150,
    totalBytes: 1000,
    lanes: {
      db3: { text: '', doneBytes: 1000, totalBytes: 1000 },
      db6: { text: '', doneBytes: 150, totalBytes: 1000 },
    },
  });
});

test('a target that was lost before the copy does not leave it at "0B" while the other gets its data', () => {
  expect(reached(['db3', 'db6'], [400, 0], 1000, { db6: 'no channel' }).doneBytes).toBe(400);
});

test('each stream tells what it has read, and what a limit let through; of an older build only the first', () => {
  expect(readSending('1000 t1=100+50 s1=120+90 s2=30+0', ['db3'])).toMatchObject({
    streamBytes: [120, 30],
    passedBytes: [90, 0],
  });
  expect(readSending('1000 t1=100+50 s1=120 s2=30', ['db3'])).toMatchObject({
    streamBytes: [120, 30],
    passedBytes: [0, 0],
  });
});

test('the limit of the moment is told, which the operator may have changed since the plan', () => {
  expect(readSending('1000 t1=100+50 s1=120+90 limit=2048', ['db3'])).toMatchObject({ limit: 2048 });
  expect(readSending('1000 t1=100+50 s1=120+90', ['db3'])?.limit).toBeUndefined();
});

test('a target whose disk is full is told, and no other', () => {
  expect(readSending('1000 t1=100+50 t12=0+0 s1=120+90 limit=0 full=t2', ['db3', 'db6'])?.full).toEqual(['db6']);
  expect(readSending('1000 t1=100+50 full=t12', ['db3', 'db6'])?.full).toEqual([]);
});

test('nothing is reported before the first line', () => {
  expect(readSending('', ['db3'])).toBeUndefined();
});

test('the end of each target is reported, with the reason', () => {
  const log = ['link t1 at least 117 MB/s', 'whole t1', 'lost t2 tar: shop: Cannot mkdir: No space left on device'];
  expect(readSent(log, ['db3', 'db6'])).toEqual([
    { lane: 'db3' },
    { lane: 'db6', why: 'tar: shop: Cannot mkdir: No space left on device' },
  ]);
  expect(log.map((line) => sentWords(line, 'db1', ['db3', 'db6'], true))).toEqual([
    'link to db3: at least 117 MB/s',
    'copied to db3',
    'gave up on db6: tar: shop: Cannot mkdir: No space left on device',
  ]);
  expect(sentWords('compression: zstd', 'db1', ['db3'], true)).toBe('compression: zstd');
  expect(sentWords('whole t7', 'db1', ['db3'], true)).toBe('whole t7');
});

test('a target is given up after the last try only, and is called by its name where another does not pass data on to it', () => {
  const lanes = ['db3', 'db6'];
  expect(sentWords('lost t2 no way', 'db1', lanes, false)).toBe('not copied to db6 in this try: no way');
  expect(sentWords('refused t2 no view', 'db1', lanes, false)).toBe('gave up on db6: no view');
  expect(sentWords('lost t2 no way', 'db1', lanes, true)).toBe('gave up on db6: no way');
  const told = 't2 gets nothing from the one before it, and is sent to from here: no route';
  expect(sentWords(told, 'db1', lanes, false)).toBe(
    'db6: nothing arrives from db3; db1 sends to it directly: no route',
  );
  const script = readFileSync(new URL('../../src/scripts/send-answers.sh', import.meta.url), 'utf8');
  expect(script).toContain(told.replace('t2', '%s').replace('no route', '%s'));
});

test('a target without a word of why is not said to be whole', () => {
  expect(readSent(['lost t1 '], ['db3'])).toEqual([{ lane: 'db3', why: 'it takes nothing more' }]);
});
