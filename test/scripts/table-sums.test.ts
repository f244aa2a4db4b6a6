// The statements by which rows are counted and summed (table-sums.sh).
import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { expect, test } from 'vitest';

test('tables whose names differ in case alone are two: a MariaDB compares names as equal', async () => {
  const fragments = ['own-databases', 'table-sums'].map((name) =>
    readFile(new URL(`../../src/scripts/${name}.sh`, import.meta.url), 'utf8'),
  );
  const { stdout } = await execa('sh', [
    '-c',
    `${(await Promise.all(fragments)).join('')}\nprintf '%s' "$sum_statements"`,
  ]);
  const [, joined = '', grouped = ''] = /JOIN(.*)WHERE.*GROUP BY(.*)ORDER/s.exec(stdout) ?? [];
  for (const name of ['SCHEMA', 'NAME']) {
    expect(joined).toContain(`HEX(c.TABLE_${name}) = HEX(t.TABLE_${name})`);
    expect(stdout).toContain("CAST(t.TABLE_SCHEMA AS BINARY) NOT IN ('information_schema'");
    expect(grouped).toContain(`HEX(t.TABLE_${name})`);
  }
});
