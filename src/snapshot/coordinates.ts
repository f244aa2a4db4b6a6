// The output of take-snapshot.sh: how long writes were blocked, and the server's coordinates meanwhile. A replica made
// from the snapshot starts from these.
import { z } from 'zod';
import { cleanLine } from '../text/clean.ts';

const sourceSchema = z.object({
  host: z.string(),
  port: z.number(),
  /** The empty one is the default channel. */
  channel: z.string(),
  /**
   * Up to here the data contains the source's log. Empty and 0: the applier ran, and its position is not the data's,
   * which may be some transactions before or after it.
   */
  logFile: z.string(),
  logPosition: z.number(),
  /**
   * MariaDB: the GTID position of the data in the source's own GTIDs. null: it replicates by file and position
   * (Using_Gtid: No), and then gtid_slave_pos may be older than its data. Absent: MySQL.
   */
  gtid: z.string().nullish(),
});

/** The coordinates of data, as far as a step could read them; all seed methods use this shape. */
export const standsSchema = z.object({
  /** For how long writes were blocked. 0: the server was down, and no lock was needed; absent: unknown. */
  lockedMs: z.number().optional(),
  /** The position in this server's own binary log. Empty: it writes none, or was down. */
  logFile: z.string().optional(),
  logPosition: z.number().optional(),
  /** MySQL: gtid_executed. MariaDB: for each domain the later of gtid_binlog_pos and gtid_slave_pos, and of a server that replicates from none the former. Without blanks. */
  gtid: z.string().optional(),
  /**
   * MariaDB: gtid_slave_pos alone. It is written in the transaction that it describes, so a server on the snapshot has
   * the same.
   */
  slaveGtid: z.string().optional(),
  /**
   * InnoDB's redo log was on the disk up to this log sequence number before the snapshot was taken; absent: the server
   * is too old to say.
   */
  lsn: z.string().optional(),
  /** The position in its source's log; absent for a server that is no replica. */
  source: sourceSchema.pick({ logFile: true, logPosition: true, gtid: true }).nullish(),
});

/** The same for a snapshot, as the journal keeps it: these fields are always known. */
export const coordinatesSchema = standsSchema.extend({
  lockedMs: z.number(),
  logFile: z.string(),
  logPosition: z.number(),
  gtid: z.string(),
  /** Of several channels the default one; without a default, the only one. */
  source: sourceSchema.nullish(),
  /** Every channel; empty for a server that is no replica. */
  sources: z.array(sourceSchema).optional(),
});

export type Stands = z.infer<typeof standsSchema>;
export type Coordinates = z.infer<typeof coordinatesSchema>;
export type SourceCoordinates = z.infer<typeof sourceSchema>;

/** A snapshot of a server that was down: its own data alone tells where it stands. */
export const tellsNothing = ({ gtid = '', logFile = '' }: Stands): boolean => gtid === '' && logFile === '';

/** undefined: this is not the output of the script. */
export function readCoordinates(text: string): Coordinates | undefined {
  const locked = /^locked_ms (\d+)$/m.exec(text)?.[1];
  if (locked === undefined) return undefined;
  const rows = text.split(/^\*{3}.*$/m).map(verticalFields);
  const any = (...names: string[]) =>
    named(
      rows.find((row) => names.some((name) => row.get(name))),
      names,
    );
  const isReplica = rows.some((row) => named(row, hostNames) !== '');
  const positions = isReplica ? latest : ofItsLog;
  const gtid = any('gtid_executed').replaceAll(/\s/g, '') || positions(any('gtid_binlog_pos'), any('gtid_slave_pos'));
  const slaveGtid = rows.find((row) => row.has('gtid_slave_pos'))?.get('gtid_slave_pos');
  const sources = rows
    .filter((row) => named(row, hostNames) !== '')
    .map((row) => ({ ...sourceOf(row), ...gtidInSource(row, gtid, slaveGtid) }));
  const source = sources.find(({ channel }) => channel === '') ?? (sources.length === 1 ? sources[0] : undefined);
  return {
    lockedMs: Number(locked),
    logFile: any('File'),
    logPosition: Number(any('Position')),
    gtid,
    ...(slaveGtid !== undefined && { slaveGtid: latest(slaveGtid) }),
    ...(/^\d+$/.test(any('innodb_lsn')) && { lsn: any('innodb_lsn') }),
    ...(source && { source }),
    ...(sources.length > 0 && { sources }),
  };
}

type Fields = ReadonlyMap<string, string>;
const hostNames = ['Source_Host', 'Master_Host'];
const named = (row: Fields | undefined, names: readonly string[]): string =>
  names.map((name) => row?.get(name)).find((value) => value) ?? '';

function sourceOf(row: Fields): SourceCoordinates {
  const stopped = named(row, ['Replica_SQL_Running', 'Slave_SQL_Running']) === 'No';
  return {
    channel: named(row, ['Channel_Name', 'Connection_name']),
    host: named(row, hostNames),
    port: Number(named(row, ['Source_Port', 'Master_Port'])),
    logFile: stopped ? named(row, ['Relay_Source_Log_File', 'Relay_Master_Log_File']) : '',
    logPosition: stopped ? Number(named(row, ['Exec_Source_Log_Pos', 'Exec_Master_Log_Pos'])) : 0,
  };
}

/** GTIDs that the replica wrote itself are in no log of its source. They are left out if the server leaves them out, too. */
function gtidInSource(row: Fields, gtid: string, slaveGtid = ''): Pick<SourceCoordinates, 'gtid'> {
  const using = row.get('Using_Gtid');
  if (using === undefined) return {};
  if (using === 'No') return { gtid: null };
  return { gtid: using === 'Slave_Pos' ? latest(slaveGtid) : gtid };
}

/**
 * For each domain, the GTID with the greatest sequence number. A replica that does not log applied transactions has
 * those only in its gtid_slave_pos, and in gtid_binlog_pos its own writes, which may be old.
 */
function latest(...positions: readonly string[]): string {
  const byDomain = new Map<string, string>();
  const sequence = (gtid: string) => BigInt(/-(\d+)$/.exec(gtid)?.[1] ?? 0);
  for (const gtid of positions.flatMap((position) => position.split(',')).map((one) => one.trim())) {
    const [domain = ''] = gtid.split('-');
    if (domain !== '' && sequence(gtid) > sequence(byDomain.get(domain) ?? '')) byDomain.set(domain, gtid);
  }
  return [...byDomain.values()].join(',');
}

/**
 * `name: value` of answer-fields.sh: no value has a line of its own. What an older build recorded is of `mysql --vertical`: there a GTID set
 * continues on lines without a name.
 */
function verticalFields(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  let last = '';
  for (const line of text.split('\n')) {
    const [, name, value] = /^\s*(\w+): ?(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) {
      last = name;
      fields.set(name, cleanLine(value).trim());
    } else if (last !== '') {
      fields.set(last, `${fields.get(last)}${cleanLine(line).trim()}`);
    }
  }
  return fields;
}

/**
 * Of a server that replicates from none its log alone tells, in each domain that it has, what a replica of it begins with. gtid_slave_pos is from before its promotion: where
 * that was done with RESET MASTER, its number is the greater one, and a replica would pass over all up to it, without an error.
 */
function ofItsLog(logged: string, replicated: string): string {
  const domainOf = (gtid: string) => gtid.trim().split('-')[0];
  const own = new Set(logged.split(',').map(domainOf));
  const other = replicated.split(',').filter((gtid) => !own.has(domainOf(gtid)));
  return latest(logged, other.join(','));
}
