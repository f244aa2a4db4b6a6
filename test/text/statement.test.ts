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
  [
    "CREATE TABLE f (a INT) ENGINE=FEDERATED CONNECTION='mysql://u:p@hunter2@h/db/t'",
    "CREATE TABLE f (a INT) ENGINE=FEDERATED CONNECTION='mysql://...@h/db/t'",
  ],
  ["CREATE TABLE f (a INT) CONNECTION='mysql://u:hunt", "CREATE TABLE f (a INT) CONNECTION='mysql://..."],
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

// A replica of another vendor or version: the words by which a password is known are before those that are repeated.
test('an error of a replica has nothing of what its server did not understand, in its language neither', () => {
  const query =
    "on query. Default database: ''. Query: 'ALTER USER a IDENTIFIED WITH x BY 'hunter2'', Error_code: MY-001064";
  const manual = "Error 'You have an error in your SQL syntax; check the manual for the right syntax to use near";
  const shown = "on query. Default database: ''. Query: 'ALTER USER a IDENTIFIED ...";
  expect(shownError(`${manual} 'BY 'hunter2'' at line 1' ${query}`)).toBe(`${manual} ... at line 1' ${shown}`);
  expect(shownError(`${manual} 'BY\n'hunt`)).toBe(`${manual} ...`);
  const german =
    "Worker 1 failed executing transaction 'ANONYMOUS'; Error 'Fehler in der SQL-Syntax. Bitte die korrekte Syntax im Handbuch nachschlagen bei";
  expect(shownError(`${german} 'BY 'hunter2'' in Zeile 1' ${query}`)).toBe(
    `${german} ...${shown.slice(shown.indexOf('Query'))}`,
  );
});
