// A running server's own answers: SHOW GLOBAL VARIABLES and STATUS -> ServerFacts.

import type { Known, ServerFacts, Vendor } from '../facts.ts';
import { known, present, unknown, wholeNumber } from '../known.ts';
import { pathBelow } from '../paths.ts';
import type { Answer } from './batch.ts';

export function readServer(answers: ReadonlyMap<string, Answer>): Known<ServerFacts> {
  const variables = answers.get('variables');
  const status = answers.get('status');
  const error = variables?.error ?? status?.error;
  if (error !== undefined) return unknown(error);
  if (!variables || !status) return unknown('the server gave no whole answer');
  const told = new Map([...variables.rows, ...status.rows].map((row) => [row.get('Variable_name'), row.get('Value')]));
  const text = (name: string) => told.get(name) ?? '';
  const number = (name: string) => wholeNumber(told.get(name));
  const numbers = {
    port: number('port'),
    serverId: number('server_id'),
  };
  if (!allKnown(numbers)) return unknown(`the server did not tell its ${firstMissing(numbers)}`);
  const fullVersion = text('version');
  const vendor = vendorOf(fullVersion, text('version_comment'));
  const readOnly = text('read_only');
  return known({
    ...numbers,
    ...present('uptimeSeconds', uptimeOf(number('Uptime'))),
    ...present('threadsConnected', number('Threads_connected')),
    ...present('threadsRunning', number('Threads_running')),
    ...present('maxConnections', number('max_connections')),
    version: /^\d+(?:\.\d+)*/.exec(fullVersion)?.[0] ?? fullVersion,
    fullVersion,
    vendor,
    hostname: text('hostname'),
    socket: text('socket'),
    datadir: text('datadir'),
    errorLog: errorLogOf(text('log_error'), text('datadir')),
    // MariaDB 12 has more values than ON and OFF; the strictest binds administrators too.
    readOnly: isOn(readOnly),
    superReadOnly: isOn(text('super_read_only')) || readOnly === 'NO_LOCK_NO_ADMIN',
    ...present('longestStatementSeconds', longestOf(answers.get('longest'), number('Threads_connected'))),
    ...present('applierTempTables', tempTablesOf(number)),
    ...present('schedulerOff', schedulerOf(told.get('event_scheduler'), answers.get('origins'))),
    ...present('serverUuid', told.get('server_uuid')),
    logBin: isOn(text('log_bin')),
    gtid: vendor === 'mariadb' || text('gtid_mode') === 'ON',
    ...(vendor !== 'mariadb' && text('gtid_mode') !== 'ON' && present('gtidMode', text('gtid_mode') || undefined)),
    gtidExecuted: withoutBlanks(text(vendor === 'mariadb' ? 'gtid_current_pos' : 'gtid_executed')),
    ...(vendor !== 'mariadb' && { gtidPurged: withoutBlanks(text('gtid_purged')) }),
  });
}

/** If a server's clock was set back to before its start, its uptime is negative and wraps to 2^64 or 2^32. */
const uptimeOf = (seconds = Number.POSITIVE_INFINITY) => (seconds < longestUptimeSeconds ? seconds : undefined);
/** A hundred years. */
const longestUptimeSeconds = 3_155_760_000;

/** MySQL's name since 8.0.26, and the older one, which MariaDB uses. A server may have both, with one value. */
function tempTablesOf(number: (name: string) => number | undefined): ServerFacts['applierTempTables'] {
  for (const counter of ['Replica_open_temp_tables', 'Slave_open_temp_tables']) {
    const count = number(counter);
    if (count !== undefined) return { count, counter };
  }
  return undefined;
}

/**
 * 0: no statement runs. Undefined where the login does not see every client: performance_schema is off (MySQL), or the
 * account lacks PROCESS and sees only its own threads (MariaDB).
 */
function longestOf(answer: Answer | undefined, clients: number | undefined): number | undefined {
  const row = answer?.rows[0];
  const seen = wholeNumber(row?.get('threads'));
  if (!row || !seen || clients === undefined || seen < clients) return undefined;
  // SQL's NULL: no visible thread runs a statement.
  return row.has('seconds') ? wholeNumber(row.get('seconds')) : 0;
}

/** MySQL says DYNAMIC and COMMAND_LINE, MariaDB SQL and COMMAND-LINE. */
function schedulerOf(value: string | undefined, origins: Answer | undefined): ServerFacts['schedulerOff'] {
  if (value !== 'OFF' && value !== 'DISABLED') return undefined;
  const origin = origins?.rows[0]?.get('origin') ?? '';
  if (origin === 'DYNAMIC' || origin === 'SQL') return 'by hand';
  return /^COMMAND[_-]LINE$/.test(origin) ? 'by its start' : undefined;
}

type Numbers = Readonly<Record<string, number | undefined>>;
function allKnown<T extends Numbers>(numbers: T): numbers is T & { [name in keyof T]: number } {
  return firstMissing(numbers) === undefined;
}
const firstMissing = (numbers: Numbers) => Object.keys(numbers).find((name) => numbers[name] === undefined);

function vendorOf(version: string, comment: string): Vendor {
  if (/mariadb/i.test(`${version} ${comment}`)) return 'mariadb';
  return /percona/i.test(comment) ? 'percona' : 'mysql';
}

const isOn = (value: string) => value !== '' && value !== 'OFF' && value !== '0';

export const withoutBlanks = (text: string) => text.replace(/\s+/g, '');

/** `stderr` is MySQL's word for its standard error, the empty one MariaDB's. */
function errorLogOf(logError: string, datadir: string): string {
  return logError === '' || logError === 'stderr' ? '' : pathBelow(datadir, logError);
}
