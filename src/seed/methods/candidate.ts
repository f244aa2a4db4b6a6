// A host or a snapshot that could give a target its data, with its advantages and drawbacks. Pure.
import type { HostReport, LogicalVolume, ServerFacts } from '../../host/facts.ts';
import type { Host } from '../../inventory/settings.ts';
import { shortDuration } from '../../text/amounts.ts';

/** A host's last known state. */
export interface Seen {
  readonly host: Host;
  readonly report: HostReport;
  /** The server's last answer about itself: the vendor stays known while it is down. */
  readonly server?: ServerFacts;
  /** Why it does not answer now, as the rest of "db7 ..."; absent where it does. */
  readonly silence?: string;
  /** Its server is down, and has been set up before. */
  readonly down: boolean;
  /** Whether an unfinished job uses this snapshot of the host. */
  readonly isUsed?: (snapshot: LogicalVolume) => boolean;
}

/** What a host can give by one method. */
export type Gift = Pick<Candidate, 'id' | 'snapshot' | 'stopped' | 'lacks' | 'ageMs'>;

export interface Candidate {
  /** `db2`, or `db2 UUID` for a snapshot. */
  readonly id: string;
  readonly donor: Host;
  /** Absent: a new one is taken. */
  readonly snapshot?: LogicalVolume;
  /** Its server is down, and its files are copied directly. */
  readonly stopped?: true;
  /** Nothing is copied: the target goes on from its own data, which lacks so many transactions of this host. */
  readonly lacks?: number;
  /** The snapshot's age, by the donor's clock. */
  readonly ageMs?: number;
  /** It is in the target's datacenter. */
  readonly near: boolean;
  /** Its clients write: their writes are blocked for a moment while a new snapshot is taken. */
  readonly takesWrites: boolean;
  readonly lag: Lag;
  /** Its replication filters; empty: none known. */
  readonly filters: readonly string[];
  /** The load of the last minute, for each CPU. */
  readonly loadPerCpu?: number;
  /** Its advantages and drawbacks, in words. */
  readonly why: string;
}

export type Lag =
  | { readonly kind: 'source' }
  | { readonly kind: 'behind'; readonly seconds: number }
  | { readonly kind: 'still' }
  | { readonly kind: 'unknown' };

/** Its advantages and drawbacks, as one line. */
export function whyText(
  { donor, near, snapshot, stopped, lacks, ageMs, takesWrites, lag, filters, loadPerCpu }: Omit<Candidate, 'why'>,
  target: Host,
) {
  if (lacks !== undefined) {
    return `nothing is copied: ${target.name} catches up on the data that it has, and lacks ${lacks} transactions`;
  }
  const words = [
    near ? `in ${donor.datacenter}, as ${target.name}` : farText(donor, target),
    snapshot &&
      `taken ${ageMs === undefined ? 'at an unknown time' : `${shortDuration(ageMs)} ago`}, which is to be caught up`,
    stopped && 'its server is down, and stays so while its files are copied; how far behind they are is not known',
    !snapshot && !stopped && (takesWrites ? 'takes writes, which wait while the snapshot is taken' : 'takes no writes'),
    !snapshot && !stopped && lagText(lag),
    filters.length > 0 && `leaves rows out: ${filters.join(', ')}`,
    loadPerCpu !== undefined && `load ${loadPerCpu.toFixed(1)} a CPU`,
  ];
  return words.filter((text) => text).join(', ');
}

function farText({ datacenter }: Host, target: Host): string {
  if (datacenter === undefined || target.datacenter === undefined) return 'its datacenter is not known';
  return `in another datacenter, ${datacenter}`;
}

export function lagText(lag: Lag): string {
  switch (lag.kind) {
    case 'source':
      return 'has no source';
    case 'behind':
      return `${shortDuration(lag.seconds * 1000)} behind`;
    case 'still':
      return 'its replication stands still';
    case 'unknown':
      return 'lag not known';
  }
}
