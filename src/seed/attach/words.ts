// The words that make a server a replica, and that ask how it gets on. Chosen by what the server can do: versions are compared
// within a vendor only. What stands in braces comes by standard input (seed-sql.sh).
//   MySQL: SOURCE and REPLICA are new in 8.0.23, MASTER and SLAVE gone in 8.4 (RESET MASTER included); 8.0.26 renamed the options
//   MariaDB has MASTER and SLAVE; its position is a variable, and no list of what was executed
import type { Vendor } from '../../host/facts.ts';
import { atLeast } from '../../snapshot/lock-words.ts';
import type { Kept } from './kept.ts';

export interface Speaker {
  readonly vendor: Vendor;
  readonly version: string;
}

/** How a replica knows where to go on. `here`: by GTIDs as well, those that its own copied data tells of when it is started. */
export type Position = 'gtid' | 'here' | 'file';

export interface AttachWish extends Speaker {
  readonly position: Position;
  readonly tls: boolean;
  /** @@log_bin of the replica: without it MariaDB refuses RESET MASTER with 1186, and has no log of its own to forget. */
  readonly logBin: boolean;
  /** What the replica was; absent: nothing is known, or it was none. */
  readonly kept?: Kept;
}

const statements = (...words: readonly string[]) =>
  words
    .filter((one) => one !== '')
    .map((one) => `${one};`)
    .join(' ');

/** Of a server's first start on copied data: it replicates nothing, and takes no writes. */
export function startOptions(speaker: Speaker): string[] {
  const renamed = speaker.vendor === 'mysql' && atLeast(speaker.version, [8, 0, 26]);
  return [renamed ? '--skip-replica-start' : '--skip-slave-start', ...replicaOptions(speaker)];
}

/** Of the starts after it was made a replica: it takes no writes. */
export function replicaOptions({ vendor, version }: Speaker): string[] {
  if (vendor === 'mariadb') return ['--read-only'];
  // What was set by SET PERSIST lies in the datadir, and outdoes the command line.
  const persisted = atLeast(version, [8]) ? ['--persisted-globals-load=OFF'] : [];
  return ['--read-only', '--super-read-only', ...persisted];
}

/** All but the start: {host}, {#port}, {user}, {password}; {gtid}, or {file} and {#position}. */
export function attachWords(wish: AttachWish): string {
  return wish.vendor === 'mariadb' ? mariadbWords(wish) : mysqlWords(wish);
}

/** How long a replica waits between two calls to a source that is away, and how often it calls: it never gives up in a night. */
const retry = { seconds: 10, times: 86_400 };

function mysqlWords({ version, position, tls, kept }: AttachWish): string {
  const modern = atLeast(version, [8, 0, 23]);
  const [source, replica, change] = modern
    ? (['SOURCE', 'REPLICA', 'CHANGE REPLICATION SOURCE TO'] as const)
    : (['MASTER', 'SLAVE', 'CHANGE MASTER TO'] as const);
  const where =
    position === 'file'
      ? [`${source}_LOG_FILE = {file}`, `${source}_LOG_POS = {#position}`, `${source}_AUTO_POSITION = 0`]
      : [`${source}_AUTO_POSITION = 1`];
  // Without TLS, the default way to prove a password of 8.0 needs the source's key.
  const key = !tls && atLeast(version, [8, 0, 4]) ? [`GET_${modern ? 'SOURCE' : 'MASTER'}_PUBLIC_KEY = 1`] : [];
  const settings = [
    `${source}_HOST = {host}`,
    `${source}_PORT = {#port}`,
    `${source}_SSL = ${tls ? 1 : 0}`,
    ...withKept(kept, (option) => (modern ? option : option.replace(/^(GET_)?SOURCE_/, '$1MASTER_')), [
      ...key,
      `${source}_CONNECT_RETRY = ${retry.seconds}`,
      `${source}_RETRY_COUNT = ${retry.times}`,
    ]),
    ...where,
    `${source}_USER = {user}`,
    `${source}_PASSWORD = {password}`,
  ];
  return statements(
    `STOP ${replica}`,
    `RESET ${replica} ALL`,
    atLeast(version, [8, 4]) ? 'RESET BINARY LOGS AND GTIDS' : 'RESET MASTER',
    position === 'file' ? '' : 'SET GLOBAL gtid_purged = {gtid}',
    `${change} ${settings.join(', ')}`,
    // A filter of a channel is refused with 1794 while the channel is not there.
    ...filterWords(kept),
  );
}

