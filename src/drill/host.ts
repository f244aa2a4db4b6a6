// What a practice host is, as data: its server, its disk, its login.

export type Vendor = 'mysql' | 'mariadb';

/** Which Debian packages a host boots from: image/tree.ts has a recipe for each. */
export type Release = 'mysql' | 'mariadb' | 'mariadb-11';

/** How a host's data disk is laid out. Names and mount points differ on purpose: code that guesses them fails. */
export interface DiskShape {
  /** Empty: no LVM, the file system lies on a partition of the disk. */
  readonly volumeGroup: string;
  readonly logicalVolume: string;
  /** Name of the thin pool; empty: a classic LV. */
  readonly thinPool: string;
  readonly fileSystem: 'ext4' | 'xfs';
  readonly mountPoint: string;
  readonly datadir: string;
  /** A second LV with an XFS of its own, for binary and relay logs. */
  readonly logs?: { readonly logicalVolume: string; readonly mountPoint: string };
  /** Folders of the data's file system for InnoDB's redo and undo logs; absent: they lie in the datadir. */
  readonly redo?: string;
  readonly undo?: string;
  /** A symbolic link to the datadir, by which the server knows it. */
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
  /** Empty: it goes to the journal. */
  readonly errorLog: string;
  /** The only option file of the server; absent: Debian's /etc/mysql. */
  readonly defaultsFile?: string;
  /** Options beside those that every host has, or instead of them; null: left to the server's own default. */
  readonly options?: Readonly<Record<string, string | number | null>>;
  /** Files that the host has beside, path -> text. */
  readonly files?: Readonly<Record<string, string>>;
}

/** The host that a replica follows. */
export interface SourceShape {
  readonly host: string;
  /** Seconds that it stays behind on purpose. */
  readonly delaySeconds?: number;
  /** A second replication channel: its name, and the host that it follows, which has the same data. */
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
  /** A machine fresh from the installer: server stopped, datadir empty, only the tools that Debian always has. */
  readonly blank?: boolean;
  /** Brought up by its name or with --all only. */
  readonly extra?: boolean;
}
