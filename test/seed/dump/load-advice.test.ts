// What an operator is told where a dump was not loaded.
import { expect, test } from 'vitest';
import { loadAdvice } from '../../../src/seed/methods/dump/load-advice.ts';

test('a view whose definer the donor lacks too is to be mended on the donor: what the error named was there', () => {
  const refused =
    "the dump could not be loaded: ERROR 1449 (HY000) at line 9: The user specified as a definer ('a'@'%') does not exist";
  expect(loadAdvice(refused, 'db1')).toContain(
    'another dump would end alike: on db1, give the view that the error is about',
  );
  const other = loadAdvice('the dump could not be loaded: ERROR 1101 (42000) at line 3: no default', 'db1');
  expect(other).toContain('another dump would end alike: mend on db1 what the error names');
});

test('rows that differ a second time are not to be dumped without end', () => {
  const rows = 'the rows of zoo.jsn are not those of the donor: 3 rows with the sum 8487224785 there';
  expect(loadAdvice(rows, 'db1')).toContain('if the same table differs again, copy files');
  expect(loadAdvice('the dump has no end', 'db1')).toMatch(/seed again$/);
});
