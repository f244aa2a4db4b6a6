// The input for planning the last steps on a target (steps.ts): its source, its coordinates, its account.
import type { Host } from '../../inventory/settings.ts';
import type { Kept, KeptChannel } from './kept/kept.ts';
import type { Follow } from './source/origin.ts';
import type { Position, Speaker } from './words.ts';

export interface AttachPlan extends Speaker {
  /** Percona's server counts as MySQL. */
  readonly vendor: 'mysql' | 'mariadb';
  readonly target: Host;
  /** The unit's name for systemctl. */
  readonly unit: string;
  readonly datadir: string;
  /** The server's account, `mysql:mysql`. */
  readonly owner: string;
  /** Empty: the server logs to its standard error. */
  readonly errorLog: string;
  /** The job's key. */
  readonly job: string;
  readonly follow: Follow;
  readonly position: Position;
  readonly source: ReplicaSource;
  /** The kind of the step that finds the coordinates of the data. */
  readonly coordinatesOf: string;
  /** The donor has keys, so data may be encrypted: each table is read once the target has started on it. */
  readonly mayBeEncrypted?: boolean;
  /** The plan warned that the seed may not be able to prove that each table can be read. */
  readonly mayBeUnproved?: boolean;
  /** The donor has enabled events, or may have: the target's event scheduler is off until its first ordinary start. */
  readonly eventsOff?: boolean;
  /** A sentence about plugins that the target's old data loaded and the new does not. */
  readonly lacks?: string;
  /** MySQL: SET PERSIST's values on the target, as options for its starts (persisted.ts). */
  readonly persisted?: readonly string[];
  /** MariaDB, `here`: how many binary logs of the donor come with the data and are read by the target; absent: none. */
  readonly donorLogs?: number;
  /** MySQL: the donor's server_uuid, which the target must not have. */
  readonly donorUuid?: string;
  readonly account: AccountPlace;
  /** The target's former replication settings; absent: it was no replica, or they are unknown. */
  readonly kept?: Kept;
  /** Its further channels, from `kept`, each with its account and source. */
  readonly channels?: readonly ChannelPlan[];
}

export interface ChannelPlan {
  readonly channel: KeptChannel;
  /** Its source is a host of the inventory, and can be asked. */
  readonly known?: Host;
  /** The target's own account, for this channel. */
  readonly account: ReplicaAccount;
}

export interface ReplicaSource {
  /** The source's address, as the target reaches it. */
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** It is a host of the inventory, and can be asked. */
  readonly known?: Host;
}

/** A file on this machine (account.ts); or a host of the inventory that already logs in at that source. */
export type AccountPlace = { readonly file: string } | ReplicaAccount;

export interface ReplicaAccount {
  readonly replica: Host;
  readonly datadir: string;
  /**
   * If the replica is the target itself: a file there, below a folder of root's, that keeps the account when the old
   * data is deleted.
   */
  readonly kept?: string;
  /** Absent: the default channel. */
  readonly channel?: string;
}
