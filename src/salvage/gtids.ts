// What a host has and another lacks, as GTIDs: sets of MySQL, positions of MariaDB. Pure.
import type { Vendor } from '../host/facts.ts';
import {
  countOf,
  type GtidPosition,
  type GtidSet,
  gtidText,
  latestPosition,
  readGtidPosition,
  readGtidSet,
  readGtidState,
  without,
} from '../seed/replica/gtid-set.ts';
import type { ReplicationState } from '../seed/replica/source/replication-state.ts';
import type { Run, Tail } from './tail.ts';

/** What it has executed. */
export const executedOf = ({ server, ownGtid }: ReplicationState): string =>
  server.vendor === 'mariadb' ? ownGtid : server.gtidExecuted;

/**
 * The same, as closely as the server tells it: of MariaDB the last transaction of each domain and server_id. Numbers of two servers of a domain
 * are not in one order: after a failover that of the new primary may pass those that were lost.
 */
export function hasOf(state: ReplicationState): string {
  if (state.server.vendor !== 'mariadb') return executedOf(state);
  return stateText([state.binlogState, state.slaveGtid, state.ownGtid].join(','));
}

/** The same, with what it has received and not applied, of all channels. */
export function receivedOf(state: ReplicationState): string {
  const channels = [...(state.channel ? [state.channel] : []), ...state.further.map(({ channel }) => channel)];
  const all = [hasOf(state), ...channels.map(({ gtidRetrieved }) => gtidRetrieved ?? '')].filter((one) => one !== '');
  return state.server.vendor === 'mariadb' ? stateText(all.join(',')) : gtidText(setOf(all.join(',')));
}

const stateText = (text: string): string =>
  [...readGtidState(text)].map(([writer, sequence]) => `${writer}-${sequence}`).join(',');

const setOf = (text: string): GtidSet => readGtidSet(text) ?? new Map();
const positionOf = (text: string): GtidPosition => readGtidPosition(text) ?? new Map();

/** Numbers of one server of a MariaDB's domain. */
interface Ahead {
  readonly name: string;
  readonly after: bigint;
  readonly last: bigint;
}

function aheadOf(ahead: string, behind: string): Ahead[] {
  const [own, domains] = [readGtidState(behind), positionOf(behind)];
  return [...readGtidState(ahead)].flatMap(([name, last]) => {
    const reached = domains.get(domainOf(name))?.sequence ?? 0n;
    // Of a server that `behind` does not name, all before the number that its domain has reached is unknown; the last one stands for them.
    const after = own.get(name) ?? (reached >= last ? last - 1n : reached);
    return last > after ? [{ name, after, last }] : [];
  });
}

const domainOf = (name: string): string => name.split('-')[0] ?? '';

/** What `ahead` has and `behind` lacks, for people: a set; of MariaDB `0-14-58..125`. Empty: nothing. */
export function lackedText(vendor: Vendor, ahead: string, behind: string): string {
  if (vendor !== 'mariadb') return gtidText(without(setOf(ahead), setOf(behind)));
  return aheadOf(ahead, behind)
    .map(({ name, after, last }) => rangeText(name, after + 1n, last))
    .join(',');
}

/**
 * Those of a tail of which MariaDB does not tell whether a host has them: it names no transaction of their server, and has a later number of
 * their domain. Empty: none.
 */
export function unsureText(vendor: Vendor, has: string, runs: readonly Run[]): string {
  const own = readGtidState(has);
  return passedText(
    vendor,
    has,
    runs.filter(({ name }) => !own.has(name)),
  );
}

/** Those of a tail whose numbers a MariaDB has passed in their domain: it could write them out of order only. Empty: none. */
export function passedText(vendor: Vendor, has: string, runs: readonly Run[]): string {
  if (vendor !== 'mariadb') return '';
  const domains = positionOf(has);
  return runs
    .flatMap(({ name, first, last }) => {
      const reached = domains.get(domainOf(name))?.sequence ?? 0n;
      return reached < first ? [] : [rangeText(name, first, last < reached ? last : reached)];
    })
    .join(',');
}

/** What a host has received, and neither another has nor the tail of its logs: a gap. Empty: none. */
export function missingText(state: ReplicationState, has: string, tail: Pick<Tail, 'runs' | 'unfinished'>): string {
  const { vendor } = state.server;
  const unfinished = tail.unfinished.filter((gtid) => gtid !== '-');
  const joined = (more: readonly string[]) => [has, ...more, ...unfinished].filter((one) => one !== '').join(',');
  if (vendor !== 'mariadb') return lackedText(vendor, receivedOf(state), joined([runsText(vendor, tail.runs)]));
  const hole = holeText(has, tail.runs);
  if (hole !== '') return hole;
  return lackedText(vendor, receivedOf(state), joined(tail.runs.map(({ name, last }) => `${name}-${last}`)));
}

/** The last numbers hide holes: each run has to begin behind what is there before it, of its server or its domain. */
function holeText(has: string, runs: readonly Run[]): string {
  const last = new Map(readGtidState(has));
  const reached = new Map([...positionOf(has)].map(([domain, { sequence }]) => [domain, sequence]));
  for (const run of runs) {
    const domain = domainOf(run.name);
    const of = reached.get(domain) ?? 0n;
    // Before the number that its domain has reached, only the server's own numbers are in order.
    const before = run.first > of ? of : (last.get(run.name) ?? run.first - 1n);
    if (run.first > before + 1n) return rangeText(run.name, before + 1n, run.first - 1n);
    last.set(run.name, run.last);
    if (run.last > of) reached.set(domain, run.last);
  }
  return '';
}

/** Those that would be applied after later ones of their server, since another channel's logs have them. Empty: none. */
export function disorderText({ runs, logs }: Pick<Tail, 'runs' | 'logs'>): string {
  const stemOf = ({ log }: Run) => logs[log]?.path.replace(/\.\d+$/, '');
  const late = runs.filter((run, at) =>
    runs
      .slice(0, at)
      .some((before) => before.name === run.name && before.first > run.first && stemOf(before) !== stemOf(run)),
  );
  return late.map(({ name, first, last }) => `${name}:${first}${first === last ? '' : `-${last}`}`).join(',');
}

const rangeText = (name: string, first: bigint, last: bigint): string =>
  first === last ? `${name}-${first}` : `${name}-${first}..${last}`;

export function lackedCount(vendor: Vendor, ahead: string, behind: string): number {
  if (vendor !== 'mariadb') return countOf(without(setOf(ahead), setOf(behind)));
  return aheadOf(ahead, behind).reduce((sum, { after, last }) => sum + Number(last - after), 0);
}

/** The transactions of a tail: a set; of MariaDB, for people, `0-14-58..125`. */
export function runsText(vendor: Vendor, runs: readonly Run[]): string {
  if (vendor === 'mariadb') return runs.map(({ name, first, last }) => rangeText(name, first, last)).join(',');
  return gtidText(setOf(runs.map(({ name, first, last }) => `${name}:${first}-${last}`).join(',')));
}
/** What a host has once it has applied them. */
export function withRuns(vendor: Vendor, has: string, runs: readonly Run[]): string {
  if (vendor === 'mariadb') return latestPosition(has, runs.map(({ name, last }) => `${name}-${last}`).join(','));
  return gtidText(setOf([has, runsText(vendor, runs)].filter((one) => one !== '').join(',')));
}
