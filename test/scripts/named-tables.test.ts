// What is asked of the text that makes a named table: the functions of named-tables.sh themselves.
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';

const script = readFileSync(new URL('../../src/scripts/named-tables.sh', import.meta.url), 'utf8');

async function isElsewhere(create: string): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'reseed-create-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'create');
  await writeFile(file, create);
  const { exitCode } = await execa('sh', ['-c', `${script}\nhas_data_directory "$0"`, file], { reject: false });
  return exitCode === 0;
}

const table = (column: string, options: string) => `CREATE TABLE \`t1\` (\n${column}\n) ENGINE=InnoDB ${options}\n`;

test.each([
  ['a comment of a column', table("  `a` int COMMENT 'its DATA DIRECTORY = ''/x'''", '')],
  ['its own comment', table('  `a` int', "COMMENT='it''s in `the` DATA DIRECTORY'")],
  ['the name of a column', table("  `DATA DIRECTORY` int COMMENT '`'", '')],
  ['a default of two lines', table("  `a` text DEFAULT ('of\n the DATA DIRECTORY')", '')],
])(
  'a table with the words DATA DIRECTORY in %s is taken: it was refused after its whole dump and load',
  async (_, create) => {
    expect(await isElsewhere(create)).toBe(false);
  },
);

test.each([
  ['as MariaDB writes it', table('  `a` int', "DEFAULT CHARSET=utf8mb4 DATA DIRECTORY='/srv/x/'")],
  ['as MySQL writes it', table('  `a` int', "COMMENT='a' DATA DIRECTORY='/srv/x/'")],
  [
    'of a part',
    table(
      '  `a` int',
      "\n/*!50100 PARTITION BY HASH (`a`)\n(PARTITION p0 DATA DIRECTORY = '/srv/x' ENGINE = InnoDB) */",
    ),
  ],
])('and one whose data lies in a folder of its own is found, %s', async (_, create) => {
  expect(await isElsewhere(create)).toBe(true);
});
