// What take-snapshot.sh tells of a snapshot: how long the writers were held, and where the server stood meanwhile. A replica
// made from the snapshot starts from there.
import { z } from 'zod';
import { cleanLine } from '../text/clean.ts';

const sourceSchema = z.object({
  host: z.string(),
  port: z.number(),
  /** The empty one is the default channel. */
  channel: z.string(),
  /**
   * As far as the data has what is in the source's log. Empty, and 0: the applier ran, and its position is not that of the data, which
   * is some transactions further, or less far.
   */
  logFile: z.string(),
  logPosition: z.number(),
  /**
   * MariaDB: the GTID position of the data in what that source writes. null: it replicates by file and position (Using_Gtid: No), and
   * then its gtid_slave_pos may be older than its data. Absent: MySQL.
   */
  gtid: z.string().nullish(),
});

/** Where data stands, as far as a step found that out: the one shape for all ways to seed. */
export const standsSchema = z.object({
  /** Where this server's own binary log stood. Empty: it writes none, or was down. */
  logFile: z.string().optional(),
  logPosition: z.number().optional(),
  /** MySQL: gtid_executed. MariaDB: of each domain the later of gtid_binlog_pos and gtid_slave_pos. Without blanks. */
  gtid: z.string().optional(),
  /** MariaDB: gtid_slave_pos alone, which is written in the transaction that it is of: a server on the snapshot tells the same. */
  slaveGtid: z.string().optional(),
  /** To which log sequence number InnoDB's redo log was on the disk before the snapshot was taken; absent: the server is too old to say. */
  lsn: z.string().optional(),
  /** How far it had come in what it replicates from; none for a server that is no replica. */
  source: sourceSchema.pick({ logFile: true, logPosition: true, gtid: true }).nullish(),
});

/** The same of a snapshot, for the journal: of each it is known. */
export const coordinatesSchema = standsSchema.extend({
  /** 0: the server was down, and nothing had to be held. */
  lockedMs: z.number(),
  logFile: z.string(),
  logPosition: z.number(),
  gtid: z.string(),
  /** Of several channels the default one; where there is no such, the only one. */
  source: sourceSchema.nullish(),
  /** Every channel; none for a server that is no replica. */
  sources: z.array(sourceSchema).optional(),
});

export type Stands = z.infer<typeof standsSchema>;
export type Coordinates = z.infer<typeof coordinatesSchema>;
export type SourceCoordinates = z.infer<typeof sourceSchema>;

/** undefined: this is not what the script prints. */
export function readCoordinates(text: string): Coordinates | undefined {
  const locked = /^locked_ms (\d+)$/m.exec(text)?.[1];
  if (locked === undefined) return undefined;
  const rows = text.split(/^\*{3}.*$/m).map(verticalFields);
  const any = (...names: string[]) =>
    named(
      rows.find((row) => names.some((name) => row.get(name))),
      names,
    );
  const gtid = any('gtid_executed').replaceAll(/\s/g, '') || latest(any('gtid_binlog_pos'), any('gtid_slave_pos'));
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

/** What it wrote itself is in no log of its source: it is left out where the server leaves it out, too. */
function gtidInSource(row: Fields, gtid: string, slaveGtid = ''): Pick<SourceCoordinates, 'gtid'> {
  const using = row.get('Using_Gtid');
  if (using === undefined) return {};
  if (using === 'No') return { gtid: null };
  return { gtid: using === 'Slave_Pos' ? latest(slaveGtid) : gtid };
}

/**
 * Of each domain, the GTID with the greatest sequence number. A replica that does not log what it applies has that in its
 * gtid_slave_pos alone, and in its gtid_binlog_pos what it wrote itself, long ago perhaps.
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

/** `mysql --vertical`: `  name: value`; a GTID set goes on over several lines, which have no name. */
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
