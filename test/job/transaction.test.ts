// A journal whose disk is full: the operator is told that, and not SQLite's message about a second rollback.
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { migrate } from '../../src/job/journal/schema.ts';
import { inTransaction } from '../../src/job/journal/transaction.ts';

/** A journal in memory, with room for that many pages: for one more, SQLite reports a full disk. */
function withSpaceFor(pages: number): DatabaseSync {
  const database = new DatabaseSync(':memory:');
  onTestFinished(() => database.close());
  database.exec(`CREATE TABLE word (text TEXT); PRAGMA max_page_count = ${pages}`);
  return database;
}

test('writes on a full disk fail with "database or disk is full", and none of them is kept', () => {
  const database = withSpaceFor(4);
  const fill = () => {
    for (let row = 0; row < 100; row++) database.prepare('INSERT INTO word VALUES (?)').run('x'.repeat(3000));
  };
  expect(() => inTransaction(database, fill)).toThrow('database or disk is full');
  expect(database.prepare('SELECT count(*) AS rows FROM word').get()).toEqual({ rows: 0 });
  expect(inTransaction(database, () => 'goes on')).toBe('goes on');
});

test('a journal whose tables do not fit on the disk fails with the same words', () => {
  expect(() => migrate(withSpaceFor(3))).toThrow('database or disk is full');
});

test('what the work itself throws comes through, and its writes are rolled back', () => {
  const database = withSpaceFor(10);
  const failing = () => {
    database.exec("INSERT INTO word VALUES ('a')");
    throw new Error('no such job');
  };
  expect(() => inTransaction(database, failing)).toThrow('no such job');
  expect(database.prepare('SELECT count(*) AS rows FROM word').get()).toEqual({ rows: 0 });
});
