// The statements that a snapshot is taken with, and their results.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCoordinates } from '../../src/snapshot/coordinates.ts';
import { lockWords } from '../../src/snapshot/lock-words.ts';

describe('the words of the lock', () => {
  test.each([
    ['mysql', '5.7.44', 'FLUSH TABLES WITH READ LOCK', 'SHOW MASTER STATUS', 'SHOW SLAVE STATUS'],
    ['mysql', '8.0.21', 'LOCK INSTANCE FOR BACKUP; FLUSH', 'SHOW MASTER STATUS', 'SHOW SLAVE STATUS'],
    ['mysql', '8.0.40', 'LOCK INSTANCE FOR BACKUP; FLUSH', 'SHOW MASTER STATUS', 'SHOW REPLICA STATUS'],
    ['percona', '8.4.3', 'LOCK INSTANCE FOR BACKUP; FLUSH', 'SHOW BINARY LOG STATUS', 'SHOW REPLICA STATUS'],
    ['mysql', '9.7.4', 'LOCK INSTANCE FOR BACKUP; FLUSH', 'SHOW BINARY LOG STATUS', 'SHOW REPLICA STATUS'],
    ['mysql', '26.7', 'LOCK INSTANCE FOR BACKUP; FLUSH', 'SHOW BINARY LOG STATUS', 'SHOW REPLICA STATUS'],
    ['mariadb', '10.3.39', 'FLUSH TABLES WITH READ LOCK', 'SHOW MASTER STATUS', 'SHOW ALL SLAVES STATUS'],
    ['mariadb', '10.11.19', 'BACKUP STAGE START; BACKUP STAGE FLUSH', 'SHOW MASTER STATUS', 'SHOW ALL SLAVES STATUS'],
  ] as const)('of %s %s', (vendor, version, lock, coordinates, source) => {
    const words = lockWords({ vendor, version });
    expect(words.lock.startsWith(lock)).toBe(true);
    expect(words.coordinates.startsWith(coordinates)).toBe(true);
    expect(words.source.split('; ')[0]).toBe(source);
    // How far the redo log is on the disk: 5.7 and 8.0.21 have no such status.
    expect(words.source.includes(' AS innodb_lsn FROM ')).toBe(!version.startsWith('5.') && version !== '8.0.21');
    expect(words.flush).toBe('FLUSH NO_WRITE_TO_BINLOG ENGINE LOGS');
    expect(words.holder).toContain(vendor === 'mariadb' ? 'SELECT TID' : 'SELECT THREAD_OS_ID');
    expect(words.lock.includes('INSTANCE')).toBe(words.unlock.includes('INSTANCE'));
    expect(words.lock.includes('STAGE')).toBe(words.unlock === 'BACKUP STAGE END');
  });
});

const told = (folder: string) =>
  readFileSync(join(import.meta.dirname, `../fixtures/${folder}/take-snapshot.txt`), 'utf8');

