// Whether a target can go on from its own data: what it has is part of what its source has, and that still has the logs of the rest. Pure.
import type { HostReport, ServerFacts, Vendor } from '../../../host/facts.ts';
import { countOf, lacking, latestPosition, readGtidPosition, readGtidSet, without } from '../../replica/gtid-set.ts';
import { applyReceived } from '../../replica/relay-log-loss.ts';
import { cannotFollow, type SourceLook, strangersIn } from '../../replica/source/origin.ts';
import type { ReplicationState } from '../../replica/source/replication-state.ts';

export type History =
  /** It lacks so many transactions, and the source has them all. */
  | { readonly is: 'whole'; readonly lacking: number }
  /** A set, or of a MariaDB the last transaction of each domain and server_id. */
  | { readonly is: 'errant'; readonly gtids: string }
  /** Clean words. */
  | { readonly is: 'refused'; readonly why: string; readonly advice: string };

const refused = (why: string, advice: string): History => ({ is: 'refused', why, advice });
const copied = 'seed it by a copy: leave out --method binlog';

/** The source was asked after the target. `name`: the target's. */
export function historyOf(vendor: Vendor, name: string, target: ReplicationState, look: SourceLook): History {
  const { replicationState: source, name: from } = look;
  const [silent] = [target, source].filter(({ server }) => !server.gtid);
  if (silent) {
    const who = silent === target ? name : from;
    return refused(`${who} has no GTIDs (gtid_mode): which transactions ${name} lacks is not known`, copied);
  }
  if (vendor === 'mariadb' && target.channel?.autoPosition === false) {
    const { why, advice } = byFile(name);
    return refused(why, advice);
  }
  const own = target.ownGtid;
  if (own === '') {
    return refused(`${name} has executed no GTID: whether its data has the history of ${from} is not known`, copied);
  }
  const errant = strangersIn(vendor, vendor === 'mariadb' ? `${target.binlogState},${target.slaveGtid}` : own, source);
  if (errant !== '') return { is: 'errant', gtids: errant };
  const trouble =
    unappliedTrouble(vendor, name, target, look) ??
    (vendor === 'mariadb' ? mariadbTrouble(name, target, look) : undefined);
  if (trouble) return trouble;
  const purged = cannotFollow(vendor, look, { by: 'gtid', gtid: own });
  if (purged !== undefined) return refused(purged, `name another host whose source has them, or ${copied}`);
  return { is: 'whole', lacking: lacksOf(vendor, own, source.server.gtidExecuted) ?? 0 };
}

/**
 * A MariaDB that replicates by file and position. Until it has applied a transaction of each domain its gtid_slave_pos is older than its
 * data, and by GTID it would apply the difference twice; and a source that is given back by its place in a log skips nothing.
 */
export const byFile = (name: string) => ({
  why: `${name} replicates by file and position (Using_Gtid: No): whether its gtid_slave_pos is that of its data is not known`,
  advice: `once it has applied a transaction of each domain of its source, on ${name}: STOP SLAVE; CHANGE MASTER TO MASTER_USE_GTID = slave_pos; START SLAVE; and plan again. Or ${copied}`,
});

/** A change of the source deletes what was received and not applied yet. */
function unappliedTrouble(
  vendor: Vendor,
  name: string,
  { channel }: ReplicationState,
  { name: from, replicationState: source }: SourceLook,
): History | undefined {
  const received = strangersIn(vendor, channel?.gtidRetrieved ?? '', source);
  if (received === '') return undefined;
  return refused(
    `the relay logs of ${name} hold transactions that ${from} does not have, and would be deleted: ${received}`,
    applyReceived(vendor, name, channel),
  );
}

function mariadbTrouble(
  name: string,
  target: ReplicationState,
  { name: from, beginning }: SourceLook,
): History | undefined {
  const [own, replicated] = [target.ownGtid, target.slaveGtid].map((text) => readGtidPosition(text) ?? new Map());
  if (own && replicated && lacking(own, replicated) > 0) {
    return refused(
      `gtid_slave_pos of ${name} (${target.slaveGtid || 'empty'}) is older than its own binary log, which has ${target.binlogGtid}: a replica would apply anew what it wrote itself`,
      `on ${name}: SET GLOBAL gtid_slave_pos = '${latestPosition(target.slaveGtid, target.binlogGtid)}', and plan again`,
    );
  }
  if (beginning !== undefined) return undefined;
  return refused(`with which GTIDs the oldest binary log of ${from} begins is not known`, copied);
}

/** How many transactions; undefined: it can't be told. */
function lacksOf(vendor: Vendor, own: string, executed: string): number | undefined {
  if (vendor === 'mariadb') {
    const [here, there] = [readGtidPosition(own), readGtidPosition(executed)];
    return here && there && lacking(there, here);
  }
  const [here, there] = [readGtidSet(own), readGtidSet(executed)];
  return here && there && countOf(without(there, here));
}

/**
 * By what both said last, for a list of what may be tried: how many transactions the target lacks. undefined: it can't go on from its data
 * there, it does already, or that is not known.
 */
export function mayGoOn(target: HostReport, source: HostReport): number | undefined {
  const [own, theirs] = [target.server, source.server].map((server) => (server?.ok ? server.value : undefined));
  if (!own || !theirs || !target.replication?.ok || replicates(target)) return undefined;
  if (!own.readOnly || !own.gtid || !theirs.gtid || !theirs.logBin || own.gtidExecuted === '') return undefined;
  return isPart(own, theirs) ? lacksOf(own.vendor, own.gtidExecuted, theirs.gtidExecuted) : undefined;
}

const replicates = ({ replication }: HostReport): boolean =>
  replication?.ok === true &&
  replication.value.channels.some(({ ioThread, sqlThread }) => ioThread === 'running' && sqlThread === 'running');

function isPart(own: ServerFacts, theirs: ServerFacts): boolean {
  if (own.vendor === 'mariadb' || theirs.vendor === 'mariadb') {
    return own.vendor === theirs.vendor && lacksOf(own.vendor, theirs.gtidExecuted, own.gtidExecuted) === 0;
  }
  const [here, there, purged] = [own.gtidExecuted, theirs.gtidExecuted, theirs.gtidPurged ?? ''].map(readGtidSet);
  if (!here || !there || !purged) return false;
  return without(here, there).size === 0 && without(purged, here).size === 0;
}

/** One at a time, as a statement names it. */
export function singleGtids(set: string, most: number): readonly string[] {
  const found: string[] = [];
  for (const [name, intervals] of readGtidSet(set) ?? []) {
    for (const { first, last } of intervals) {
      for (let at = first; at <= last && found.length < most; at++) found.push(`${name}:${at}`);
    }
  }
  return found;
}

export const countText = (vendor: Vendor, gtids: string): string => {
  const set = vendor === 'mariadb' ? undefined : readGtidSet(gtids);
  const count = set && countOf(set);
  if (count === undefined) return 'transactions';
  return count === 1 ? '1 transaction' : `${count} transactions`;
};
