// What the last steps on a target are planned from (steps.ts): who attaches to whom, from where, as which account.
import type { Host } from '../../inventory/settings.ts';
import type { Kept, KeptChannel } from './kept/kept.ts';
import type { Follow } from './source/origin.ts';
import type { Position, Speaker } from './words.ts';

export interface AttachPlan extends Speaker {
  /** Percona's server speaks as MySQL's. */
  readonly vendor: 'mysql' | 'mariadb';
  readonly target: Host;
  /** As systemctl takes it. */
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
  /** The kind of the step that finds out the coordinates of the data. */
  readonly coordinatesOf: string;
  /** The donor has keys that data may be encrypted with: each table is read once the target has started on it. */
  readonly mayBeEncrypted?: boolean;
  /** The plan said that it may not be proved that each table can be read. */
  readonly mayBeUnproved?: boolean;
  /** The donor has events that are enabled, or may have: the target's event scheduler is off until its first ordinary start. */
  readonly eventsOff?: boolean;
  /** MariaDB, `here`: how many binary logs of the donor come with the data and are read by the target; absent: none are. */
  readonly donorLogs?: number;
  /** MySQL: the server_uuid of the donor, which the target must not have. */
  readonly donorUuid?: string;
  readonly account: AccountPlace;
  /** What the target was as a replica; absent: it was none, or it is not known. */
  readonly kept?: Kept;
  /** Its further channels, of `kept`, each with what it needs. */
  readonly channels?: readonly ChannelPlan[];
}

export interface ChannelPlan {
  readonly channel: KeptChannel;
  /** Its source is one of the inventory, and can be asked. */
  readonly known?: Host;
  /** The target's own, for this channel. */
  readonly account: ReplicaAccount;
}

export interface ReplicaSource {
  /** As the target reaches it. */
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** It is one of the inventory, and can be asked. */
  readonly known?: Host;
}

/** A file on this machine (account.ts); or a host of the inventory that logs in at that source already. */
export type AccountPlace = { readonly file: string } | ReplicaAccount;

export interface ReplicaAccount {
  readonly replica: Host;
  readonly datadir: string;
  /** The replica is the target itself: a file there, below a folder of root's, that keeps the account when the old data goes. */
  readonly kept?: string;
  /** Absent: the default one. */
  readonly channel?: string;
}
