// An operator's request for a seed, and what is known of the hosts when it is planned.
import type { HostReport, LogicalVolume } from '../host/facts.ts';
import type { Host, SeedChannel } from '../inventory/settings.ts';
import type { Who } from '../job/journal/record.ts';
import { isServerDown } from '../service/server-state.ts';
import type { EndingName } from './ending.ts';
import type { SeedFacts } from './facts.ts';
import type { SeedMethod } from './methods/method.ts';
import type { AskedSources } from './preflight/replication/source-checks.ts';

/** A host of a seed, with its present facts. */
export interface Side {
  readonly host: Host;
  readonly report: HostReport;
  readonly facts: SeedFacts;
}

/** `away`: why it did not answer, in clean words; absent: it did, or there was no time for it. */
export type OtherHost = Pick<Side, 'host' | 'report'> & { readonly away?: string };

export interface SeedRequest extends SeedTerms {
  readonly donor: Side;
  readonly targets: readonly Side[];
  /** Every known host of the inventory: no two may have the same server_id. */
  readonly others: readonly OtherHost[];
  /** This journal's unfinished jobs: their numbers by key. */
  readonly openJobs?: ReadonlyMap<string, number>;
  /** This journal's finished jobs that could not undo everything: their numbers by key. */
  readonly uncleanJobs?: ReadonlyMap<string, number>;
  /** The present answers of sources and donor; absent: they were not asked. */
  readonly asked?: AskedSources;
  readonly method: SeedMethod;
  /** An existing snapshot of the donor; absent: its present data is given. */
  readonly snapshot?: LogicalVolume;
  /** The job's key. */
  readonly job: string;
  readonly who: Who;
  /** The time in the snapshot's name. */
  readonly nowMs: number;
}

/** The options of a seed that an operator can set. */
export interface SeedTerms {
  /** What the targets are afterwards (ending.ts). Absent: replicas. */
  readonly ends?: EndingName;
  /** Of a server that replicates from no host afterwards: it takes writes. */
  readonly writable?: boolean;
  /** Of such a server: its enabled events, which come with the data, run there. */
  readonly events?: boolean;
  /** The new snapshot stays when the job is done. */
  readonly keepSnapshot: boolean;
  /** The source of the targets. Absent: the donor's source, or the donor if it has none. */
  readonly follow?: 'donor' | 'source';
  /** Absolute path, on this machine, of a file with the replication account. */
  readonly accountFile?: string;
  /** A donor with more lag is refused; `Infinity`: any lag is allowed. Absent: the inventory's value, or the default. */
  readonly maxLagSeconds?: number;
  readonly compression: Compression;
  /** The channel of the data. Absent: the inventory's for each target, else ssh. */
  readonly channel?: ChosenChannel;
  /** Absent: as many as both sides have CPUs for, at most four. */
  readonly streams?: number;
  readonly bandwidthBytesPerSecond?: number;
  /** If a target has no space for old and new data together, delete its old data before the copy. */
  readonly clear: boolean;
  /** What only a target has executed, its source is to hold as empty transactions: then the target may follow it. */
  readonly injectEmpty?: boolean;
  /** `shop`, `crm.notes`: these databases and tables alone, into a server that runs and keeps its others (src/tables). Absent: everything. */
  readonly only?: readonly string[];
  /** With `only`: tables of these names that a target has are replaced. */
  readonly replace?: boolean;
}

/** Its server tells nothing of itself then, and can't be a source before it is started. */
export const isDonorDown = ({ donor, method }: DonorAndMethod): boolean =>
  !method.donorRuns || isServerDown(donor.report);

interface DonorAndMethod {
  readonly donor: Pick<Side, 'report'>;
  readonly method: Pick<SeedMethod, 'donorRuns'>;
}

export const compressions = ['auto', 'none', 'zstd'] as const;
export type Compression = (typeof compressions)[number];

/** Only the inventory can choose `plain`, so that it can't be typed by mistake at night. */
export const chosenChannels = ['ssh', 'relay', 'tls'] as const satisfies readonly SeedChannel[];
export type ChosenChannel = (typeof chosenChannels)[number];

/** The kind of channel to one target. */
export const channelTo = ({ channel }: Pick<SeedRequest, 'channel'>, { host }: Pick<Side, 'host'>): SeedChannel =>
  channel ?? host.seed.channel ?? 'ssh';

/** Whether the donor connects to a sshd of the job's on that target. */
export function isBySsh(request: Pick<SeedRequest, 'channel'>, target: Pick<Side, 'host'>): boolean {
  const channel = channelTo(request, target);
  return channel === 'ssh' || channel === 'relay';
}
