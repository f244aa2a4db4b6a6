// From which coordinates a replica continues, and whether its source still has the logs after them. Pure.
import type { ServerFacts, Vendor } from '../../../host/facts.ts';
import type { Stands } from '../../../snapshot/coordinates.ts';
import {
  countOf,
  type GtidSet,
  gtidText,
  lacking,
  positionText,
  readGtidPosition,
  readGtidSet,
  readGtidState,
  without,
} from '../gtid-set.ts';
import type { Position } from '../words.ts';
import type { ReplicationState } from './replication-state.ts';

/** `gtid`: a set or a position of the vendor; or a position in a log of the source. */
export type Origin =
  | { readonly by: 'gtid'; readonly gtid: string }
  | { readonly by: 'file'; readonly file: string; readonly position: number };

/** The replica's source: the donor itself, or the donor's source. */
export type Follow = 'donor' | 'source';

/** From the coordinates of the step that took or read the snapshot; undefined: they have no place to start from. */
export function originOf(stands: Stands | undefined, position: Position, follow: Follow): Origin | undefined {
  if (position !== 'file') {
    const own = follow === 'source' ? stands?.source?.gtid : undefined;
    if (own === null) return undefined;
    const gtid = own ?? stands?.gtid;
    return gtid === undefined ? undefined : { by: 'gtid', gtid };
  }
  const { logFile = '', logPosition } = (follow === 'donor' ? stands : stands?.source) ?? {};
  if (logFile === '' || logPosition === undefined) return undefined;
  return { by: 'file', file: logFile, position: logPosition };
}

export const originText = (origin: Origin): string =>
  origin.by === 'gtid' ? `gtid ${origin.gtid || 'of nothing'}` : `${origin.file}:${origin.position}`;

/** A source, its name, and for MariaDB the GTIDs at the beginning of its logs. */
export interface SourceLook {
  readonly name: string;
  readonly replicationState: ReplicationState;
  readonly beginning?: string;
}

/** A source of ON_PERMISSIVE gives GTIDs, and can be asked by them. */
const givesGtids = ({ gtid, gtidMode }: ServerFacts): boolean => gtid || gtidMode === 'ON_PERMISSIVE';

const withoutGtids = (name: string, { gtidMode }: ServerFacts): string =>
  `${name} gives its transactions no GTIDs (gtid_mode${gtidMode === undefined ? '' : ` = ${gtidMode}`}): a replica that begins by GTID can't follow it`;

/** Why a target can't continue at that source from there; undefined: it can. Clean words. */
export function cannotFollow(
  vendor: Vendor,
  { name, replicationState, beginning }: SourceLook,
  origin: Origin,
): string | undefined {
  const { server, logs, logsReplicated, channel } = replicationState;
  if (!server.logBin) return `${name} writes no binary log: no host can replicate from it`;
  if (channel && !logsReplicated) {
    return `${name} does not write to its own log what it replicates (log_replica_updates): no host can follow it`;
  }
  if (vendor !== 'mariadb' && origin.by === 'gtid' && !givesGtids(server)) return withoutGtids(name, server);
  const past = vendor === 'mariadb' && origin.by === 'gtid' ? aheadOfItsLog(replicationState) : undefined;
  if (past !== undefined) return `${name} ${past}`;
  if (origin.by === 'file') {
    const has = logs === undefined || logs.includes(origin.file);
    return has ? undefined : `${name} has no log ${origin.file} any more; its oldest is ${logs[0] ?? 'not known'}`;
  }
  const lost = vendor === 'mariadb' ? lostPosition(beginning, origin.gtid) : lostSet(server.gtidPurged, origin.gtid);
  return lost === 0 ? undefined : `${name} has purged ${lost} transactions that come after ${originText(origin)}`;
}

/**
 * A MariaDB that was promoted by RESET MASTER counts from 1 again until its next start, and keeps gtid_slave_pos, whose numbers are greater. A replica that begins at these
 * passes over all that it writes until its own numbers are as great, without an error; and gtid_current_pos, by which the distance of a replica is counted, has them too.
 * Without RESET MASTER a server counts on above its gtid_slave_pos; of one that has logged nothing yet it is not known. While a channel works, its log may be the shorter one
 * for a moment.
 */
function aheadOfItsLog({ server, channel, further, slaveGtid, binlogGtid }: ReplicationState): string | undefined {
  const channels = [...(channel ? [channel] : []), ...further.map((one) => one.channel)];
  if (channels.some(({ sqlThread }) => sqlThread !== 'stopped')) return undefined;
  const [past, logged] = [readGtidPosition(slaveGtid), readGtidPosition(binlogGtid)];
  if (!past || !logged) return undefined;
  const told = `has ${slaveGtid} in gtid_slave_pos, from its time as a replica`;
  if (logged.size === 0) {
    // A replica that was seeded has not logged anything yet either.
    if (past.size === 0 || channels.length > 0) return undefined;
    return `${told}, and has logged nothing since: whether its numbers go on from there shows with its next transaction; write one there, and plan again`;
  }
  // What a replica filters is not in its log: then the last that it logged is of the same writer.
  const isAhead = [...past].some(([domain, at]) => {
    const last = logged.get(domain);
    return last !== undefined && at.sequence > last.sequence && last.server === String(server.serverId);
  });
  if (!isAhead) return undefined;
  const why = `${told}, and its own log ends with ${binlogGtid}, as after RESET MASTER: a replica would pass over what it writes until its numbers are greater`;
  if (channels.length > 0) return `${why}; if it is to stay a primary, end its channels first (RESET SLAVE ALL)`;
  return `${why}; run there: SET GLOBAL gtid_slave_pos = '${binlogGtid}'. Replicas of it that have greater numbers of these domains have passed over rows already: seed them`;
}

