// The words that ask a server what it is, and how it gets on as a replica. Chosen by what the server can do: versions are compared
// within a vendor only. What stands in braces comes by standard input (seed-sql.sh).
//   MySQL: SOURCE and REPLICA are new in 8.0.23, MASTER and SLAVE gone in 8.4 (RESET MASTER included); 8.0.26 renamed the options
//   MariaDB has MASTER and SLAVE; its position is a variable, and no list of what was executed
import type { Vendor } from '../../host/facts.ts';
import { atLeast } from '../../snapshot/lock-words.ts';

export interface Speaker {
  readonly vendor: Vendor;
  readonly version: string;
}

/** How a replica knows where to go on. `here`: by GTIDs as well, those that its own copied data tells of when it is started. */
export type Position = 'gtid' | 'here' | 'file';

export const statements = (...words: readonly string[]) =>
  words
    .filter((one) => one !== '')
    .map((one) => `${one};`)
    .join(' ');

/** Where a server looks for its logs (seed-proof.sh). */
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

/** What a server says of itself, as the probe asks it (host/server/server.ts reads it). */
export const serverWords = ask(variables);

/** The same of one that was just started on copied data, with what proof.ts compares. */
export function proofWords({ vendor, version }: Speaker): string {
  const tellsLog = vendor === 'mysql' && atLeast(version, [8, 0, 22]);
  const innodb = statements("SELECT 'innodb' AS answer", 'SHOW ENGINE INNODB STATUS');
  return [ask([...variables, ...placeVariables]), innodb, ...(tellsLog ? [logOfStart] : [])].join(' ');
}

/**
 * What it wrote to its error log since its last start, wherever that is (a JSON sink, another name): MY-010116 is how a start begins.
 * By HAVING: MySQL 9.7 merges the indexes of that table for an OR of a WHERE, and then gives no row although there are.
 */
const logOfStart = statements(
  "SELECT 'errorlog' AS answer",
  "SELECT LOGGED, THREAD_ID, PRIO, ERROR_CODE, SUBSYSTEM, DATA FROM performance_schema.error_log HAVING LOGGED >= (SELECT MAX(LOGGED) FROM performance_schema.error_log WHERE ERROR_CODE = 'MY-010116') AND (PRIO IN ('Error', 'Warning') OR ERROR_CODE = 'MY-010116') ORDER BY LOGGED LIMIT 1000",
);

/** How a replica gets on (host/server/replication.ts reads it). */
export function replicaWords({ vendor, version }: Speaker): string {
  if (vendor === 'mariadb') return statements("SELECT 'channels' AS answer", 'SHOW ALL SLAVES STATUS');
  return statements(
    "SELECT 'channels' AS answer",
    `SHOW ${atLeast(version, [8, 0, 22]) ? 'REPLICA' : 'SLAVE'} STATUS`,
    "SELECT 'workers' AS answer",
    'SELECT CHANNEL_NAME, LAST_ERROR_NUMBER, LAST_ERROR_MESSAGE FROM performance_schema.replication_applier_status_by_worker WHERE LAST_ERROR_NUMBER <> 0',
  );
}

/** What of a MariaDB replica was set since its start, and stands in no file: its next start forgets it. */
const setByHandWords = statements(
  "SELECT 'byhand' AS answer",
  "SELECT VARIABLE_NAME, GLOBAL_VALUE FROM information_schema.SYSTEM_VARIABLES WHERE GLOBAL_VALUE_ORIGIN = 'SQL' AND (VARIABLE_NAME LIKE 'SLAVE%' OR VARIABLE_NAME LIKE 'RPL\\_SEMI\\_SYNC\\_SLAVE%')",
);

/** What a replica is, to be that again (kept.ts reads it). Before 8.0 the filters are told by option files alone. */
export function keptWords(speaker: Speaker): string {
  if (speaker.vendor === 'mariadb') return `${replicaWords(speaker)} ${setByHandWords}`;
  const tables = ['connection', 'applier', ...(atLeast(speaker.version, [8]) ? ['filters'] : [])] as const;
  const from = {
    connection: 'replication_connection_configuration',
    applier: 'replication_applier_configuration',
    filters: 'replication_applier_filters',
  };
  const each = tables.flatMap((one) => [
    `SELECT '${one}' AS answer`,
    `SELECT * FROM performance_schema.${from[one as keyof typeof from]}`,
  ]);
  return `${replicaWords(speaker)} ${statements(...each)}`;
}

/** Of a server on copied data, where its position is read from that data. Of one that reads the donor's binary logs, those as well. */
export const standsWords = ({ donorLogs = 0, ...speaker }: Speaker & { readonly donorLogs?: number }): string =>
  `${serverWords} ${replicaWords(speaker)}${donorLogs > 0 ? ` ${logWords}` : ''}`;

const logWords = statements("SELECT 'logs' AS answer", 'SHOW BINARY LOGS');

/**
 * Which databases it leaves out of its binary log: no variable of MySQL tells. Asked of a server whose version may be another than that of
 * the replica, so it chooses the words itself: MySQL has the first since 8.2, and not the second since 8.4.
 */
const leftOutWords = statements(
  "SET @asking = IF(VERSION() NOT LIKE '%MariaDB%' AND CAST(SUBSTRING_INDEX(VERSION(), '.', 2) AS DECIMAL(6, 2)) >= 8.2, 'SHOW BINARY LOG STATUS', 'SHOW MASTER STATUS')",
  'PREPARE asking FROM @asking',
  "SELECT 'logstatus' AS answer",
  'EXECUTE asking',
);

/** All that is asked of a source; of one without a binary log the last statement is refused, and the rest is told. */
export const sourceWords = (speaker: Speaker): string =>
  `${serverWords} ${replicaWords(speaker)} ${leftOutWords} ${logWords}`;

/** With which GTIDs a log of a MariaDB begins: {file}. */
export const beginningWords = statements(
  "SELECT 'beginning' AS answer",
  "SELECT BINLOG_GTID_POS({file}, 4) AS gtid, 'log' AS of",
);
