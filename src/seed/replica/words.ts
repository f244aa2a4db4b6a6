// The queries for a server's identity and its state as a replica. They depend on what the server supports: versions are
// compared within a vendor only. Values in braces come by standard input (seed-sql.sh).
//   MySQL: SOURCE and REPLICA are new in 8.0.23, MASTER and SLAVE gone in 8.4 (RESET MASTER included); 8.0.26 renamed the options
//   MariaDB has MASTER and SLAVE; its position is a variable, and no list of what was executed
import type { Vendor } from '../../host/facts.ts';
import { atLeast } from '../../snapshot/lock-words.ts';

export interface Speaker {
  readonly vendor: Vendor;
  readonly version: string;
}

/** How a replica knows where to continue. `here`: by GTIDs too, which its own copied data tells once the server is started. */
export type Position = 'gtid' | 'here' | 'file';

export const statements = (...words: readonly string[]) =>
  words
    .filter((one) => one !== '')
    .map((one) => `${one};`)
    .join(' ');

/** The variables that say where a server looks for its logs (seed-proof.sh). */
const placeVariables = [
  'innodb_log_group_home_dir',
  'innodb_undo_directory',
  'innodb_doublewrite_dir',
  'innodb_data_home_dir',
  'aria_log_dir_path',
];

const variables = [
  ...[
    'version',
    'version_comment',
    'hostname',
    'port',
    'socket',
    'datadir',
    'log_error',
    'read_only',
    'super_read_only',
  ],
  ...['max_connections', 'server_id', 'server_uuid', 'log_bin', 'gtid_mode', 'gtid_executed', 'gtid_purged'],
  ...[
    'gtid_current_pos',
    'gtid_binlog_pos',
    'gtid_slave_pos',
    'gtid_binlog_state',
    'log_slave_updates',
    'log_replica_updates',
    'event_scheduler',
  ],
];

const ask = (names: readonly string[]) =>
  statements(
    "SELECT 'variables' AS answer",
    `SHOW GLOBAL VARIABLES WHERE Variable_name IN (${names.map((name) => `'${name}'`).join(', ')})`,
    "SELECT 'status' AS answer",
    "SHOW GLOBAL STATUS WHERE Variable_name IN ('Uptime', 'Threads_connected', 'Threads_running')",
  );

/** A server's own facts, as the probe asks for them (host/server/server.ts reads them). */
export const serverWords = ask(variables);

/** The same for a server that was just started on copied data, with the facts that proof.ts compares. */
export function proofWords({ vendor, version }: Speaker): string {
  const tellsLog = vendor === 'mysql' && atLeast(version, [8, 0, 22]);
  const innodb = statements("SELECT 'innodb' AS answer", 'SHOW ENGINE INNODB STATUS');
  return [ask([...variables, ...placeVariables]), innodb, ...(tellsLog ? [logOfStart] : [])].join(' ');
}

/**
 * Its error log since its last start, in any format or file (a JSON sink, another name): a start begins with MY-010116.
 * Uses HAVING: for an OR in a WHERE, MySQL 9.7 merges the indexes of that table and then returns no row although there
 * are some.
 */
const logOfStart = statements(
  "SELECT 'errorlog' AS answer",
  "SELECT LOGGED, THREAD_ID, PRIO, ERROR_CODE, SUBSYSTEM, DATA FROM performance_schema.error_log HAVING LOGGED >= (SELECT MAX(LOGGED) FROM performance_schema.error_log WHERE ERROR_CODE = 'MY-010116') AND (PRIO IN ('Error', 'Warning') OR ERROR_CODE = 'MY-010116') ORDER BY LOGGED LIMIT 1000",
);

/** The state of a replica (host/server/replication.ts reads it). */
export function replicaWords({ vendor, version }: Speaker): string {
  if (vendor === 'mariadb') return statements("SELECT 'channels' AS answer", 'SHOW ALL SLAVES STATUS');
  return statements(
    "SELECT 'channels' AS answer",
    `SHOW ${atLeast(version, [8, 0, 22]) ? 'REPLICA' : 'SLAVE'} STATUS`,
    "SELECT 'workers' AS answer",
    'SELECT CHANNEL_NAME, LAST_ERROR_NUMBER, LAST_ERROR_MESSAGE FROM performance_schema.replication_applier_status_by_worker WHERE LAST_ERROR_NUMBER <> 0',
  );
}

