// The live picture of a fleet, as types: what is known of every host, since when, and what is wrong with it.
//
// Lives in this room: the poller that asks (poller.ts), one vanilla zustand store that keeps (store.ts), and pure functions
// over what is kept: alerts, roles, discovery, staleness. No screen, no SSH of its own: Remotes come in as arguments.
import type { HostReport, LogLine, ReplicationFacts, ReportPart, ServerFacts } from '../host/facts.ts';
import type { Host } from '../inventory/settings.ts';
import type { RemoteFailure } from '../remote/failure.ts';

export interface FleetPicture {
  readonly fleet: string;
  /** Of the whole inventory. */
  readonly readOnly: boolean;
  /** In the order of the inventory. */
  readonly hosts: readonly HostPicture[];
  /** Servers that a host of the inventory names as its source or replica, and that the inventory does not have. */
  readonly discovered: readonly DiscoveredServer[];
}

export interface HostPicture {
  readonly host: Host;
  readonly link: Link;
  /** The newest value of every part that was ever known, whole or not. */
  readonly report: HostReport;
  /** When each part of `report` came, by this machine's clock. */
  readonly partAtMs: Readonly<Partial<Record<ReportPart, number>>>;
  /** When the host last answered at all; absent: never yet. */
  readonly answeredAtMs?: number;
  /** What the server said of itself when it last spoke: who it was stays known while it is down. */
  readonly remembered: Remembered;
  readonly role: Role;
  /** Names of hosts of the inventory that this one replicates from, and that replicate from it. */
  readonly sources: readonly string[];
  readonly replicas: readonly string[];
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
  /** By this machine's clock: what the first tail of the log has from before is history. */
  readonly sinceMs: number;
  /** Keys (`lineKey`) of errors that are history, were on the screen, or were marked. */
  readonly seen: ReadonlySet<string>;
  /** Keys of reports of corrupt data that the operator has marked: that they were on the screen is not enough. */
  readonly marked: ReadonlySet<string>;
  /** Reports of corrupt data in the log since the watch began, oldest first: they stay though the log goes on. */
  readonly corruption: readonly LogLine[];
}

export type Link =
  | { readonly state: 'connecting'; readonly sinceMs: number }
  | { readonly state: 'answering' }
  /** Was answering and did not in time; the line may still come back. */
  | { readonly state: 'silent'; readonly sinceMs: number }
  | { readonly state: 'failed'; readonly sinceMs: number; readonly failure: RemoteFailure };

/** The rest of the sentence "db7 ...": why what is known of a host is not of now, or undefined where it answers. */
export function silenceOf({ state }: Link): string | undefined {
  if (state === 'answering') return undefined;
  return state === 'connecting' ? 'has not answered yet' : 'does not answer now';
}

/** `intermediate` replicates and is replicated from; `alone` does neither; undefined role: not known yet. */
export type Role = 'primary' | 'replica' | 'intermediate' | 'alone' | 'unknown';

export type AlertKind =
  | 'unreachable'
  /** It lets us log in, and sudo refuses. */
  | 'noSudo'
  | 'silent'
  | 'down'
  | 'noLogin'
  | 'replicationBroken'
  | 'noSource'
  | 'replicationStopped'
  | 'replicationLag'
  | 'diskFull'
  | 'diskReadOnly'
  | 'snapshotFull'
  | 'snapshotInvalid'
  | 'poolFull'
  | 'corruption'
  | 'errorLog'
  /** Parts of what a host was asked had no answer in their time. */
  | 'unanswered'
  | 'probe';

export interface Alert {
  readonly kind: AlertKind;
  readonly level: 'critical' | 'warning';
  /** In the operator's words, one line, clean: `replication stopped: Duplicate entry '12' for key ...`. */
  readonly text: string;
  /** Since when, by this machine's clock, where that is known. The age is not in the text: it changes by itself. */
  readonly sinceMs?: number;
}

export interface DiscoveredServer {
  /** Host name or address as the known server names it. */
  readonly host: string;
  readonly port?: number;
  readonly relation: 'source' | 'replica';
  /** The host of the inventory that names it. */
  readonly of: string;
  /** What to add to hosts.yaml, as YAML text, several lines. */
  readonly yaml: string;
}
