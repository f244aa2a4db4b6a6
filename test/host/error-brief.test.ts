// The words that an error of a server leads with: texts of servers of the practice fleet.
import { expect, test } from 'vitest';
import { errorBrief, lineBrief } from '../../src/host/server/error-brief.ts';

const worker =
  "Worker 1 failed executing transaction '0680a028-e6a7-11f1-b151-525400770011:3082' at source log binlog.000001, end_log_pos 1823375; ";
const writeRows = (table: string, key: string) =>
  `Could not execute Write_rows event on table ${table}; Duplicate entry '3080' for key '${key}', Error_code: 1062; handler error HA_ERR_FOUND_DUPP_KEY; the event's source log binlog.000001, end_log_pos 1823375`;

test.each([
  [`${worker}${writeRows('drill.ledger', 'ledger.PRIMARY')}`, 1062, '1062 duplicate key 3080 in drill.ledger'],
  [
    `${worker}${writeRows('drill.ledger', 'ledger.by_name')}`,
    1062,
    '1062 duplicate key 3080 of by_name in drill.ledger',
  ],
  [
    "Could not execute Write_rows_v1 event on table drill.ledger; Duplicate entry '3122' for key 'PRIMARY', Error_code: 1062; handler error HA_ERR_FOUND_DUPP_KEY; the event's master log binlog.000001, end_log_pos 2494054",
    1062,
    '1062 duplicate key 3122 in drill.ledger',
  ],
  [
    "Could not execute Update_rows event on table drill.ledger; Can't find record in 'ledger', Error_code: 1032; handler error HA_ERR_KEY_NOT_FOUND; the event's source log binlog.000001, end_log_pos 1823375",
    1032,
    '1032 row to update not found in drill.ledger',
  ],
  ["Error executing row event: 'Table 'drill.gone' doesn't exist'", 1146, '1146 table drill.gone does not exist'],
  [
    "Error 'Unknown column 'b' in 'field list'' on query. Default database: 'drill'. Query: 'INSERT INTO t (b) VALUES (1)'",
    1054,
    "1054 Unknown column 'b' in 'field list'",
  ],
  [
    "Got fatal error 1236 from source when reading data from binary log: 'Could not find first log file name in binary log index file'",
    13114,
    '1236 Could not find first log file name in binary log index file',
  ],
  [
    "Error connecting to source 'repl@10.77.0.11:3306'. This was attempt 3/86400, with a delay of 5 seconds between attempts. Message: Can't connect to MySQL server on '10.77.0.11:3306' (111)",
    2003,
    "2003 no connection to 10.77.0.11:3306: Can't connect to MySQL server on '10.77.0.11:3306' (111)",
  ],
  ['The replica coordinator failed to initialize', 13124, '13124 The replica coordinator failed to initialize'],
  ['Something odd', undefined, 'Something odd'],
])('%s', (text, number, brief) => {
  expect(errorBrief(text, number)).toBe(brief);
});

test.each([
  [
    '[ERROR] [MY-012592] [InnoDB] Operating system error number 2 in a file operation.',
    'MY-012592 InnoDB: Operating system error number 2 in a file operation.',
  ],
  [
    `[ERROR] [MY-010584] [Repl] Replica SQL for channel '': ${worker}${writeRows('drill.ledger', 'ledger.PRIMARY')}, Error_code: MY-001062`,
    '1062 duplicate key 3080 in drill.ledger',
  ],
  [
    `[ERROR] Slave I/O: error connecting to master 'repl@10.77.0.14:3306' - retry-time: 2  maximum-retries: 100000  message: Can't connect to server on '10.77.0.14' (111 "Connection refused"), Internal MariaDB error code: 2003`,
    `2003 no connection to 10.77.0.14:3306: Can't connect to server on '10.77.0.14' (111 "Connection refused")`,
  ],
  ['[ERROR] Aborting', 'Aborting'],
  ['mysqld got signal 11 ;', 'mysqld got signal 11 ;'],
])('a line of the log: %s', (message, brief) => {
  expect(lineBrief(message)).toBe(brief);
});
