// The statements that hold a server's writers while its volume is snapshotted, and those that read where it stands. Chosen by
// what the server can do: versions are compared within a vendor only.
//   MySQL: LOCK INSTANCE FOR BACKUP is new in 8.0, SHOW BINARY LOG STATUS in 8.2, SHOW REPLICA STATUS in 8.0.22
//   MariaDB: BACKUP STAGE is new in 10.4; its last stage blocks commits, and lets the reads go on
import type { ServerFacts } from '../host/facts.ts';

export interface LockWords {
  readonly lock: string;
  /**
   * Under the lock: what was committed is in the engine's own log on the disk, so that a server on the snapshot needs no binary log
   * to tell it from what was only prepared.
   */
  readonly flush: string;
  /**
   * How far the engine's log has come, as `wanted`, and how far it is on the disk, as `written`: where the server may leave it in
   * memory. Empty: it does not.
   */
  readonly written: string;
  /** The server's datadir and pid file, and the thread of the operating system that serves this session, as `thread`. */
  readonly holder: string;
  /** What stands still under the lock: read twice, it is the same. */
  readonly coordinates: string;
  /** Where the server replicates from, and how far its redo log is on the disk. What of both is new goes on under the lock. */
  readonly source: string;
  readonly unlock: string;
}

const flush = 'FLUSH NO_WRITE_TO_BINLOG ENGINE LOGS';

// MariaDB's FLUSH does nothing where commits are not to be written out (innodb_flush_log_at_trx_commit = 0).
const lsn = (name: string) =>
  `(SELECT CAST(VARIABLE_VALUE AS UNSIGNED) FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = '${name}')`;
const written = `SELECT IF(@@global.innodb_flush_log_at_trx_commit = 0, ${lsn('INNODB_LSN_CURRENT')}, 0) AS wanted, ${lsn('INNODB_LSN_FLUSHED')} AS written`;

/** NULL where the server does not tell its threads: performance_schema is off. */
const holder = (thread: string) =>
  `SELECT @@global.datadir AS datadir, @@global.pid_file AS pid_file, (${thread}) AS thread`;

export function lockWords({ vendor, version }: Pick<ServerFacts, 'vendor' | 'version'>): LockWords {
  const from = (...wanted: number[]) => atLeast(version, wanted);
  if (vendor === 'mariadb') {
    const stages = from(10, 4);
    return {
      lock: stages
        ? ['START', 'FLUSH', 'BLOCK_DDL', 'BLOCK_COMMIT'].map((stage) => `BACKUP STAGE ${stage}`).join('; ')
        : 'FLUSH TABLES WITH READ LOCK',
      flush,
      written,
      holder: holder('SELECT TID FROM information_schema.PROCESSLIST WHERE ID = CONNECTION_ID()'),
      coordinates:
        'SHOW MASTER STATUS; SELECT @@global.gtid_binlog_pos AS gtid_binlog_pos, @@global.gtid_slave_pos AS gtid_slave_pos',
      source: `SHOW ALL SLAVES STATUS; ${writtenLsn('information_schema.GLOBAL_STATUS', 'INNODB_LSN_FLUSHED')}`,
      unlock: stages ? 'BACKUP STAGE END' : 'UNLOCK TABLES',
    };
  }
  const instance = from(8);
  return {
    lock: `${instance ? 'LOCK INSTANCE FOR BACKUP; ' : ''}FLUSH TABLES WITH READ LOCK`,
    flush,
    written: '',
    holder: holder('SELECT THREAD_OS_ID FROM performance_schema.threads WHERE PROCESSLIST_ID = CONNECTION_ID()'),
    coordinates: `SHOW ${from(8, 2) ? 'BINARY LOG' : 'MASTER'} STATUS; SELECT @@global.gtid_executed AS gtid_executed`,
    source: [
      `SHOW ${from(8, 0, 22) ? 'REPLICA' : 'SLAVE'} STATUS`,
      ...(from(8, 0, 30)
        ? [writtenLsn('performance_schema.global_status', 'Innodb_redo_log_flushed_to_disk_lsn')]
        : []),
    ].join('; '),
    unlock: `UNLOCK TABLES${instance ? '; UNLOCK INSTANCE' : ''}`,
  };
}

/** A server on the snapshot goes on from there, or later: one that does not has read another redo log. */
const writtenLsn = (table: string, name: string) =>
  `SELECT VARIABLE_VALUE AS innodb_lsn FROM ${table} WHERE VARIABLE_NAME = '${name}'`;

/** Whether a version, `9.7.4`, is that one or newer. */
export function atLeast(version: string, wanted: readonly number[]): boolean {
  const parts = version.split('.').map(Number);
  for (const [place, least] of wanted.entries()) {
    const part = parts[place] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}
