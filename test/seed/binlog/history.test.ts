// Whether a target can continue from its present data, with servers as those of the practice fleet described
// themselves.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { errantAdvice } from '../../../src/seed/methods/binlog/errant.ts';
import { historyOf } from '../../../src/seed/methods/binlog/history.ts';
import { readReplicationState } from '../../../src/seed/replica/source/replication-state.ts';

const text = (name: string) => readFileSync(join(import.meta.dirname, `../../fixtures/${name}.txt`), 'utf8');
function told(words: string) {
  const state = readReplicationState(words);
  if (!state) throw new Error('it tells nothing');
  return state;
}

describe('a MySQL target', () => {
  const replica = text('mysql-9.7/standing-replica');
  const uuid = '07de3713-e6c4-11f1-b17e-525400770011';
  const primary = (gtids: string, purged = '') =>
    told(
      text('mysql-9.7/standing-source')
        .replace(/^gtid_executed\t.*$/m, `gtid_executed\t${gtids}`)
        .replace(/^gtid_purged\t.*$/m, `gtid_purged\t${purged}`),
    );
  const of = (target: string, gtids: string, purged?: string) =>
    historyOf('mysql', 'db2', told(target), { name: 'db1', replicationState: primary(gtids, purged) });
  const executed = (gtids: string) => replica.replace(/^gtid_executed\t.*$/m, `gtid_executed\t${gtids}`);

  test('whose GTIDs its source has all lacks the rest of them', () => {
    expect(of(replica, `${uuid}:1-75307`)).toEqual({ is: 'whole', lacking: 11 });
  });

  test('that has transactions of its own has them named, one by one', () => {
    const own = 'daa5779a-e6ca-11f1-92dd-525400770013:1-2';
    expect(of(executed(`${uuid}:1-75296,${own}`), `${uuid}:1-75307`)).toEqual({ is: 'errant', gtids: own });
  });

  test('is refused where its source has purged what it lacks, with how many', () => {
    expect(of(executed(`${uuid}:1-75000`), `${uuid}:1-75307`, `${uuid}:1-75100`)).toMatchObject({
      is: 'refused',
      why: expect.stringMatching(/^db1 has purged 100 transactions that come after gtid /),
    });
  });

  test('that has executed no GTID is of no history that is known', () => {
    expect(of(executed(''), `${uuid}:1-75307`)).toMatchObject({
      why: 'db2 has executed no GTID: whether its data has the history of db1 is not known',
    });
  });

  test('without gtid_mode is refused by its name', () => {
    expect(of(replica.replace(/^gtid_mode\tON$/m, 'gtid_mode\tOFF'), `${uuid}:1-75307`)).toMatchObject({
      why: expect.stringMatching(/^db2 has no GTIDs/),
    });
  });

  test('whose relay logs hold what the new source does not have keeps them: nothing is deleted unseen', () => {
    const state = told(replica);
    if (!state.channel) throw new Error('it is no replica');
    const received = { ...state, channel: { ...state.channel, gtidRetrieved: `${uuid}:75290-75400` } };
    const look = { name: 'db1', replicationState: primary(`${uuid}:1-75307`) };
    expect(historyOf('mysql', 'db2', received, look)).toMatchObject({
      is: 'refused',
      why: `the relay logs of db2 hold transactions that db1 does not have, and would be deleted: ${uuid}:75308-75400`,
    });
  });
});

