// The types of the live picture of a fleet: what is known of every host, since when, and what is wrong with it.
//
// This room has the poller that asks hosts (poller.ts), one vanilla zustand store (store.ts), and pure functions over
// the picture: alerts, roles, discovery, staleness. No screen, no SSH of its own: Remotes come in as arguments.
import type { HostReport, LogLine, ReplicationFacts, ReportPart, ServerFacts } from '../host/facts.ts';
import type { Host } from '../inventory/settings.ts';
import type { RemoteFailure } from '../remote/failure.ts';

export interface FleetPicture {
  readonly fleet: string;
  /** Of the whole inventory. */
  readonly readOnly: boolean;
  /** In the order of the inventory. */
  readonly hosts: readonly HostPicture[];
  /** Servers that a host of the inventory names as its source or replica, and that are not in the inventory. */
  readonly discovered: readonly DiscoveredServer[];
}

export interface HostPicture {
  readonly host: Host;
  readonly link: Link;
  /** The newest answer for every part that ever had one; an unknown part keeps its reason. */
  readonly report: HostReport;
  /** When each part of `report` arrived, by this machine's clock. */
  readonly partAtMs: Readonly<Partial<Record<ReportPart, number>>>;
  /** When the host last answered; absent: never. */
  readonly answeredAtMs?: number;
  /** What the server last said of itself: its identity stays known while it is down. */
  readonly remembered: Remembered;
  readonly role: Role;
  /** Names of hosts of the inventory that this host replicates from, and of those that replicate from it. */
  readonly sources: readonly string[];
  readonly replicas: readonly string[];
  /** It has had a source since the watch began. */
  readonly wasReplica?: true;
  /** The primary of its cluster, from which it should replicate, and which is not its source: it has none. */
  readonly missedPrimary?: string;
  readonly look: Look;
  /** The worst first. */
  readonly alerts: readonly Alert[];
}

export interface Remembered {
  readonly server?: ServerFacts;
  readonly replication?: ReplicationFacts;
}

/** What the operator has seen of a host's error log. */
export interface Look {
  /** By this machine's clock. Lines of the first tail from before this time are history. */
  readonly sinceMs: number;
  /** Keys (`lineKey`) of errors that are history, were on the screen, or were marked. */
  readonly seen: ReadonlySet<string>;
  /** Keys of reports of corrupt data that the operator has marked. To have been on the screen is not enough. */
  readonly marked: ReadonlySet<string>;
  /** Reports of corrupt data in the log since the watch began, oldest first. They are kept although the log goes on. */
  readonly corruption: readonly LogLine[];
}

export type Link =
  | { readonly state: 'connecting'; readonly sinceMs: number }
  | { readonly state: 'answering' }
  /** It answered before, and the last answer is overdue. The connection may still come back. */
  | { readonly state: 'silent'; readonly sinceMs: number }
  | { readonly state: 'failed'; readonly sinceMs: number; readonly failure: RemoteFailure };

/** The rest of the sentence "db7 ...": why the facts about a host are not current. Undefined where it answers. */
export function silenceOf({ state }: Link): string | undefined {
  if (state === 'answering') return undefined;
  return state === 'connecting' ? 'has not answered yet' : 'does not answer now';
}

/** `intermediate` has a source and replicas; `alone` has neither; `unknown`: the host never said. */
export type Role = 'primary' | 'replica' | 'intermediate' | 'alone' | 'unknown';

export type AlertKind =
  | 'unreachable'
  /** The host accepts our login, and sudo refuses. */
  | 'noSudo'
  | 'silent'
  | 'down'
  | 'noLogin'
  | 'replicationBroken'
  | 'noSource'
  | 'replicationStopped'
  /** It replicates from no host, and its cluster has a primary. */
  | 'replicationMissing'
  | 'replicationLag'
  | 'diskFull'
  | 'diskReadOnly'
  | 'snapshotFull'
  | 'snapshotInvalid'
  | 'poolFull'
  | 'corruption'
  | 'errorLog'
  /** Parts of a request had no answer in time. */
  | 'unanswered'
  | 'probe';

export interface Alert {
  readonly kind: AlertKind;
  readonly level: 'critical' | 'warning';
  /** In the operator's words, one line, clean. An error leads with its number, its object and its cause. */
  readonly text: string;
  /** The same for a row, which shows the host's state beside it: `1062 duplicate key 1312 in drill.ledger`. Absent: the text. */
  readonly reason?: string;
  /** Since when, by this machine's clock, where that is known. The age is not part of the text, because it changes by itself. */
  readonly sinceMs?: number;
}

export interface DiscoveredServer {
  /** The host name or address that the known server uses. */
  readonly host: string;
  readonly port?: number;
  readonly relation: 'source' | 'replica';
  /** The host of the inventory that names it. */
  readonly of: string;
  /** What to add to hosts.yaml, as YAML text, several lines. */
  readonly yaml: string;
}