function lostSet(purgedText: string | undefined, gtid: string): number {
  const [purged, own] = [readGtidSet(purgedText ?? ''), readGtidSet(gtid)];
  return purged && own ? countOf(without(purged, own)) : 0;
}

function lostPosition(beginningText: string | undefined, gtid: string): number {
  const [beginning, own] = [readGtidPosition(beginningText ?? ''), readGtidPosition(gtid)];
  return beginning && own ? lacking(beginning, own) : 0;
}

/**
 * Transactions in the data that the source does not know: they were written on the donor alone. `gtid` is a set; for
 * MariaDB a position, gtid_binlog_state, or both: for each domain and server_id the last one is compared.
 */
export function strangersIn(vendor: Vendor, gtid: string, source: ReplicationState): string {
  if (vendor === 'mariadb') return unknownWriters(gtid, source);
  const [own, known] = [readGtidSet(gtid), readGtidSet(source.server.gtidExecuted)];
  return own && known ? gtidText(without(own, known)) : '';
}

/**
 * Why a replica would apply transactions that its data has already: their GTIDs are in the data and beyond the position at which it would begin, and the source has
 * them. Rows would come twice, or a table be made anew (slave_exec_mode and slave_ddl_exec_mode), and no thread would stop for it. undefined: none would. `brought`: the
 * GTID position of the data. MySQL asks by sets, which have no such gap.
 */
export function appliedTwice(vendor: Vendor, brought: string, origin: Origin, { name, replicationState }: SourceLook) {
  if (vendor !== 'mariadb' || origin.by !== 'gtid') return undefined;
  const begin = readGtidPosition(origin.gtid);
  const { binlogState, slaveGtid, server } = replicationState;
  const known = readGtidState(`${binlogState},${slaveGtid},${server.gtidExecuted}`);
  const again = [...(readGtidPosition(brought) ?? [])].filter(
    ([domain, at]) =>
      at.sequence > (begin?.get(domain)?.sequence ?? 0n) && at.sequence <= (known.get(`${domain}-${at.server}`) ?? -1n),
  );
  if (!begin || again.length === 0) return undefined;
  const gtids = positionText(new Map(again));
  return `the data has ${gtids}, and ${name} would send that once more: a replica would begin at ${origin.gtid || 'nothing'}, which is before it`;
}

function unknownWriters(gtid: string, { binlogState, slaveGtid, server }: ReplicationState): string {
  const known = readGtidState(`${binlogState},${slaveGtid},${server.gtidExecuted}`);
  return [...readGtidState(gtid)]
    .filter(([writer, sequence]) => sequence > (known.get(writer) ?? 0n))
    .map(([writer, sequence]) => `${writer}-${sequence}`)
    .join(',');
}

/**
 * Whether the replica has begun already: it has that source, and has all transactions that it was to begin with, and
 * more. A replica that has not begun may be attached again. One that has begun must not be: it would apply transactions
 * twice. Copied data may name that source too, and report FEWER GTIDs than it contains: MySQL before 8.0.17 writes
 * mysql.gtid_executed only when its log is rotated. That replica has not begun.
 */
export function hasBegun(
  { server, channel, applied }: ReplicationState,
  source: { readonly host: string; readonly port: number },
  origin: Origin,
): boolean {
  if (channel?.sourceHost !== source.host || channel.sourcePort !== source.port) return false;
  if (channel.ioThread !== 'stopped' || channel.sqlThread !== 'stopped') return true;
  if (origin.by === 'file') return applied !== undefined && isBeyond(applied, origin);
  return hasMore(server, origin.gtid);
}

/** A log with another base name may be earlier or later. The number after the last dot has six digits, and more after 999999. */
function isBeyond(applied: LogPlace, origin: LogPlace): boolean {
  if (applied.file === origin.file) return applied.position > origin.position;
  const [base, number] = partsOf(applied.file);
  const [originBase, originNumber] = partsOf(origin.file);
  return base !== originBase || number > originNumber;
}
interface LogPlace {
  readonly file: string;
  readonly position: number;
}
function partsOf(file: string): [string, number] {
  const dot = file.lastIndexOf('.');
  return [file.slice(0, dot), Number(file.slice(dot + 1))];
}

function hasMore({ serverUuid = '', gtidExecuted }: ReplicationState['server'], origin: string): boolean {
  const [has, began] = [readGtidSet(gtidExecuted), readGtidSet(origin)];
  if (has && began) {
    const others = withoutOwn(serverUuid, has);
    return without(began, has).size === 0 && without(others, began).size > 0;
  }
  const [at, beganAt] = [readGtidPosition(gtidExecuted), readGtidPosition(origin)];
  return at !== undefined && beganAt !== undefined && lacking(beganAt, at) === 0 && lacking(at, beganAt) > 0;
}

/** A MySQL's own transactions from the opening of its MEMORY tables (memory-tables.ts) are no sign that it has moved on. */
const withoutOwn = (serverUuid: string, gtids: GtidSet): GtidSet =>
  new Map([...gtids].filter(([name]) => name.split(':')[0] !== serverUuid.toLowerCase()));