describe('a MariaDB target', () => {
  const replica = text('mariadb-10.11/standing-replica');
  const primary = text('mariadb-10.11/standing-source');
  const own = (binlog: string, slave: string, state: string) =>
    replica.replace(
      /^gtid_current_pos\t.*$/m,
      `gtid_current_pos\t${slave}\ngtid_binlog_pos\t${binlog}\ngtid_slave_pos\t${slave}\ngtid_binlog_state\t${state}`,
    );
  const of = (target: string, beginning: string | undefined = '') =>
    historyOf('mariadb', 'db5', told(target), {
      name: 'db4',
      replicationState: told(
        primary.replace(
          /^gtid_current_pos\t(.*)$/m,
          'gtid_current_pos\t$1\ngtid_binlog_pos\t$1\ngtid_slave_pos\t\ngtid_binlog_state\t$1',
        ),
      ),
      beginning,
    });

  test('whose position its source has passed lacks the rest', () => {
    expect(of(own('0-14-6300', '0-14-6300', '0-14-6300'))).toEqual({ is: 'whole', lacking: 15 });
  });

  test('that wrote by itself has that named, by its server_id', () => {
    const errant = of(own('0-15-6301', '0-14-6300', '0-14-6300,0-15-6301'));
    expect(errant).toEqual({ is: 'errant', gtids: '0-15-6301' });
  });

  test('is refused where the oldest log of its source begins later', () => {
    expect(of(own('0-14-6300', '0-14-6300', '0-14-6300'), '0-14-6310')).toMatchObject({
      is: 'refused',
      why: 'db4 has purged 10 transactions that come after gtid 0-14-6300',
    });
  });

  test('that replicates by file and position is refused: its gtid_slave_pos may be older than its data', () => {
    const byFile = own('0-14-6300', '0-14-6300', '0-14-6300').replace(/\tSlave_Pos\t/g, '\tNo\t');
    expect(byFile).not.toBe(own('0-14-6300', '0-14-6300', '0-14-6300'));
    expect(of(byFile)).toMatchObject({
      is: 'refused',
      why: expect.stringContaining('db5 replicates by file and position (Using_Gtid: No)'),
    });
  });

  test('with received transactions is never told to start where both threads stand: that would delete them', () => {
    const state = told(own('0-14-6300', '0-14-6300', '0-14-6300'));
    if (!state.channel) throw new Error('it is no replica');
    const look = { name: 'db4', replicationState: told(primary), beginning: '' };
    const of = (ioThread: 'stopped' | 'connecting') => {
      const channel = { ...state.channel, autoPosition: true, ioThread, gtidRetrieved: '0-14-9999' };
      return historyOf('mariadb', 'db5', { ...state, channel } as typeof state, look);
    };
    expect(of('stopped')).toMatchObject({
      advice: expect.stringMatching(/^do not start its replication: .*reseed salvage db5 HOST/),
    });
    expect(of('connecting')).toMatchObject({ advice: 'START SLAVE SQL_THREAD on db5 applies them, and plan again' });
  });

  test('whose gtid_slave_pos is behind its own log would apply anew what it wrote: it is told what to set', () => {
    expect(of(own('0-14-6300', '0-14-6200', '0-14-6300'))).toMatchObject({
      is: 'refused',
      advice: "on db5: SET GLOBAL gtid_slave_pos = '0-14-6300', and plan again",
    });
  });
});

describe('what may be done about errant transactions', () => {
  const hosts = { target: 'db2', source: 'db1', donor: 'db1' } as const;
  const uuid = 'daa5779a-e6ca-11f1-92dd-525400770013';

  test('is told in commands that can be run as they stand', () => {
    const gtids = `${uuid}:7-8`;
    expect(errantAdvice({ ...hosts, vendor: 'mysql', gtids, logs: '/var/lib/mysql/binlog' })).toBe(
      `look at them, on db2: mysqlbinlog -vv --base64-output=DECODE-ROWS --include-gtids='${gtids}' '/var/lib/mysql/binlog'.[0-9]*; ` +
        `then either have db1 hold them as empty ones, where db2 keeps what they did: reseed seed db1 db2 --method binlog --inject-empty; ` +
        'or lose them with the old data: reseed seed db1 db2',
    );
  });

  test('of many is to lose them: nothing says what they did', () => {
    const advice = errantAdvice({ ...hosts, vendor: 'mysql', gtids: `${uuid}:1-501` });
    expect(advice).not.toContain('--inject-empty');
    expect(advice).toContain('reseed seed db1 db2');
  });

  test('of a MariaDB are looked at, and there is no way to leave them out', () => {
    const advice = errantAdvice({ ...hosts, vendor: 'mariadb', gtids: '0-15-6301', logs: '/var/lib/mysql/binlog' });
    expect(advice).toContain(
      "mariadb-binlog -vv --base64-output=DECODE-ROWS '/var/lib/mysql/binlog'.[0-9]* | less -p 'GTID 0-15-6301 '",
    );
    expect(advice).not.toContain('--inject-empty');
  });
});
