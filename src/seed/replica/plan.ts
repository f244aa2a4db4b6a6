// The input for planning the last steps on a target: of its server on the new data, and of its replication (steps.ts), or of an end
// without one (alone/).
import type { Host } from '../../inventory/settings.ts';
import type { Kept, KeptChannel } from './kept/kept.ts';
import type { Follow } from './source/origin.ts';
import type { Position, Speaker } from './words.ts';

/** The data of a server, and where it stands. */
export interface DataPlan extends Speaker {
  /** Percona's server counts as MySQL. */
  readonly vendor: 'mysql' | 'mariadb';
  readonly position: Position;
  /** In words: `the snapshot`. */
  readonly dataName: string;
  /** The kind of the step that finds the coordinates of the data. */
  readonly coordinatesOf: string;
  /** The plan warned that the seed may not be able to prove that each table can be read. */
  readonly mayBeUnproved?: boolean;
}

/** A server that is started on the data. */
export interface ServerPlan extends DataPlan {
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
  /** The donor has keys, so data may be encrypted: each table is read once the target has started on it. */
  readonly mayBeEncrypted?: boolean;
  /** The donor has enabled events, or may have: the target's event scheduler is off until its first ordinary start. */
  readonly eventsOff?: boolean;
  /** Off so that SET PERSIST can set it (change-words.ts). */
  readonly eventsBySql?: true;
  /** A sentence about plugins that the target's old data loaded and the new does not. */
  readonly lacks?: string;
  /** MySQL: SET PERSIST's values on the target, as options for its starts (persisted.ts). */
  readonly persisted?: readonly string[];
  /**
   * MySQL: the donor gives GTIDs to a part of its transactions (gtid_mode is a PERMISSIVE one): they are told to the target that begins by file, for a source asked
   * by GTID later would send them once more.
   */
  readonly keepsGtids?: true;
  /** MySQL: the donor's server_uuid, which the target must not have. */
  readonly donorUuid?: string;
}

export interface AttachPlan extends ServerPlan {
  readonly follow: Follow;
  readonly source: ReplicaSource;
  /** MariaDB, `here`: how many binary logs of the donor come with the data and are read by the target; absent: none. */
  readonly donorLogs?: number;
  readonly account: AccountPlace;
  /** The target's former replication settings; absent: it was no replica, or they are unknown. */
  readonly kept?: Kept;
  /** Its further channels, from `kept`, each with its account and source. */
  readonly channels?: readonly ChannelPlan[];
  /** A sentence about read_only, which is another than it was (read-only.ts). */
  readonly closed?: string;
  /** SET PERSIST keeps its event scheduler off: with the data it has events as its source has them, and not as a replica gets them. */
  readonly keepsEventsOff?: true;
  /** How the coordinates of its data are known, where it does not continue from these: they are those of a set's primary then. */
  readonly proof?: Pick<DataPlan, 'position' | 'coordinatesOf'>;
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
  /** It is a target of the same job: only once that is a server on the new data, it has what a replica needs. */
  readonly isTarget?: true;
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
