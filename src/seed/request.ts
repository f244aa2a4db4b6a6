// What an operator requests of a seed, and what is known of the hosts when it is planned.
import type { HostReport, LogicalVolume } from '../host/facts.ts';
import type { Host, SeedChannel } from '../inventory/settings.ts';
import type { Who } from '../job/journal/record.ts';
import type { SeedFacts } from './facts.ts';
import type { AskedSources } from './preflight/replication/source-checks.ts';

/** A host of a seed, as it is now. */
export interface Side {
  readonly host: Host;
  readonly report: HostReport;
  readonly facts: SeedFacts;
}

/** `away`: why it did not answer, in clean words; absent: it did, or there was no time for it. */
export type OtherHost = Pick<Side, 'host' | 'report'> & { readonly away?: string };

export interface SeedRequest {
  readonly donor: Side;
  readonly targets: readonly Side[];
  /** Every host of the inventory of which something is known: no two may have one server_id. */
  readonly others: readonly OtherHost[];
  /** Numbers of this journal's jobs that are not over, by their keys. */
  readonly openJobs?: ReadonlyMap<string, number>;
  /** The same of those that are over and could not undo all. */
  readonly uncleanJobs?: ReadonlyMap<string, number>;
  /** What sources and donor were asked for just now; absent: nothing was. */
  readonly asked?: AskedSources;
  /** An existing snapshot of the donor; absent: a new one is taken. */
  readonly snapshot?: LogicalVolume;
  /** The donor's server is down, and its files are read where they lie: no snapshot. */
  readonly stopped?: boolean;
  /** The new snapshot stays when the job is done. */
  readonly keepSnapshot: boolean;
  /** Whom the targets replicate from. Absent: the donor's source, or the donor where it has none. */
  readonly follow?: 'donor' | 'source';
  /** Absolute path, on this machine, of a file with the account that replicas log in with. */
  readonly accountFile?: string;
  /** A donor further behind is refused; `Infinity`: however far. Absent: what the inventory says, or the default. */
  readonly maxLagSeconds?: number;
  readonly compression: Compression;
  /** The way of the data. Absent: what the inventory says of each target, else ssh. */
  readonly channel?: ChosenChannel;
  /** Absent: as many as both sides have cores for, at most four. */
  readonly streams?: number;
  readonly bandwidthBytesPerSecond?: number;
  /** Where a target has no room for old and new data together, its old data is deleted before the copy. */
  readonly clear: boolean;
  /** The job's key. */
  readonly job: string;
  readonly who: Who;
  /** For the snapshot's name. */
  readonly nowMs: number;
}

export const compressions = ['auto', 'none', 'zstd'] as const;
export type Compression = (typeof compressions)[number];

/** `plain` is for the inventory alone to say: it can't be typed at night. */
export const chosenChannels = ['ssh', 'relay', 'tls'] as const satisfies readonly SeedChannel[];
export type ChosenChannel = (typeof chosenChannels)[number];

/** The way to one target. */
export const channelTo = ({ channel }: Pick<SeedRequest, 'channel'>, { host }: Pick<Side, 'host'>): SeedChannel =>
  channel ?? host.seed.channel ?? 'ssh';

/** Whether the donor calls a sshd of the job's on that target. */
export function isBySsh(request: Pick<SeedRequest, 'channel'>, target: Pick<Side, 'host'>): boolean {
  const channel = channelTo(request, target);
  return channel === 'ssh' || channel === 'relay';
}
