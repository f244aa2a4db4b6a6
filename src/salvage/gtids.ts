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
  without,
} from '../seed/replica/gtid-set.ts';
import type { ReplicationState } from '../seed/replica/source/replication-state.ts';
import type { Run } from './tail.ts';

/** What it has executed. */
export const executedOf = ({ server, ownGtid }: ReplicationState): string =>
  server.vendor === 'mariadb' ? ownGtid : server.gtidExecuted;

/** The same, with what it has received and not applied. */
export function receivedOf(state: ReplicationState): string {
  const retrieved = state.channel?.gtidRetrieved ?? '';
  const own = executedOf(state);
  if (state.server.vendor === 'mariadb') return latestPosition(own, retrieved);
  return gtidText(setOf([own, retrieved].filter((one) => one !== '').join(',')));
}

const setOf = (text: string): GtidSet => readGtidSet(text) ?? new Map();
const positionOf = (text: string): GtidPosition => readGtidPosition(text) ?? new Map();

/** Numbers after another position, of each domain. Of a MariaDB only the last one of a domain has its server's number. */
interface Ahead {
  readonly domain: string;
  readonly server: string;
  readonly after: bigint;
  readonly last: bigint;
}

function aheadOf(ahead: string, behind: string): Ahead[] {
  const own = positionOf(behind);
  return [...positionOf(ahead)].flatMap(([domain, { server, sequence }]) => {
    const after = own.get(domain)?.sequence ?? 0n;
    return sequence > after ? [{ domain, server, after, last: sequence }] : [];
  });
}

/** What `ahead` has and `behind` lacks, for people: a set; of MariaDB `0-14-58..125`. Empty: nothing. */
export function lackedText(vendor: Vendor, ahead: string, behind: string): string {
  if (vendor !== 'mariadb') return gtidText(without(setOf(ahead), setOf(behind)));
  return aheadOf(ahead, behind)
    .map(({ domain, server, after, last }) => rangeText(`${domain}-${server}`, after + 1n, last))
    .join(',');
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
