// A host or a snapshot that could give a target its data, with its advantages and drawbacks. Pure.
import type { HostReport, LogicalVolume, ServerFacts } from '../../host/facts.ts';
import type { Host } from '../../inventory/settings.ts';
import { shortDuration } from '../../text/amounts.ts';
import { type EndingName, endingOf } from '../ending.ts';
import type { SeedMethod } from './method.ts';

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
  /** Its server was never set up. */
  readonly isEmpty?: boolean;
  /** Whether an unfinished job uses this snapshot of the host. */
  readonly isUsed?: (snapshot: LogicalVolume) => boolean;
}

/** What a host can give by one method. */
export interface Gift {
  /** Its own among all: `db2`, `db2 UUID` for a snapshot. */
  readonly id: string;
  /** What it is, in 20 cells at most: `new snapshot`. */
  readonly brief: string;
  /** The same in full: `a new snapshot`. */
  readonly title: string;
  /** What is to be said of it besides what is said of each host: a part of a sentence. */
  readonly words?: string;
  /** An existing snapshot of the donor; absent: its present data is given. */
  readonly snapshot?: LogicalVolume;
  /** The snapshot's age, by the donor's clock. */
  readonly ageMs?: number;
}

export interface Candidate extends Gift {
  readonly donor: Host;
  readonly method: SeedMethod;
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

/** Whether a target gets what the donor's server has now: how far that is behind matters. */
export const givesPresent = ({ method, snapshot }: Pick<Candidate, 'method' | 'snapshot'>): boolean =>
  method.copies && method.donorRuns && !snapshot;

/** Why a host that has not told its volumes gives no snapshot of them. undefined: it has told them, or has no LVM. */
export function volumesUnknown(lvm: HostReport['lvm']): string | undefined {
  if (lvm?.ok || lvm?.missing) return undefined;
  return lvm ? `its volumes are not known: ${lvm.why}` : 'whether its datadir is on an LVM volume is not known yet';
}

/** Its advantages and drawbacks, as one line. `ends`: what the target is to be afterwards. */
export function whyText(
  { donor, method, near, snapshot, words: own, takesWrites, lag, filters, loadPerCpu }: Omit<Candidate, 'why'>,
  target: Host,
  ends?: EndingName,
) {
  if (!method.copies) return `nothing is copied: ${own}`;
  const isPresent = givesPresent({ method, ...(snapshot && { snapshot }) });
  const words = [
    donor.cluster !== target.cluster && `of ${donor.cluster === undefined ? 'no cluster' : `cluster ${donor.cluster}`}`,
    near ? `in ${donor.datacenter}, as ${target.name}` : farText(donor, target),
    own,
    snapshot && endingOf({ ...(ends && { ends }) }).catchesUp && `${target.name} catches up from then on`,
    isPresent && writesText(takesWrites, method),
    isPresent && lagText(lag),
    filters.length > 0 && `leaves rows out: ${filters.join(', ')}`,
    loadPerCpu !== undefined && `load ${loadPerCpu.toFixed(1)} a CPU`,
  ];
  return words.filter((text) => text).join(', ');
}

function writesText(takesWrites: boolean, { blocksWrites }: SeedMethod): string {
  if (!takesWrites) return 'takes no writes';
  return blocksWrites === undefined ? 'takes writes' : `takes writes, which wait while ${blocksWrites.what}`;
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
      return 'replication stopped';
    case 'unknown':
      return 'lag not known';
  }
}
