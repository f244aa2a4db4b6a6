// What a server tells of the tables that are named.
import { describe, expect, test } from 'vitest';
import { bytesOf, readTablesLook, sizeText, tablesWordsOf } from '../../src/tables/facts.ts';

/** As `mysql --batch --force` prints them; db2 of the practice fleet told 16384 bytes of a table whose file had 171966464. */
const answers = (files: string) =>
  [
    'answer\nvariables\nVariable_name\tValue\nversion\t9.7.4\nversion_comment\t(Debian)\nport\t3306\nserver_id\t12\nread_only\tON',
    'answer\nstatus\nVariable_name\tValue\nUptime\t12',
    'answer\ntables\ndb\tname\ttype\tengine\toptions\tbytes\nmy-shop\torders\tBASE TABLE\tInnoDB\t\t16384\nmy-shop\tparts\tBASE TABLE\tInnoDB\tpartitioned\t32768\nmy-shop\tin_ibdata1\tBASE TABLE\tInnoDB\t\t65536',
    `answer\nfiles\n${files}`,
    ...['triggers', 'foreignkeys', 'fulltext', 'floats', 'jsons', 'constraints', 'settings', 'further'].map(
      (name) => `answer\n${name}`,
    ),
  ].join('\n');
const files =
  'name\tbytes\nmy@002dshop/orders\t171966464\nmy@002dshop/parts#p#p0\t1000000\nmy@002dshop/parts#P#p1#SP#s0\t500000';
const look = (text: string) => {
  const read = readTablesLook(answers(text));
  if (!read) throw new Error('nothing was read');
  return read;
};

describe('the size of a table', () => {
  test('is that of its files where its statistics are old, partitions and odd names of databases as well', () => {
    expect(sizeText(look(files), ['my-shop.orders'])).toBe('164M');
    expect(bytesOf(look(files), ['my-shop.parts'])).toBe(1_500_000);
  });

  test('is that of the statistics where it has no file of its own', () => {
    expect(bytesOf(look(files), ['my-shop.in_ibdata1'])).toBe(65_536);
  });

  test('is not known where the server does not tell of files', () => {
    const refused = 'ERROR 1227 (42000) at line 9: Access denied; you need (at least one of) the PROCESS privilege(s)';
    expect(sizeText(look(refused), ['my-shop.orders'])).toBe('?');
  });

  test.each([
    ['mysql', '8.0.36', 'INNODB_TABLESPACES'],
    ['mysql', '5.7.44', 'INNODB_SYS_TABLESPACES'],
    ['mariadb', '10.11.19', 'INNODB_SYS_TABLESPACES'],
  ] as const)('is asked of %s %s in the table that it has: %s', (vendor, version, name) => {
    expect(tablesWordsOf({ vendor, version }, ['my-shop'])).toContain(
      `FROM information_schema.${name} WHERE SUBSTRING_INDEX(NAME, '/', 1) IN ('my-shop', 'my@002dshop')`,
    );
  });
});

test('XA transactions that it has begun are told, where it tells of them', () => {
  const xa = 'answer\nxa\nVariable_name\tValue\nCom_xa_start\t3';
  expect(look(`${files}\n${xa}`).xaBegun).toBe(3);
  expect(look(files).xaBegun).toBeUndefined();
});