/** Options of `usual` that the replica had otherwise are as it had them. */
function withKept(kept: Kept | undefined, named: (option: string) => string, usual: readonly string[]): string[] {
  const own = (kept?.settings ?? []).map(({ option, sql }) => ({ name: named(option), sql }));
  const rest = usual.filter((one) => !own.some(({ name }) => one.startsWith(`${name} =`)));
  return [...rest, ...own.map(({ name, sql }) => `${name} = ${sql}`)];
}

const filterWords = (kept: Kept | undefined): string[] =>
  (kept?.filters ?? []).flatMap((filter) => ('sql' in filter ? filter.sql : []));

function mariadbWords({ position, tls, logBin, kept }: AttachWish): string {
  const where =
    position === 'file'
      ? ['MASTER_USE_GTID = no', 'MASTER_LOG_FILE = {file}', 'MASTER_LOG_POS = {#position}']
      : ['MASTER_USE_GTID = slave_pos'];
  const settings = [
    'MASTER_HOST = {host}',
    'MASTER_PORT = {#port}',
    `MASTER_SSL = ${tls ? 1 : 0}`,
    ...withKept(kept, (option) => option, [`MASTER_CONNECT_RETRY = ${retry.seconds}`]),
    ...where,
    'MASTER_USER = {user}',
    'MASTER_PASSWORD = {password}',
  ];
  // RESET MASTER leaves gtid_slave_pos alone, and without it the whole log of the source would be applied to data that has it.
  return statements(
    'STOP ALL SLAVES',
    'RESET SLAVE ALL',
    logBin ? 'RESET MASTER' : '',
    position === 'file' ? '' : 'SET GLOBAL gtid_slave_pos = {gtid}',
    `CHANGE MASTER TO ${settings.join(', ')}`,
    ...filterWords(kept),
  );
}

export const beginWords = ({ vendor, version }: Speaker): string =>
  statements(vendor !== 'mariadb' && atLeast(version, [8, 0, 23]) ? 'START REPLICA' : 'START SLAVE');

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
  ...['gtid_current_pos', 'gtid_binlog_pos', 'gtid_slave_pos', 'log_slave_updates', 'log_replica_updates'],
];

const ask = (names: readonly string[]) =>
  statements(
    "SELECT 'variables' AS answer",
    `SHOW GLOBAL VARIABLES WHERE Variable_name IN (${names.map((name) => `'${name}'`).join(', ')})`,
    "SELECT 'status' AS answer",
    "SHOW GLOBAL STATUS WHERE Variable_name IN ('Uptime', 'Threads_connected', 'Threads_running')",
  );

/** What a server says of itself, as the probe asks it (host/server.ts reads it). */
export const serverWords = ask(variables);

/** The same of one that was just started on copied data, with what proof.ts compares. */
export const proofWords = `${ask([...variables, ...placeVariables])} ${statements("SELECT 'innodb' AS answer", 'SHOW ENGINE INNODB STATUS')}`;

/** How a replica gets on (host/replication.ts reads it). */
export function replicaWords({ vendor, version }: Speaker): string {
  if (vendor === 'mariadb') return statements("SELECT 'channels' AS answer", 'SHOW ALL SLAVES STATUS');
  return statements(
    "SELECT 'channels' AS answer",
    `SHOW ${atLeast(version, [8, 0, 22]) ? 'REPLICA' : 'SLAVE'} STATUS`,
    "SELECT 'workers' AS answer",
    'SELECT CHANNEL_NAME, LAST_ERROR_NUMBER, LAST_ERROR_MESSAGE FROM performance_schema.replication_applier_status_by_worker WHERE LAST_ERROR_NUMBER <> 0',
  );
}

/** What a replica is, to be that again (kept.ts reads it). Before 8.0 the filters are told by option files alone. */
export function keptWords(speaker: Speaker): string {
  if (speaker.vendor === 'mariadb') return replicaWords(speaker);
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

const logWords = statements("SELECT 'logs' AS answer", 'SHOW BINARY LOGS');

/** All that is asked of a source; of one without a binary log the last statement is refused, and the rest is told. */
export const sourceWords = (speaker: Speaker): string => `${serverWords} ${replicaWords(speaker)} ${logWords}`;

/** With which GTIDs a log of a MariaDB begins: {file}. */
export const beginningWords = statements(
  "SELECT 'beginning' AS answer",
  "SELECT BINLOG_GTID_POS({file}, 4) AS gtid, 'log' AS of",
);
