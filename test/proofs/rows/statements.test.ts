// The statements of a proof of rows: what a host told becomes a name or a value in them, and nothing else.
import { describe, expect, test } from 'vitest';
import { readAnswers } from '../../../src/host/server/batch.ts';
import { type Definition, differenceOf, readDefinition } from '../../../src/proofs/rows/definition.ts';
import { rangeText } from '../../../src/proofs/rows/range-text.ts';
import { boundQuestion, isKey, sumQuestion } from '../../../src/proofs/rows/statements.ts';

const hex = (text: string) => Buffer.from(text).toString('hex').toUpperCase();
const table = { db: hex('shop'), name: hex('or`ders') };

interface Told {
  readonly name: string;
  readonly type: string;
  readonly whole?: string;
  readonly collation?: string;
  readonly extra?: string;
}
const columnsText = (columns: readonly Told[]) =>
  [
    'answer\nc0\ndb\tname\tcol\ttype\twhole\tcharset\tcollation\textra',
    ...columns.map(({ name, type, whole = type, collation = '', extra = '' }) =>
      [table.db, table.name, hex(name), type, hex(whole), collation.split('_')[0], collation, extra].join('\t'),
    ),
  ].join('\n');
const keysText = (parts: readonly string[], more: { readonly index?: string; readonly part?: number } = {}) =>
  [
    'answer\nk0\ndb\tname\tcalled\tcol\tpart\tsorted\tnullable',
    ...parts.map((part) =>
      [table.db, table.name, hex(more.index ?? 'PRIMARY'), hex(part), more.part ?? 0, 'A', ''].join('\t'),
    ),
  ].join('\n');

function defined(columns: readonly Told[], keys = keysText(['id'])): Definition {
  const answers = readAnswers(`${columnsText(columns)}\n${keys}\n`);
  const read = readDefinition(table, answers.get('c0'), answers.get('k0'));
  if (!read) throw new Error('no definition');
  return read;
}

const id = { name: 'id', type: 'int' };

describe('a sum of rows', () => {
  test('has each kind of value as text that tells it from any other', () => {
    const columns = [
      id,
      { name: 'f', type: 'float' },
      { name: 'b', type: 'bit' },
      { name: 'v', type: 'varchar', collation: 'latin1_swedish_ci' },
      { name: 'j', type: 'json' },
      { name: 'g', type: 'geometry' },
      { name: 'made', type: 'int', extra: 'VIRTUAL GENERATED' },
      { name: 'kept', type: 'int', extra: 'STORED GENERATED' },
    ];
    expect(sumQuestion(table, defined(columns), { from: ['4'], to: ['9'] })).toBe(
      "SELECT COUNT(*) AS n, COALESCE(SUM(COALESCE(CAST(CONV(LEFT(SHA2(CONCAT_WS('#', `id`, `f` * 1e0, `b` + 0, HEX(`v`), SHA2(`j`, 256), JSON_STORAGE_SIZE(JSON_ARRAY(`j`)), SHA2(`g`, 256), `kept`, CONCAT(ISNULL(`id`), ISNULL(`f`), ISNULL(`b`), ISNULL(`v`), ISNULL(`j`), ISNULL(`g`), ISNULL(`kept`))), 256), 16), 16, 10) AS DECIMAL(30, 0)), 1000000000000000000000000000000)), 0) AS total FROM `shop`.`or``ders` FORCE INDEX (`PRIMARY`) WHERE (((`id` > 4))) AND (((`id` <= 9)))",
    );
  });

  test('has the type of each value inside a JSON, where both servers list them: a DECIMAL(8,2) and a DOUBLE of its look have one size', () => {
    const definition = { ...defined([id, { name: 'j', type: 'json' }]), listsJson: true };
    expect(sumQuestion(table, definition, {})).toContain(
      "SHA2(`j`, 256), JSON_STORAGE_SIZE(JSON_ARRAY(`j`)), IF(JSON_STORAGE_SIZE(JSON_ARRAY(`j`)) > 65536, '', (SELECT COALESCE(SUM(CRC32(CONCAT(inside.o, TRIM(LEADING 'UNSIGNED ' FROM JSON_TYPE(inside.v))))), 0) FROM JSON_TABLE(JSON_EXTRACT(JSON_ARRAY(`j`), '$**.*', '$**[*]'), '$[*]' COLUMNS (o FOR ORDINALITY, v JSON PATH '$')) AS inside))",
    );
  });

  test('reads all of a table without a key that can be used', () => {
    for (const keys of [
      keysText(['name'], { part: 10 }),
      keysText(['f']),
      keysText(['absent']),
      'answer\nk0\ndb\tname',
    ]) {
      const definition = defined(
        [
          { name: 'name', type: 'varchar', collation: 'utf8mb4_bin' },
          { name: 'f', type: 'float' },
        ],
        keys,
      );
      expect(definition.key).toBeUndefined();
      expect(sumQuestion(table, definition, {})).toMatch(/FROM `shop`\.`or``ders`$/);
    }
  });

  test('of a range by several columns is in the order of their key', () => {
    const columns = [id, { name: 'at', type: 'datetime' }, { name: 'n', type: 'varchar', collation: 'utf8mb4_bin' }];
    const definition = defined(columns, keysText(['id', 'at', 'n']));
    expect(sumQuestion(table, definition, { from: ['1', '2026-11-28 20:00:00', hex("o'x")] })).toContain(
      "WHERE (`id` >= 1 AND ((`id` > 1) OR (`id` = 1 AND `at` > '2026-11-28 20:00:00') OR (`id` = 1 AND `at` = '2026-11-28 20:00:00' AND `n` > _utf8mb4 x'6F2778' COLLATE utf8mb4_bin)))",
    );
  });
});

