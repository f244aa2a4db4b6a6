// What seed-load.sh says, as of db1 and db4 of the practice fleet.
import { describe, expect, test } from 'vitest';
import { loadProgress, readLoaded } from '../../../src/seed/methods/dump/told.ts';
import { blockedMs } from '../../../src/seed/methods/sent.ts';

const row = '*************************** 1. row ***************************\n';
const base64 = (text: string) => Buffer.from(text).toString('base64');
const mysql = base64(`${row}             File: binlog.000002
         Position: 233738
     Binlog_Do_DB: 
 Binlog_Ignore_DB: 
Executed_Gtid_Set: 526a8360-eaed-11f1-b7f2-525400770011:1-797
${row}gtid_executed: 526a8360-eaed-11f1-b7f2-525400770011:1-797,
5fb41762-eaeb-11f1-b7cb-525400770011:1-3
${row}innodb_lsn: 88888
`);

describe('the end of a load', () => {
  const lines = [
    'refused ERROR 1146 (42S02): no such table',
    'rows 165385 4',
    'came 9000000',
    `stands ${mysql}`,
    'loaded',
  ];

  test('tells where the rows stand, without what only files have', () => {
    expect(readLoaded(lines)).toEqual({
      stands: {
        logFile: 'binlog.000002',
        logPosition: 233738,
        gtid: '526a8360-eaed-11f1-b7f2-525400770011:1-797,5fb41762-eaeb-11f1-b7cb-525400770011:1-3',
      },
      rows: 165385,
      tables: 4,
      bytes: 9000000,
      untold: 0,
      refused: ['ERROR 1146 (42S02): no such table'],
    });
  });

  test('of a MariaDB that replicates has the GTIDs of its source, and no position in its log', () => {
    const text = `${row}File: binlog.000001\nPosition: 9\n${row}gtid_binlog_pos: 0-14-5\ngtid_slave_pos: 0-14-5\n${row}Connection_name: \nMaster_Host: 10.77.0.14\nMaster_Port: 3306\nUsing_Gtid: Slave_Pos\nSlave_SQL_Running: Yes\n`;
    const loaded = readLoaded(['rows 1 1', `stands ${base64(text)}`, 'loaded']);
    expect(loaded?.stands.source).toEqual({ logFile: '', logPosition: 0, gtid: '0-14-5' });
  });

  test('that is cut short is none', () => {
    expect(readLoaded(lines.slice(0, -1))).toBeUndefined();
    expect(readLoaded(['loaded'])).toBeUndefined();
  });
});

test('the progress of a load has the bytes of the dump, and clean words', () => {
  expect(loadProgress('load 1048576 4194304')).toEqual({
    text: '1.0M of 4.0M of the dump',
    doneBytes: 1048576,
    totalBytes: 4194304,
  });
  expect(loadProgress('the accounts are made\x1b[31m').text).not.toContain('\x1b');
});

test('how long writes were blocked is what the donor counted', () => {
  expect(blockedMs(['compression: zstd', 'blocked 94', 'copied to db3'])).toBe(940);
  expect(blockedMs(['lost t1'])).toBeUndefined();
});