describe('the coordinates', () => {
  test('of a MySQL replica that has applied nothing yet are its log, and where it replicates from', () => {
    expect(readCoordinates(told('mysql-9.7'))).toMatchObject({
      lockedMs: 3171,
      logFile: 'binlog.000002',
      logPosition: 158,
      gtid: '',
      source: { host: '10.77.0.11', port: 3306 },
    });
  });

  const replica = (running: string, channel = '', host = 'a') =>
    `*** 1. row ***\nSource_Host: ${host}\nSource_Port: 3306\nRelay_Source_Log_File: binlog.000007\nReplica_SQL_Running: ${running}\nExec_Source_Log_Pos: 4711\nChannel_Name: ${channel}\n`;

  test('how far its redo log was on the disk, which a target is proved by', () => {
    const text = 'locked_ms 1\n*** 1. row ***\ngtid_executed: a:1\n*** 1. row ***\ninnodb_lsn: 51627097\n';
    expect(readCoordinates(text)?.lsn).toBe('51627097');
    expect(readCoordinates('locked_ms 1\ninnodb_lsn: none\n')).not.toHaveProperty('lsn');
  });

  test('of a replica whose applier ran have no position in its log: the data was 2 to 13 transactions beyond it', () => {
    const running = readCoordinates(`locked_ms 1\n${replica('Yes')}`);
    expect(running?.source).toMatchObject({ host: 'a', logFile: '', logPosition: 0 });
    const stopped = readCoordinates(`locked_ms 1\n${replica('No')}`);
    expect(stopped?.source).toMatchObject({ host: 'a', logFile: 'binlog.000007', logPosition: 4711 });
  });

  test('of a replica of several sources are those of each channel, and never a mixture', () => {
    const both = readCoordinates(`locked_ms 1\n${replica('No')}${replica('No', 'second', 'b')}`);
    expect(both?.source).toMatchObject({ channel: '', host: 'a' });
    expect(both?.sources?.map(({ channel, host }) => [channel, host])).toEqual([
      ['', 'a'],
      ['second', 'b'],
    ]);
    const named = readCoordinates(`locked_ms 1\n${replica('No', 'x', 'a')}${replica('No', 'y', 'b')}`);
    expect(named).not.toHaveProperty('source');
  });

  test('of a MariaDB primary are its log and its GTID, and no source', () => {
    const coordinates = readCoordinates(told('mariadb-10.11'));
    expect(coordinates).toMatchObject({ lockedMs: 816, logFile: 'binlog.000001', gtid: '0-14-5317' });
    expect(coordinates).not.toHaveProperty('source');
  });

  test('of a MariaDB replica that logs nothing of what it applies are where that had come to', () => {
    const position = (binlog: string, slave: string) =>
      readCoordinates(
        `${told('mariadb-10.11')
          .replace('0-14-5317', binlog)
          .replace(/gtid_slave_pos: $/m, `gtid_slave_pos: ${slave}`)}\n${replica('Yes')}`,
      )?.gtid;
    expect(position('0-14-5317', '0-13-9000,1-13-4')).toBe('0-13-9000,1-13-4');
    expect(position('0-14-5317', '0-13-200')).toBe('0-14-5317');
    expect(position('', '0-13-200')).toBe('0-13-200');
  });

  test('of a MariaDB that was promoted by RESET MASTER are those of its log: its gtid_slave_pos is greater, and a replica passed over rows without an error', () => {
    const position = (binlog: string, slave: string) =>
      readCoordinates(
        told('mariadb-10.11')
          .replace('0-14-5317', binlog)
          .replace(/gtid_slave_pos: $/m, `gtid_slave_pos: ${slave}`),
      )?.gtid;
    expect(position('0-14-2', '0-13-90000000,1-13-4')).toBe('0-14-2,1-13-4');
    expect(position('0-14-2,2-14-7', '0-13-90000000')).toBe('0-14-2,2-14-7');
    expect(position('', '0-13-90000000')).toBe('0-13-90000000');
  });

  test('have a GTID set of several lines in one', () => {
    const text =
      'locked_ms 7\n*** 1. row ***\ngtid_executed: 319ce0d8-e6aa-11f1-b156-525400770011:1-9,\n419ce0d8-e6aa-11f1-b156-525400770011:1-2\n';
    expect(readCoordinates(text)?.gtid).toBe(
      '319ce0d8-e6aa-11f1-b156-525400770011:1-9,419ce0d8-e6aa-11f1-b156-525400770011:1-2',
    );
  });

  test('are read from any text, and hold no control character of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const read = readCoordinates(`locked_ms 1\nFile: ${text}\ngtid_executed: ${text}\nSource_Host: ${text}`);
        expect(JSON.stringify(read)).not.toMatch(/\p{Cc}|\u202e|\\u00/u);
      }),
    );
    expect(readCoordinates('no')).toBeUndefined();
  });
});
