// The statements that make a server a replica. They depend on what the server supports: versions are compared within a
// vendor only. Values in braces come by standard input (seed-sql.sh); those of a further channel have the channel's
// mark after their name.
//   MySQL: SOURCE and REPLICA are new in 8.0.23, MASTER and SLAVE gone in 8.4 (RESET MASTER included); 8.0.26 renamed the options
import { atLeast } from '../../snapshot/lock-words.ts';
import type { Filter, Kept, KeptChannel, Setting } from './kept/kept.ts';
import { resetFailover } from './kept/kept-failover.ts';
import { verifiesByDefault } from './source/trial-login.ts';
import { hasFailover, type Position, type Speaker, statements } from './words.ts';

export interface AttachRequest extends Speaker {
  readonly position: Position;
  readonly tls: boolean;
  /** @@log_bin of the replica: without it MariaDB refuses RESET MASTER with 1186, and has no log of its own to reset. */
  readonly logBin: boolean;
  /** As in ServerPlan. */
  readonly keepsGtids?: true;
  /** The target's former replication settings; absent: unknown, or it was no replica. */
  readonly kept?: Kept;
}

interface Starting extends Speaker {
  /** The data has enabled events, or may have: none may run on the target while its source runs them. */
  readonly eventsOff?: boolean;
  readonly eventsBySql?: true;
  /** What SET PERSIST has set, as options (persisted.ts). */
  readonly persisted?: readonly string[];
}

/**
 * Options for a server's first start on copied data: it replicates nothing, takes no writes, and logs everything about
 * that data (for proof.ts), whatever its option files suppress. A MariaDB suppresses no warning.
 */
export function startOptions(speaker: Starting): string[] {
  const since = (...release: number[]) => speaker.vendor === 'mysql' && atLeast(speaker.version, release);
  return [
    since(8, 0, 26) ? '--skip-replica-start' : '--skip-slave-start',
    ...replicaOptions(speaker),
    ...(since(5, 7, 2) ? ['--log-error-verbosity=3'] : []),
    ...(since(8, 0, 13) ? ['--log-error-suppression-list='] : []),
  ];
}

/** The word after START and STOP. Those of MySQL and of Percona have the new one since 8.0.22, and no other since 8.4. */
export const replicaWord = (speaker: Speaker): 'REPLICA' | 'SLAVE' =>
  speaker.vendor === 'mariadb' ? 'SLAVE' : dialect(speaker).replica;

/** Options for starts after it was made a replica: it takes no writes. */
export function replicaOptions({ vendor, version, eventsOff, eventsBySql, persisted: own = [] }: Starting): string[] {
  // No statement can switch a DISABLED scheduler on; OFF can be switched on by an init_file or by hand. A MariaDB that
  // is DISABLED refuses CREATE EVENT and ALTER EVENT (1577), also those of its source. So its scheduler is only OFF,
  // and is checked (attach-replica.ts, catch-up.ts). SET PERSIST refuses any value where it is DISABLED.
  const events = eventsOff ? [`--event-scheduler=${vendor === 'mysql' && !eventsBySql ? 'DISABLED' : 'OFF'}`] : [];
  // An init_file's statements may write, which super_read_only refuses: the server would not start. For a MariaDB an
  // empty name means no file; a MySQL 9.7 does not start with one ("Failed to open the bootstrap file").
  const noInitFile = `--init-file=${vendor === 'mysql' ? '/dev/null' : ''}`;
  if (vendor === 'mariadb') return ['--read-only', noInitFile, ...events];
  // Values of SET PERSIST are in the datadir, and overrule the command line. Those that a start needs are given as
  // options, the others by SQL (seed-persisted.sh).
  const persisted = atLeast(version, [8]) ? ['--persisted-globals-load=OFF', ...own] : [];
  return ['--read-only', '--super-read-only', noInitFile, ...persisted, ...events];
}

/**
 * All statements except the start: {host}, {#port}, {user}, {password}; {gtid}, or {file} and {#position}, or all three; and for each
 * further channel its own.
 */
export function attachWords(request: AttachRequest): string {
  return request.vendor === 'mariadb' ? mariadbWords(request) : mysqlWords(request);
}

/**
 * How long a replica waits between two connects to an unreachable source, and how often it retries: it must not give up
 * within a night.
 */
const retry = { seconds: 10, times: 86_400 };

function mysqlWords(request: AttachRequest): string {
  const { version, position, tls, kept } = request;
  const { modern, source, replica } = dialect(request);
  const where =
    position === 'file'
      ? [`${source}_LOG_FILE = {file}`, `${source}_LOG_POS = {#position}`, `${source}_AUTO_POSITION = 0`]
      : byGtid(source);
  const further = kept?.further ?? [];
  return statements(
    `STOP ${replica}`,
    `RESET ${replica} ALL`,
    // The data has the donor's.
    hasFailover(request) ? resetFailover : '',
    atLeast(version, [8, 4]) ? 'RESET BINARY LOGS AND GTIDS' : 'RESET MASTER',
    position === 'file' && !request.keepsGtids ? '' : 'SET GLOBAL gtid_purged = {gtid}',
    changeWords(version, { modern, tls, where, settings: kept?.settings ?? [] }),
    ...further.map(
      (channel) =>
        `${changeWords(version, { modern, where: byGtid(source), ...channel })} FOR CHANNEL {channel${channel.mark}}`,
    ),
    // A filter of a channel that does not exist yet is refused with 1794.
    ...filterWords(kept?.filters),
    ...further.flatMap(({ filters }) => filterWords(filters)),
    ...filterWords(kept?.failover),
  );
}

