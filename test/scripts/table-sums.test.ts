// The statements by which rows are counted and summed (table-sums.sh).
import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { expect, test } from 'vitest';

async function run(names: readonly string[], command: string): Promise<string> {
  const texts = names.map((name) => readFile(new URL(`../../src/scripts/${name}.sh`, import.meta.url), 'utf8'));
  return (await execa('sh', ['-c', `${(await Promise.all(texts)).join('')}\n${command}`])).stdout;
}

test('tables whose names differ in case alone are two: a MariaDB compares names as equal', async () => {
  const stdout = await run(['own-databases', 'table-sums'], `printf '%s' "$sum_statements"`);
  const [, joined = '', grouped = ''] = /JOIN(.*)WHERE.*GROUP BY(.*)ORDER/s.exec(stdout) ?? [];
  for (const name of ['SCHEMA', 'NAME']) {
    expect(joined).toContain(`HEX(c.TABLE_${name}) = HEX(t.TABLE_${name})`);
    expect(stdout).toContain("CAST(t.TABLE_SCHEMA AS BINARY) NOT IN ('information_schema'");
    expect(grouped).toContain(`HEX(t.TABLE_${name})`);
  }
});

test('the sums of a donor that lists its tables slowly list them fewer times, and each table once: they listed them two hundred times', async () => {
  const command = `folder=$(mktemp -d)
for one in $(seq 10 49); do
  printf 'db/t%s\\t6462\\t74%s\\t%s 1 4;\\n' "$one" "$one" "$one" >>"$folder/known"; printf '6462\\t74%s\\t53\\n' "$one" >>"$folder/statements"
done
sums_of_known mysql "$folder/known" "$folder/statements" 4; rm -rf "$folder"`;
  const sums = await run(['own-databases', 'table-sums', 'dump-tables'], command);
  const questions = sums.split('\n').filter((line) => line.includes("IN ('db/t"));
  expect(questions).toHaveLength(4);
  expect(questions.flatMap((line) => line.match(/'db\/t\d+'/g) ?? [])).toHaveLength(40);
});

test('a JSON is summed as what its text becomes: 1.10 of a DECIMAL in it came as 1.1, and the seed ended with other rows, each time', async () => {
  const stdout = await run(['own-databases', 'table-sums'], `printf '%s' "$sum_statements"`);
  const name = "'`', REPLACE(c.COLUMN_NAME, '`', '``'), ";
  expect(stdout).toContain(
    `CRC32(', IF(c.DATA_TYPE = 'json', 'CAST(CAST(', ''), ${name}IF(c.DATA_TYPE = 'json', '\` AS CHAR) AS JSON)', '\`'), ')'`,
  );
});
