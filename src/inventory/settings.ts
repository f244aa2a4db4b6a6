// What an inventory says, as types. A setting that the file does not write is absent, never null: the default is then
// what the host itself, its server or ssh says. Text of the file is free of control characters and bidi overrides.

/** The variables that paths of this machine may name; process.env fits. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface Inventory {
  /** The file as the operator named it, whatever the characters. */
  readonly file: string;
  /** A name for the header; the file's own name where the file gives none. */
  readonly fleet: string;
  /** No command that changes anything may be dispatched, on any host. */
  readonly readOnly: boolean;
  /** In the order of the file. Names are unique. */
  readonly hosts: readonly Host[];
}

export interface Host {
  /** Any text but empty, `.`, `..`, with `/` or a leading dash: it may hold blanks, quotes and `$(touch x)`. */
  readonly name: string;
  readonly cluster?: string;
  readonly datacenter?: string;
  readonly ssh: SshSettings;
  /** Whether scripts run under `sudo -n`. Unless written: true when the user is not known to be root. */
  readonly sudo: boolean;
  readonly mysql: MysqlSettings;
  readonly snapshot: SnapshotSettings;
  readonly seed: SeedSettings;
  /** Own and overridden commands, by name. */
  readonly commands: Readonly<Record<string, CommandSettings>>;
  readonly labels: Readonly<Record<string, string>>;
  /** True as well on every host of a read-only inventory. */
  readonly readOnly: boolean;
  /** What the inventory asks for and reseed can't do yet; the verbs that it is about refuse. */
  readonly notDone: readonly NotDone[];
}

export interface NotDone {
  /** `seed.method`, or the name of a command. */
  readonly setting: string;
  /** What it asks for, what will become of it, and where it is written. */
  readonly what: string;
  /** What to do until then. */
  readonly instead: string;
}

export const transports = ['auto', 'ssh2', 'openssh', 'local'] as const;
export type Transport = (typeof transports)[number];

export interface SshSettings {
  /** Name or address to connect to, or an alias of ssh's own configuration. Never starts with a dash, holds no blank. */
  readonly host: string;
  readonly port?: number;
  readonly user?: string;
  /** Absolute path of the private key, on this machine. */
  readonly identity?: string;
  /** Absolute path of the known_hosts file, on this machine. */
  readonly knownHosts?: string;
  readonly jump?: Jump;
  readonly transport: Transport;
}

/** The way to a host: through a host of this inventory, or through what only ssh knows. */
export type Jump =
  | { readonly kind: 'inventory'; readonly host: string }
  /** `[user@]host[:port]`, several with commas between, as `ssh -J` takes it. */
  | { readonly kind: 'ssh'; readonly destination: string };

export interface MysqlSettings {
  /** The service's name, as systemctl takes it. */
  readonly service?: string;
  /** Absolute paths on the host. */
  readonly defaultsFile?: string;
  readonly socket?: string;
  readonly errorLog?: string;
}

/** Room for a classic snapshot's copy-on-write data: a share of its origin, or bytes. */
export type SnapshotSize = { readonly percent: number } | { readonly bytes: number };

export interface SnapshotSettings {
  /** `group/volume`: the logical volume to snapshot. Absent: the one that holds the datadir. */
  readonly volume?: string;
  readonly size?: SnapshotSize;
  /** Which snapshots are listed, by name; `*` stands for any text and `?` for one character. */
  readonly filter?: string;
  /** Absolute path of the folder on the host under which snapshots are mounted. */
  readonly mountRoot?: string;
  /** How many snapshots prune leaves. */
  readonly keep?: number;
  /** With a statement running longer than this, no lock is tried on the donor. */
  readonly maxQuerySeconds?: number;
}

/** What an inventory may ask for; lvm is done, the others are told as not done yet (not-done.ts). */
export const seedMethods = ['lvm', 'xtrabackup', 'mysqldump', 'mydumper', 'clone'] as const;
export type SeedMethod = (typeof seedMethods)[number];
export const seedChannels = ['ssh', 'relay', 'tls', 'plain'] as const;
export type SeedChannel = (typeof seedChannels)[number];

export interface SeedSettings {
  readonly method?: SeedMethod;
  readonly channel?: SeedChannel;
  readonly ports?: PortRange;
  readonly bandwidthBytesPerSecond?: number;
  /** A replica that is further behind gives no data, unless it is said that it may. */
  readonly maxLagSeconds?: number;
}

/** Both ends are of the range; first <= last. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

export interface CommandSettings {
  readonly run: string;
  readonly help?: string;
  readonly dangerous?: boolean;
}
