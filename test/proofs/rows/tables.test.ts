// Which tables a proof of rows compares, and what it says of the others.
import { describe, expect, test } from 'vitest';
import { leftOutBy, unreadFilters } from '../../../src/proofs/rows/filters.ts';
import { type Listed, tablesOf } from '../../../src/proofs/rows/tables.ts';

const hex = (text: string) => Buffer.from(text).toString('hex').toUpperCase();
const listed = (name: string, more: Partial<Listed> = {}): Listed => ({
  db: hex('shop'),
  name: hex(name),
  type: 'BASE TABLE',
  engine: 'InnoDB',
  rows: 10,
  bytes: 16_384,
  ...more,
});

test('a table is compared if both have it, in InnoDB; all others are told with the reason', () => {
  const both = [listed('orders'), listed('log', { engine: 'MyISAM' }), listed('ids', { type: 'SEQUENCE' })];
  const source = [...both, listed('lost'), listed('dropped'), listed('audit')];
  expect(
    tablesOf({
      source,
      replica: [...both, listed('own'), listed('new')],
      sourceAfter: [...source.filter(({ name }) => name !== hex('dropped')), listed('new')],
      filters: ['replicate_ignore_table shop.audit'],
    }),
  ).toEqual({
    compare: [[hex('shop'), hex('orders'), 10, 16_384]],
    missing: [
      { table: 'shop.lost', why: 'the replica does not have this table' },
      { table: 'shop.own', why: 'the source does not have this table' },
    ],
    notCompared: [
      { table: 'shop.dropped', why: 'it came, or went, while tables were listed' },
      { table: 'shop.ids', why: 'it is no plain table on the source (sequence)' },
      { table: 'shop.log', why: 'its engine on the source is MyISAM: only InnoDB has a view of rows that stays' },
      { table: 'shop.new', why: 'it came, or went, while tables were listed' },
    ],
    leftOut: [{ table: 'shop.audit', why: 'replicate_ignore_table shop.audit' }],
  });
});

describe('a filter of replication', () => {
  const leaves = (db: string, name: string, ...filters: string[]) => leftOutBy(filters, { db, name });

  test('by databases, of the replica and of the binary log', () => {
    expect(leaves('audit', 't', 'replicate_ignore_db test,audit')).toBe('replicate_ignore_db audit');
    expect(leaves('shop', 't', 'replicate_ignore_db test,audit')).toBeUndefined();
    expect(leaves('shop', 't', 'replicate_do_db crm')).toBe('replicate_do_db');
    expect(leaves('shop', 't', 'binlog_ignore_db shop')).toBe('binlog_ignore_db shop');
    expect(leaves('shop', 't', 'binlog_do_db shop')).toBeUndefined();
  });

  test('by tables, in the order in which a server looks at them', () => {
    expect(leaves('shop', 't', 'replicate_do_table shop.t', 'replicate_ignore_table shop.t')).toBeUndefined();
    expect(leaves('shop', 't', 'replicate_do_table shop.other')).toBe('replicate_do_table');
    expect(leaves('shop', 't', 'replicate_wild_do_table shop.%', 'replicate_do_table shop.other')).toBeUndefined();
    expect(leaves('shop', 'tmp_1', 'replicate_wild_ignore_table shop.tmp\\_%')).toBe(
      'replicate_wild_ignore_table shop.tmp\\_%',
    );
    expect(leaves('shop', 'tmpx1', 'replicate_wild_ignore_table shop.tmp\\_%')).toBeUndefined();
    expect(leaves('shop', 'a.b', 'replicate_wild_ignore_table shop.a_b')).toBe('replicate_wild_ignore_table shop.a_b');
    expect(leaves('shop', `${'a'.repeat(60)}b`, `replicate_wild_ignore_table shop.${'%a'.repeat(30)}`)).toBeUndefined();
  });

  test('that renames, or goes by servers or domains, tells nothing of a table', () => {
    const strange = ['replicate_rewrite_db a->b', 'replicate_ignore_domain_ids 3'];
    expect(unreadFilters([...strange, 'replicate_do_db shop'])).toEqual(strange);
  });
});
