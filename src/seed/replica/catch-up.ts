// Whether a replica has caught up, is catching up, or never will. Pure.

import type { ReplicationChannel, Vendor } from '../../host/facts.ts';
import { shortDuration } from '../../text/amounts.ts';
import { msFor, perSecond } from '../../text/rate.ts';
import { type Down, type Failed, failed, troubleOf } from './channel-trouble.ts';
import { countOf, gtidText, lacking, readGtidPosition, readGtidSet, readGtidState, without } from './gtid-set.ts';
import { strangersIn } from './source/origin.ts';
import type { ReplicationState } from './source/replication-state.ts';
import type { Position } from './words.ts';

export type Way =
  | { readonly kind: 'there' }
  | {
      readonly kind: 'behind';
      readonly lagSeconds?: number;
      readonly transactions?: number;
      readonly note?: string;
      /** What keeps it from replicating, and may pass. */
      readonly waits?: string;
    }
  | Failed;

export interface CatchUpLook extends Down {
  readonly vendor: Vendor;
  /** For a replica that began at a position in a log, GTIDs don't tell what it has. */
  readonly position: Position;
  readonly target: ReplicationState;
  /** The source, asked before the target; absent: it can't be asked. */
  readonly source?: ReplicationState;
  /** Names of further channels that have to run as well. */
  readonly channels?: readonly string[];
}

/** The lag is counted in whole seconds: a delayed replica swings around its delay. */
const delayedSlackSeconds = 2;

/** Judges all its channels: the first that has not caught up counts. */
export function judgeCatchUp(look: CatchUpLook): Way {
  const own = judgeDefault(look);
  if (own.kind === 'failed') return own;
  const others = (look.channels ?? []).map((name) => judgeFurther(name, look));
  return others.find(({ kind }) => kind === 'failed') ?? [own, ...others].find(({ kind }) => kind === 'behind') ?? own;
}

/** It may have received transactions by another channel, so its threads and its lag are judged, not its received GTIDs. */
function judgeFurther(name: string, look: CatchUpLook): Way {
  const { target } = look;
  const found = target.further.find(({ channel }) => channel.name === name);
  if (!found) return failed(`channel ${name} is gone: it was reset by others`);
  const { channel, delaySeconds } = found;
  const trouble = troubleOf(channel, look);
  if (trouble?.kind === 'failed') return { ...trouble, why: `channel ${name}: ${trouble.why}` };
  const { lagSeconds, ioThread, sqlThread, error } = channel;
  const slack = delaySeconds > 0 ? delayedSlackSeconds : 0;
  const isRunning = ioThread === 'running' && sqlThread === 'running';
  if (isRunning && lagSeconds !== undefined && lagSeconds <= delaySeconds + slack) return { kind: 'there' };
  const state = isRunning ? 'it is late' : (error ?? 'it is not running yet');
  return {
    kind: 'behind',
    ...(lagSeconds !== undefined && { lagSeconds }),
    note: `channel ${name}: ${state}`,
    ...(trouble && { waits: `channel ${name}: ${trouble.why}` }),
  };
}

function judgeDefault(look: CatchUpLook): Way {
  const { channel } = look.target;
  if (!channel) return failed('it is no replica any more: it was reset by others');
  const trouble = troubleOf(channel, look);
  if (trouble?.kind === 'failed') return trouble;
  const way = distanceOf(channel, look);
  return way.kind === 'behind' && trouble ? { ...way, waits: trouble.why } : way;
}

function distanceOf(channel: ReplicationChannel, { vendor, position, target, source }: CatchUpLook): Way {
  const { delaySeconds } = target;
  const transactions = source && position !== 'file' ? distance(vendor, source, target) : undefined;
  const { lagSeconds, ioThread, sqlThread } = channel;
  const runs = ioThread === 'running' && sqlThread === 'running';
  // The lag alone is 0 also while nothing has come from the source yet.
  const all = transactions === undefined ? target.readAll : transactions === 0;
  const slack = delaySeconds > 0 ? delayedSlackSeconds : 0;
  const isLate = lagSeconds === undefined || lagSeconds > delaySeconds + slack;
  if (runs && !isLate && all) return { kind: 'there' };
  return {
    kind: 'behind',
    ...(lagSeconds !== undefined && { lagSeconds }),
    ...(transactions !== undefined && { transactions }),
    ...(!runs && {
      note: channel.error ?? `${ioThread === 'running' ? 'the applier is' : 'the receiver is'} not running yet`,
    }),
  };
}

/**
 * How many transactions of the source the target has not applied; undefined: GTIDs don't tell. A delayed replica only
 * needs to have received them; for MariaDB readAll tells that.
 */
