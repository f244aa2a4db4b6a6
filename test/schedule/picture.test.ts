// What the console shows of schedules after each look at the journal.
import { expect, test } from 'vitest';
import { afterLook } from '../../src/schedule/picture.ts';

test('a trouble of the journal goes once it can be read again, also where nothing else has changed', () => {
  expect(afterLook({ views: [], trouble: 'database is locked' }, [])).toEqual({ views: [] });
  expect(afterLook({ views: [] }, [])).toBeUndefined();
});