/** Settings of a MariaDB replica made since its start that no file has: its next start forgets them. */
const setByHandWords = statements(
  "SELECT 'byhand' AS answer",
  "SELECT VARIABLE_NAME, GLOBAL_VALUE FROM information_schema.SYSTEM_VARIABLES WHERE GLOBAL_VALUE_ORIGIN = 'SQL' AND (VARIABLE_NAME LIKE 'SLAVE%' OR VARIABLE_NAME LIKE 'RPL\\_SEMI\\_SYNC\\_SLAVE%' OR VARIABLE_NAME IN ('REPLICATE_REWRITE_DB', 'REPLICATE_EVENTS_MARKED_FOR_SKIP'))",
);

/** Whether a server can change its source by itself, and its lists of sources for that can be emptied and made again. */
export const hasFailover = ({ vendor, version }: Speaker): boolean =>
  vendor === 'mysql' && atLeast(version, [8, 0, 27]);

/** A replica's settings, so that it can have them again (kept.ts reads them). Before 8.0 only option files have the filters. */
export function keptWords(speaker: Speaker): string {
  if (speaker.vendor === 'mariadb') return `${replicaWords(speaker)} ${setByHandWords}`;
  const from = {
    connection: 'replication_connection_configuration',
    applier: 'replication_applier_configuration',
    ...(atLeast(speaker.version, [8]) && { filters: 'replication_applier_filters' }),
    ...(hasFailover(speaker) && {
      failover: 'replication_asynchronous_connection_failover',
      managed: 'replication_asynchronous_connection_failover_managed',
    }),
  };
  const each = Object.entries(from).flatMap(([one, table]) => [
    `SELECT '${one}' AS answer`,
    `SELECT * FROM performance_schema.${table}`,
  ]);
  return `${replicaWords(speaker)} ${statements(...each)}`;
}

/**
 * For a server on copied data whose position is read from that data; if it reads the donor's binary logs, also the
 * queries for those.
 */
export const standsWords = ({ donorLogs = 0, ...speaker }: Speaker & { readonly donorLogs?: number }): string =>
  `${serverWords} ${replicaWords(speaker)}${donorLogs > 0 ? ` ${binaryLogWords}` : ''}`;

export const binaryLogWords = statements("SELECT 'logs' AS answer", 'SHOW BINARY LOGS');

/**
 * Which databases it leaves out of its binary log: no variable of MySQL tells. The server's version may differ from the
 * replica's, so the server itself chooses the statement: MySQL has the first since 8.2, and not the second since 8.4.
 */
export const leftOutWords = statements(
  "SET @asking = IF(VERSION() NOT LIKE '%MariaDB%' AND CAST(SUBSTRING_INDEX(VERSION(), '.', 2) AS DECIMAL(6, 2)) >= 8.2, 'SHOW BINARY LOG STATUS', 'SHOW MASTER STATUS')",
  'PREPARE asking FROM @asking',
  "SELECT 'logstatus' AS answer",
  'EXECUTE asking',
);

/** How its applier passes over errors. */
export const passedOverWords = statements(
  "SELECT 'passing' AS answer",
  "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('replica_skip_errors', 'slave_skip_errors', 'replica_exec_mode', 'slave_exec_mode')",
);

/** All queries to a source. One without a binary log refuses the last statement, and answers the others. */
export const sourceWords = (speaker: Speaker): string =>
  `${serverWords} ${replicaWords(speaker)} ${leftOutWords} ${binaryLogWords}`;

/** The GTIDs at the beginning of a MariaDB's log: {file}. */
export const beginningWords = statements(
  "SELECT 'beginning' AS answer",
  "SELECT BINLOG_GTID_POS({file}, 4) AS gtid, 'log' AS of",
);
