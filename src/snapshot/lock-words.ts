// The statements that block a server's writes while its volume is snapshotted, and those that read its coordinates.
// They depend on what the server supports: versions are compared within a vendor only.
//   MySQL: LOCK INSTANCE FOR BACKUP is new in 8.0, SHOW BINARY LOG STATUS in 8.2, SHOW REPLICA STATUS in 8.0.22
//   MariaDB: BACKUP STAGE is new in 10.4; its last stage blocks commits, and does not block reads
import type { ServerFacts } from '../host/facts.ts';

export interface LockWords {
  readonly lock: string;
  /**
   * Run under the lock: writes the engine's own log of all committed transactions to the disk. A server on the snapshot
   * then needs no binary log to tell committed transactions from prepared ones.
   */
  readonly flush: string;
  /**
   * The end of the engine's log as `wanted`, and the part on the disk as `written`, for a server that may keep the rest
   * in memory. Empty: this server does not.
   */
  readonly written: string;
  /** The server's datadir and pid file, and the operating system's thread of this session, as `thread`. */
  readonly holder: string;
  /** Values that cannot change under the lock: two readings are equal. */
  readonly coordinates: string;
  /** The server's source, and how far its redo log is on the disk. Both may still change under the lock. */
  readonly source: string;
  readonly unlock: string;
}

const flush = 'FLUSH NO_WRITE_TO_BINLOG ENGINE LOGS';

// MariaDB's FLUSH does nothing if commits are not written to the disk at once (innodb_flush_log_at_trx_commit = 0).
const lsn = (name: string) =>
  `(SELECT CAST(VARIABLE_VALUE AS UNSIGNED) FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = '${name}')`;
const written = `SELECT IF(@@global.innodb_flush_log_at_trx_commit = 0, ${lsn('INNODB_LSN_CURRENT')}, 0) AS wanted, ${lsn('INNODB_LSN_FLUSHED')} AS written`;

/** NULL where the server does not show its threads: performance_schema is off. */
const holder = (thread: string) =>
  `SELECT @@global.datadir AS datadir, @@global.pid_file AS pid_file, (${thread}) AS thread`;

/**
 * BACKUP STAGE waits for no query and no open transaction: for a change of a table (its last part, where it copies), for writes into tables without transactions, and
 * for LOCK TABLES. The session's lock_wait_timeout (take-snapshot.sh, seed-dump.sh) bounds each of the stages, in which InnoDB is written until the last.
 */
export const locksByStages = ({ vendor, version }: Pick<ServerFacts, 'vendor' | 'version'>): boolean =>
  vendor === 'mariadb' && atLeast(version, [10, 4]);

export const stagesText =
  'the lock (BACKUP STAGE) waits for no query: for a change of a table, a write into one without transactions, and LOCK TABLES, 5 s at most';

export function lockWords({ vendor, version }: Pick<ServerFacts, 'vendor' | 'version'>): LockWords {
  const from = (...wanted: number[]) => atLeast(version, wanted);
  if (vendor === 'mariadb') {
    const stages = locksByStages({ vendor, version });
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

/** A server on the snapshot starts from this number or later. A lower one proves that it has read another redo log. */
const writtenLsn = (table: string, name: string) =>
  `SELECT VARIABLE_VALUE AS innodb_lsn FROM ${table} WHERE VARIABLE_NAME = '${name}'`;

/** Whether a version, such as `9.7.4`, is at least `wanted`. */
export function atLeast(version: string, wanted: readonly number[]): boolean {
  const parts = version.split('.').map(Number);
  for (const [place, least] of wanted.entries()) {
    const part = parts[place] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}