export function dialect({ version }: Speaker) {
  const modern = atLeast(version, [8, 0, 23]);
  return modern
    ? ({ modern, source: 'SOURCE', replica: 'REPLICA' } as const)
    : ({ modern, source: 'MASTER', replica: 'SLAVE' } as const);
}

export const byGtid = (source: string) => [`${source}_AUTO_POSITION = 1`];

interface Change {
  readonly modern: boolean;
  readonly tls: boolean;
  readonly where: readonly string[];
  readonly settings: readonly Setting[];
  /** For a further channel. */
  readonly mark?: string;
  /** As it was: TLS, {#tls}, and what else is `usual` here, {#key}, {#retry} and {#times}, come by standard input. */
  readonly asBefore?: true;
}

/** CHANGE REPLICATION SOURCE, without the channel's name. */
export function changeWords(version: string, { modern, tls, where, settings, mark = '', asBefore }: Change): string {
  const source = modern ? 'SOURCE' : 'MASTER';
  // Without TLS, the default authentication of 8.0 needs the source's public key.
  const hasKey = atLeast(version, [8, 0, 4]) && (asBefore || !tls);
  const key = hasKey ? [`GET_${source}_PUBLIC_KEY = ${asBefore ? '{#key}' : 1}`] : [];
  const options = [
    `${source}_HOST = {host${mark}}`,
    `${source}_PORT = {#port${mark}}`,
    `${source}_SSL = ${asBefore ? '{#tls}' : tls ? 1 : 0}`,
    ...withKept(settings, (option) => (modern ? option : option.replace(/^(GET_)?SOURCE_/, '$1MASTER_')), [
      ...key,
      `${source}_CONNECT_RETRY = ${asBefore ? '{#retry}' : retry.seconds}`,
      `${source}_RETRY_COUNT = ${asBefore ? '{#times}' : retry.times}`,
    ]),
    ...where,
    `${source}_USER = {user${mark}}`,
    `${source}_PASSWORD = {password${mark}}`,
  ];
  return `${modern ? 'CHANGE REPLICATION SOURCE' : 'CHANGE MASTER'} TO ${options.join(', ')}`;
}

/** The replica's own values replace those of `usual`. */
function withKept(settings: readonly Setting[], named: (option: string) => string, usual: readonly string[]): string[] {
  const own = settings.map(({ option, sql }) => ({ name: named(option), sql }));
  const rest = usual.filter((one) => !own.some(({ name }) => one.startsWith(`${name} =`)));
  return [...rest, ...own.map(({ name, sql }) => `${name} = ${sql}`)];
}

const filterWords = (filters: readonly Filter[] = []): string[] =>
  filters.flatMap((filter) => ('sql' in filter ? filter.sql : []));

function mariadbWords({ version, position, tls, logBin, kept }: AttachRequest): string {
  const where =
    position === 'file'
      ? ['MASTER_USE_GTID = no', 'MASTER_LOG_FILE = {file}', 'MASTER_LOG_POS = {#position}']
      : [`MASTER_USE_GTID = ${kept?.mariadb?.using === 'current_pos' ? 'current_pos' : 'slave_pos'}`];
  // RESET MASTER does not change gtid_slave_pos. Without it the whole log of the source would be applied to data that
  // has it already.
  return statements(
    'STOP ALL SLAVES',
    'RESET SLAVE ALL',
    logBin ? 'RESET MASTER' : '',
    position === 'file' ? '' : 'SET GLOBAL gtid_slave_pos = {gtid}',
    mariadbChange({ version, tls, where, settings: kept?.settings ?? [] }),
    ...filterWords(kept?.filters),
    ...(kept?.mariadb?.byHand ?? []).map(({ sql }) => sql),
  );
}

type MariadbChange = Omit<Change, 'modern' | 'mark'> & Pick<Speaker, 'version'>;

/** CHANGE MASTER of a MariaDB's default connection. */
export function mariadbChange({ version, tls, where, settings, asBefore }: MariadbChange): string {
  const verify = `MASTER_SSL_VERIFY_SERVER_CERT = ${verifiesByDefault(version) ? 1 : 0}`;
  const options = [
    'MASTER_HOST = {host}',
    'MASTER_PORT = {#port}',
    `MASTER_SSL = ${asBefore ? '{#tls}' : tls ? 1 : 0}`,
    ...withKept(settings, (option) => option, [
      ...(tls ? [verify] : []),
      `MASTER_CONNECT_RETRY = ${asBefore ? '{#retry}' : retry.seconds}`,
    ]),
    ...where,
    'MASTER_USER = {user}',
    'MASTER_PASSWORD = {password}',
  ];
  return `CHANGE MASTER TO ${options.join(', ')}`;
}

/** Of further channels what ran before: {channelx}, ... */
export function beginWords(request: Speaker & Pick<AttachRequest, 'kept'>): string {
  const replica = replicaWord(request);
  const further = request.kept?.further ?? [];
  if (further.length === 0) return statements(`START ${replica}`);
  const begins = (thread: string, { mark }: KeptChannel) => `START ${replica} ${thread} FOR CHANNEL {channel${mark}}`;
  return statements(
    `START ${replica} FOR CHANNEL ''`,
    ...further.flatMap((channel) => [
      channel.receives ? begins('IO_THREAD', channel) : '',
      channel.applies ? begins('SQL_THREAD', channel) : '',
    ]),
  );
}
