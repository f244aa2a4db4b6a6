// Two replicas of a dead primary, and the recorded tail of the first one's log.
import { readFileSync } from 'node:fs';
import type { ReplicationChannel, ServerFacts, Vendor } from '../../src/host/facts.ts';
import { logsToBring } from '../../src/salvage/plan.ts';
import { readTail, type Tail } from '../../src/salvage/tail.ts';
import type { ReplicationState } from '../../src/seed/replica/source/replication-state.ts';

export const uuid = '150b088a-eae8-11f1-b802-525400770011';
export const who = { account: 'ops', jumpHost: 'jump1' };

/** As recorded, without the statement that holds the delimiter of mysqlbinlog. */
export function tailText(name: 'mysql-9.7' | 'mariadb-10.11', odd = false): string {
  const text = readFileSync(new URL(`../fixtures/${name}/salvage-look.txt`, import.meta.url), 'utf8');
  return odd ? text : text.replace(/^odd.*\n/m, '');
}

export function tailFrom(text: string): Tail {
  const tail = readTail(text);
  if (!tail) throw new Error('it was not read');
  return tail;
}

export const channel: ReplicationChannel = {
  name: '',
  sourceHost: '10.77.0.11',
  sourcePort: 3306,
  sourceUser: 'repl',
  ioThread: 'stopped',
  sqlThread: 'stopped',
  autoPosition: true,
  tls: true,
};

export function state(vendor: Vendor, gtid: string, more: Partial<ReplicationState> = {}): ReplicationState {
  const server: ServerFacts = {
    port: 3306,
    serverId: 12,
    version: vendor === 'mariadb' ? '10.11.19' : '9.7.4',
    fullVersion: '',
    vendor,
    hostname: 'db2',
    socket: '/run/mysqld/mysqld.sock',
    datadir: '/var/lib/mysql',
    errorLog: '',
    readOnly: true,
    superReadOnly: false,
    logBin: true,
    gtid: true,
    gtidExecuted: gtid,
    ...(vendor !== 'mariadb' && { gtidPurged: '' }),
  };
  const isMaria = vendor === 'mariadb';
  return {
    server,
    channel,
    further: [],
    ownGtid: gtid,
    binlogGtid: isMaria ? gtid : '',
    binlogState: isMaria ? gtid : '',
    slaveGtid: isMaria ? gtid : '',
    delaySeconds: 0,
    readAll: true,
    logsReplicated: true,
    ...more,
  };
}

export const salvageJob = (tail: Tail) =>
  ({
    job: 'cafe',
    who,
    vendor: 'mysql',
    version: '9.7.4',
    from: { name: 'db2', datadir: '/var/lib/mysql' },
    to: { name: 'db3', datadir: '/srv/mysql/data', login: {} },
    before: `${uuid}:1-46`,
    tail,
    logs: logsToBring(tail),
  }) as const;
