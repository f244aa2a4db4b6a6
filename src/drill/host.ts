// What a practice host is, as data: its server, its disk, its login.

export type Vendor = 'mysql' | 'mariadb';

/** The Debian packages that a host boots from: image/tree.ts has a recipe for each. */
export type Release = 'mysql' | 'mariadb' | 'mariadb-11';

/** How a host's data disk is laid out. Names and mount points differ on purpose: code that guesses them fails. */
export interface DiskShape {
  /** Empty: no LVM; the file system is on a partition of the disk. */
  readonly volumeGroup: string;
  readonly logicalVolume: string;
  /** Name of the thin pool; empty: a classic LV. */
  readonly thinPool: string;
  readonly fileSystem: 'ext4' | 'xfs';
  readonly mountPoint: string;
  readonly datadir: string;
  /** A second LV with an XFS of its own, for binary and relay logs. */
  readonly logs?: { readonly logicalVolume: string; readonly mountPoint: string };
  /** Folders on the data's file system for InnoDB's redo and undo logs; absent: they are in the datadir. */
  readonly redo?: string;
  readonly undo?: string;
  /** A symbolic link to the datadir; the server is configured with it. */
  readonly link?: string;
}

/** How a host's server is set up. */
export interface ServerShape {
  readonly vendor: Vendor;
  readonly release: Release;
  /** The systemd unit. */
  readonly service: string;
  /** Name of the client program. */
  readonly client: 'mysql' | 'mariadb';
  readonly port: number;
  readonly socket: string;
  /** Empty: the log goes to the journal. */
  readonly errorLog: string;
  /** The server's only option file; absent: Debian's /etc/mysql. */
  readonly defaultsFile?: string;
  /** Options added to those of every host, or replacing them; null: the server's own default. */
  readonly options?: Readonly<Record<string, string | number | null>>;
  /** Further files of the host, path -> text. */
  readonly files?: Readonly<Record<string, string>>;
}

/** The host that a replica replicates from. */
export interface SourceShape {
  readonly host: string;
  /** Seconds of intended delay. */
  readonly delaySeconds?: number;
  /** A second replication channel: its name, and its source, which has the same data. */
  readonly second?: { readonly channel: string; readonly host: string };
}

export interface DrillHost {
  readonly name: string;
  /** Also the name of the database with the sample data. */
  readonly cluster: 'shop' | 'crm';
  readonly datacenter: string;
  readonly address: string;
  readonly server: ServerShape;
  readonly disk: DiskShape;
  /** Absent on a primary, and on a machine that was never set up. */
  readonly source?: SourceShape;
  readonly ssh: {
    readonly user: string;
    readonly port: number;
    readonly jump?: string;
    /** `reseed`: sudo runs only what the rule of `reseed sudoers` allows, and root can't log in. Absent: sudo runs all. */
    readonly sudo?: 'reseed';
  };
  /** A machine fresh from the installer: server stopped, datadir empty, only the tools that every Debian has. */
  readonly blank?: boolean;
  /** Brought up only by name or with --all. */
  readonly extra?: boolean;
}