function distance(vendor: Vendor, source: ReplicationState, target: ReplicationState): number | undefined {
  const isDelayed = target.delaySeconds > 0;
  if (isDelayed && vendor === 'mariadb') return undefined;
  const received = isDelayed ? `,${target.channel?.gtidRetrieved ?? ''}` : '';
  const [ahead, behind] = [source.server.gtidExecuted, `${target.server.gtidExecuted}${received}`];
  if (vendor === 'mariadb') {
    const [there, here] = [readGtidPosition(ahead), readGtidPosition(behind)];
    return there && here && there.size > 0 ? lacking(there, here) : undefined;
  }
  const [there, here] = [readGtidSet(ahead), readGtidSet(behind)];
  return there && here && there.size > 0 ? countOf(without(there, here)) : undefined;
}

/** `78 s behind, 1204 transactions to go` */
export function distanceText({ lagSeconds, transactions, note }: Extract<Way, { kind: 'behind' }>): string {
  const lag = lagSeconds === undefined ? 'lag not known' : `${lagSeconds} s behind`;
  return [lag, transactions === undefined ? '' : `${transactions} transactions to go`, note ?? '']
    .filter((words) => words !== '')
    .join(', ');
}

export interface DistanceSample {
  readonly atMs: number;
  readonly lagSeconds?: number;
  readonly transactions?: number;
}

/** When it will have caught up, at the rate since the first sample; undefined: it gets no nearer, or it is unknown. */
export function msToThere(first: DistanceSample, last: DistanceSample): number | undefined {
  const [before, after] =
    first.transactions !== undefined && last.transactions !== undefined
      ? [first.transactions, last.transactions]
      : [first.lagSeconds ?? 0, last.lagSeconds ?? 0];
  const gained = perSecond({ atMs: first.atMs, amount: after }, { atMs: last.atMs, amount: before });
  return msFor(after, gained);
}

export const etaText = (ms: number | undefined) => (ms === undefined ? '' : `, ${shortDuration(ms)} to go`);

export interface LastLook {
  readonly vendor: Vendor;
  readonly position: Position;
  readonly target: ReplicationState;
  /** Asked after the target. */
  readonly source?: ReplicationState;
  /** The GTIDs that came with the data. */
  readonly brought: string;
  /** Empty: unknown. */
  readonly donorUuid: string;
  /** It was started with its event scheduler off. */
  readonly eventsOff?: boolean;
}

/** What is wrong with a replica that has caught up; clean sentences. */
export function lastChecks(look: LastLook): string[] {
  const { vendor, target, source, donorUuid, eventsOff } = look;
  const { server } = target;
  const isReadOnly = server.readOnly && (vendor === 'mariadb' || server.superReadOnly);
  return [
    ...(isReadOnly ? [] : ['it takes writes: read_only is off']),
    ...(donorUuid !== '' && server.serverUuid === donorUuid ? ['it has the uuid of the donor (auto.cnf)'] : []),
    ...(source?.server.serverId === server.serverId ? [`it has the server_id of its source: ${server.serverId}`] : []),
    ...(eventsOff && target.eventScheduler === 'ON'
      ? [
          'its event scheduler was switched on, and runs events that its source runs too: SET GLOBAL event_scheduler = OFF',
        ]
      : []),
    ...errant(look),
  ];
}

/** Transactions written on the target since it was started: no other server will ever have them. */
function errant(look: LastLook): string[] {
  const {
    vendor,
    position,
    target: { server, further },
    source,
    brought,
  } = look;
  if (vendor === 'mariadb') return errantInLog(look);
  if (position === 'file') return [];
  const [executed, before] = [readGtidSet(server.gtidExecuted), readGtidSet(brought)];
  if (!executed || !before) return [];
  const since = without(executed, before);
  // The source may lack transactions that came by a further channel.
  const known = source && further.length === 0 ? readGtidSet(source.server.gtidExecuted) : undefined;
  const own = known
    ? without(since, known)
    : new Map([...since].filter(([name]) => name.split(':')[0] === server.serverUuid?.toLowerCase()));
  return own.size > 0 ? [`it has transactions that its source does not: ${gtidText(own)}`] : [];
}

/**
 * Transactions of its own server_id in a MariaDB's log. That was reset before it was attached, unless it goes on from its own data: then it
 * may have been the primary, and its source has them in its log, or as what it has replicated.
 */
function errantInLog({ target, source }: LastLook): string[] {
  const own = [...readGtidState(target.binlogState)]
    .filter(([writer]) => writer.split('-')[1] === String(target.server.serverId))
    .map(([writer, sequence]) => `${writer}-${sequence}`)
    .join(',');
  const text = source ? strangersIn('mariadb', own, source) : own;
  return text !== '' ? [`it has transactions that its source does not: up to ${text}`] : [];
}
