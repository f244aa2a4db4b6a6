// Statements of others on a screen or in an answer: no password of theirs is in it.
import { expect, test } from 'vitest';
import { shownError, shownStatement } from '../../src/text/statement.ts';

test.each([
  ["CREATE USER a@b IDENTIFIED BY 'hunter2'", 'CREATE USER a@b IDENTIFIED ...'],
  ["alter user a identified with x by 'hunter2'", 'alter user a identified ...'],
  ["SET PASSWORD FOR a = 'hunter2'", 'SET PASSWORD ...'],
  [
    "CHANGE MASTER TO MASTER_HOST='db1', MASTER_PASSWORD='hunter2'",
    "CHANGE MASTER TO MASTER_HOST='db1', MASTER_PASSWORD ...",
  ],
  ["CHANGE REPLICATION SOURCE TO SOURCE_PASSWORD = 'hunter2'", 'CHANGE REPLICATION SOURCE TO SOURCE_PASSWORD ...'],
  [
    "CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (PASSWORD 'hunter2')",
    'CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (PASSWORD ...',
  ],
  [
    "CREATE TABLE f (a INT) ENGINE=FEDERATED CONNECTION='mysql://u:hunter2@h/db/t'",
    "CREATE TABLE f (a INT) ENGINE=FEDERATED CONNECTION='mysql://...@h/db/t'",
  ],
  ["UPDATE users SET passwd = 'hunter2' WHERE id = 1", 'UPDATE users SET passwd ...'],
  ["SELECT AES_DECRYPT(card, 'hunter2') FROM cards", 'SELECT AES_DECRYPT ...'],
  ["SET GLOBAL s3_secret_key = 'hunter2'", 'SET GLOBAL s3_secret ...'],
  // Cut by the server in its middle.
  ["GRANT ALL ON *.* TO a IDENTIFIED BY 'hunt", 'GRANT ALL ON *.* TO a IDENTIFIED ...'],
  ["INSERT INTO api (api_key) VALUES ('hunter2')", 'INSERT INTO api (api_key ...'],
])('%s is shown as %s', (text, shown) => {
  expect(shownStatement(text)).toBe(shown);
});

test.each(['SELECT * FROM orders WHERE id = 7', "INSERT INTO ledger VALUES (1, 'a@b.c')", 'SELECT SLEEP(25)'])(
  '%s is whole',
  (text) => {
    expect(shownStatement(text)).toBe(text);
  },
);

test('an error of a replica has no password of the statement that it failed at: status, logs and receivers had it', () => {
  const before = "Error 'Plugin 'ed25519' is not loaded' on query. Default database: ''. Query: 'CREATE USER a";
  expect(shownError(`${before} IDENTIFIED VIA ed25519 USING PASSWORD('hunter2')'`)).toBe(`${before} IDENTIFIED ...`);
  const denied = "Access denied for user 'repl'@'10.0.0.1' (using password: YES)";
  expect(shownError(denied)).toBe(denied);
});