describe('a host that lies', () => {
  const definition = defined([id, { name: 'n', type: 'varchar', collation: 'utf8mb4_bin' }], keysText(['id', 'n']));
  const parts = definition.key?.parts ?? [];

  test.each([['1 OR 1=1', '61'], ['1', "61' OR '1"], ['1', '6'], ['', '61'], ['1'], ['1', '61', '62']])(
    'tells no key that becomes a part of a statement: %s %s',
    (...key) => {
      expect(isKey(parts, key)).toBe(false);
      if (key.length === 2) expect(() => sumQuestion(table, definition, { to: key })).toThrow('not in its form');
    },
  );

  test('tells no collation that becomes a part of a statement: the table has no definition then', () => {
    const answers = readAnswers(
      `${columnsText([{ name: 'n', type: 'varchar', collation: 'utf8mb4_bin; DROP TABLE x' }])}\n${keysText(['n'])}\n`,
    );
    expect(readDefinition(table, answers.get('c0'), answers.get('k0'))).toBeUndefined();
  });
});

test('the end of a range is the key of its last row', () => {
  const definition = defined([id, { name: 'n', type: 'varbinary' }], keysText(['id', 'n']));
  if (!definition.key) throw new Error('no key');
  expect(boundQuestion(table, { key: definition.key }, { from: ['1', '00'] }, 500)).toBe(
    "SELECT `id` AS k0, HEX(`n`) AS k1, 1 AS it FROM `shop`.`or``ders` FORCE INDEX (`PRIMARY`) WHERE (`id` >= 1 AND ((`id` > 1) OR (`id` = 1 AND `n` > x'00'))) ORDER BY `id`, `n` LIMIT 1 OFFSET 499",
  );
});

test('definitions of two versions that mean the same are equal, and others are told', () => {
  const one = defined([
    { ...id, whole: 'int(11)' },
    { name: 'n', type: 'varchar', collation: 'utf8_bin' },
  ]);
  expect(differenceOf(one, defined([id, { name: 'n', type: 'varchar', collation: 'utf8mb3_bin' }]))).toBeUndefined();
  expect(
    differenceOf(
      one,
      defined([
        { ...id, whole: 'bigint' },
        { name: 'n', type: 'varchar', collation: 'utf8_bin' },
      ]),
    ),
  ).toBe('column id is int on the source, and bigint on the replica');
  expect(differenceOf(one, defined([id]))).toBe('the source has the columns id, n, and the replica id');
  expect(differenceOf(one, defined([id, { name: 'n', type: 'varchar', collation: 'utf8_bin' }], keysText(['n'])))).toBe(
    'its key is PRIMARY (id) on the source, and PRIMARY (n) on the replica',
  );
});

test('a range is told in words, without control characters, and with other bytes in hexadecimal', () => {
  const { key } = defined([id, { name: 'n', type: 'varchar', collation: 'utf8mb4_bin' }], keysText(['id', 'n']));
  const parts = key?.parts ?? [];
  expect(rangeText(parts, { from: ['4', hex('anna')], to: ['5', hex('\u001b[31mred\n')] })).toBe(
    'after id 4 and n "anna", up to id 5 and n "red "',
  );
  expect(rangeText(parts, {})).toBe('all rows');
});
