// The types of an inventory. A setting that the file does not have is absent, never null: the default then comes from
// the host itself, its server or ssh. Text of the file is free of control characters and bidi overrides.

/** The variables that paths of this machine may name; process.env fits. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface Inventory {
  /** The file as the operator named it, with any characters. */
  readonly file: string;
  /** A name for the header; without one in the file, the name of the file. */
  readonly fleet: string;
  /** No command that changes anything may run, on any host. */
  readonly readOnly: boolean;
  /** In the order of the file. Names are unique. */
  readonly hosts: readonly Host[];
  /** In the order of the file; absent: none. */
  readonly schedules?: readonly Schedule[];
  readonly scheduleLimits?: ScheduleLimits;
  /** In the order of the file; absent: none. */
  readonly notify?: readonly Receiver[];
  /** Called while schedules are looked at; absent: nothing is. */
  readonly heartbeat?: SecretUrl;
  /** How often ticks of schedules ask all hosts, where alerts or metrics need it. Absent: each 5 minutes. */
  readonly watchEveryMs?: number;
  /** In the order of the file; absent: none. */
  readonly rules?: readonly Rule[];
  /** Absolute path, on this machine, of the file for node_exporter's textfile collector. */
  readonly metricsFile?: string;
  readonly history?: HistorySettings;
}

export interface Host {
  /** Any text but empty, `.`, `..`, with `/` or a leading dash. It may hold blanks, quotes and `$(touch x)`. */
  readonly name: string;
  readonly cluster?: string;
  readonly datacenter?: string;
  readonly ssh: SshSettings;
  /** Whether scripts run under `sudo -n`. Default: true unless the user is known to be root. */
  readonly sudo: boolean;
  readonly mysql: MysqlSettings;
  readonly snapshot: SnapshotSettings;
  readonly seed: SeedSettings;
  readonly proof?: ProofSettings;
  /** The operator's own commands, by name. */
  readonly commands: Readonly<Record<string, CommandSettings>>;
  /** By name. */
  readonly hooks: Readonly<Record<string, HookSettings>>;
  readonly labels: Readonly<Record<string, string>>;
  /** Those of `notify` that are told of this host; absent: none. */
  readonly notify?: readonly Receiver[];
  /** Also true on every host of a read-only inventory or environment. */
  readonly readOnly: boolean;
  /** Which one it is of; absent: none. */
  readonly environment?: HostEnvironment;
  /** Requests of the inventory that reseed can't do yet; the verbs that need them refuse. */
  readonly notDone: readonly NotDone[];
}

export const environmentColours = ['red', 'yellow', 'green', 'blue', 'magenta', 'cyan'] as const;

/** `production`, `staging`: how the console and the verbs treat its hosts. */
export interface HostEnvironment {
  readonly name: string;
  /** Of its name in the console; absent: none. */
  readonly colour?: (typeof environmentColours)[number];
  /** Whether each change of its hosts wants their name typed. */
  readonly confirm: boolean;
}

export interface NotDone {
  /** `seed.method`, or the verb that needs it; the name of a command that no verb needs. */
  readonly setting: string;
  /** What the setting asks for, what reseed does with it, and where it is written. */
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

/** The jump host: a host of this inventory, or one that only ssh knows. */
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

/** Space for a classic snapshot's copy-on-write data: a share of its origin, or bytes. Of `free`: a share of what it is in. */
export type SnapshotSize = { readonly percent: number } | { readonly bytes: number };

export interface SnapshotSettings {
  /** `group/volume`: the logical volume to snapshot. Absent: the one that holds the datadir. */
  readonly volume?: string;
  readonly size?: SnapshotSize;
  /** Which snapshots are listed, by name; `*` stands for any text and `?` for one character. */
  readonly filter?: string;
  /** Absolute path of the folder on the host under which snapshots are mounted. */
  readonly mountRoot?: string;
  /** Which snapshots prune keeps. */
  readonly keep?: KeepRule;
  /** How much of the volume group, or of the thin pool, is to stay free: snapshots go for it. Absent: none goes. */
  readonly free?: SnapshotSize;
  /** How many of the newest stay in any case where snapshots go for room. Absent: 1. */
  readonly least?: number;
  /** While a statement runs longer than this, the donor is not locked. */
  readonly maxQuerySeconds?: number;
}

export const periods = ['hourly', 'daily', 'weekly', 'monthly'] as const;
export type Period = (typeof periods)[number];

/** How many of the newest, and of how many periods the newest each. At least one is there. */
export type KeepRule = { readonly [Part in 'last' | Period]?: number };

/** The methods of src/seed/methods/, by the names of `--method` and `seed.method`. */
export const seedMethods = [
  'lvm',
  'delta',
  'clone',
  'mariadb-backup',
  'xtrabackup',
  'stopped',
  'delta-stopped',
  'mysqldump',
  'mydumper',
  'binlog',
  'custom',
] as const;
export type SeedMethodName = (typeof seedMethods)[number];
export const seedChannels = ['ssh', 'relay', 'tls', 'plain'] as const;
export type SeedChannel = (typeof seedChannels)[number];

export interface SeedSettings {
  /** The order in which methods are tried for this host as a target. */
  readonly method?: readonly SeedMethodName[];
  readonly channel?: SeedChannel;
  readonly ports?: PortRange;
  readonly bandwidthBytesPerSecond?: number;
  /** A replica with more lag than this is no donor, unless the operator allows it. */
  readonly maxLagSeconds?: number;
}

/** What a proof of restore tells besides, and what a proof of rows waits for. */
export interface ProofSettings {
  /** Columns with a time, as `shop.orders.created_at`: how old the newest row by each is. */
  readonly newest?: readonly string[];
  /** A proof of rows waits while the replica lags by more. */
  readonly maxLagSeconds?: number;
  /** It waits while more threads run (Threads_running) on the replica or its source. */
  readonly maxLoad?: number;
}

/** Both ends are included; first <= last. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** A command of the operator's own. */
export interface CommandSettings {
  /**
   * A list: a program and its arguments, with placeholders (placeholders.ts); no shell reads them. A text: a command line for the host's
   * bash (sh where there is none), as orchestrator-agent has it.
   */
  readonly run: string | readonly [string, ...string[]];
  readonly help?: string;
  /** The operator types the host's name. */
  readonly dangerous?: boolean;
  /** Of `receive`: the operator agrees to a port that takes data from any host, and unencrypted. */
  readonly insecure?: boolean;
  /** It is ended after this time. */
  readonly deadlineMs?: number;
}

/** An error of replication by its number, or a server that systemd starts again and again. */
export type RuleCause = number | 'crash-looping';

/** When the recovery of a replica is to be planned, by a look at it. */
export interface Rule {
  readonly name: string;
  /** Any of them. */
  readonly when: readonly RuleCause[];
  /** For how long at least. */
  readonly forMs: number;
  /** The names of the hosts that it is for; absent: all. */
  readonly hosts?: readonly string[];
  /** Absent: that of the best donor. */
  readonly method?: SeedMethodName;
  /** Absent: a person carries its plans out. */
  readonly auto?: ByItself;
}

/** How a rule carries its plans out without a person. */
export interface ByItself {
  readonly between: Hours;
  /** Of the IANA database; absent: this machine's. */
  readonly timezone?: string;
  /** By host, what an operator would be asked about. */
  readonly allow: Readonly<Partial<Record<RuleAllowance, readonly string[]>>>;
  /** Of a cluster no more replicas than this may be broken, that host among them. */
  readonly maxBroken: number;
  /** Of a cluster at least so many replicas have to be well. */
  readonly minGood: number;
  /** For so long a host is not rebuilt again, and after a failure none of its cluster. */
  readonly againMs: number;
}

/** In minutes since midnight; `to` is not among them. They may pass midnight. */
export interface Hours {
  readonly from: number;
  readonly to: number;
}

/** What receivers can be told of. */
export const notifyEvents = ['begun', 'needs-person', 'failed', 'done', 'missed', 'proof-failed', 'alert'] as const;
export type NotifyEvent = (typeof notifyEvents)[number];

export const receiverKinds = ['slack', 'teams', 'webhook', 'mail', 'command'] as const;

/** Where a URL is read when it is called: with it any program may write to its channel, so that no inventory, journal or log has it. */
export type SecretUrl =
  /** Absolute path, on this machine. */
  | { readonly file: string }
  /** A variable of the environment. */
  | { readonly variable: string };

export type ReceiverWay =
  | { readonly to: 'slack' | 'teams' | 'webhook'; readonly url: SecretUrl }
  /** `sendmail`: the absolute path of the program. */
  | { readonly to: 'mail'; readonly recipients: readonly string[]; readonly from?: string; readonly sendmail: string }
  /** A program by its whole path, and its arguments. No shell reads them. */
  | { readonly to: 'command'; readonly run: readonly [string, ...string[]] };

/** One that is told of what happens. It holds no secret. */
export interface Receiver {
  readonly name: string;
  readonly on: readonly NotifyEvent[];
  /** The names of the hosts that it is told of; absent: all. */
  readonly hosts?: readonly string[];
  /** The same thing is told again only after this time. */
  readonly againMs: number;
  readonly way: ReceiverWay;
}

/** The stages of a job that hooks can be before and after, in their order. */
export const hookStages = ['preflight', 'snapshot', 'copy', 'stop', 'swap', 'start', 'attach', 'caught-up'] as const;
export type HookStage = (typeof hookStages)[number];
export const afterFailure = 'after-failure';
/** The whole job has ended well: all of its targets too. */
export const afterSuccess = 'after-success';
export type HookPoint = `before-${HookStage}` | `after-${HookStage}` | typeof afterSuccess | typeof afterFailure;
export const hookPoints: readonly HookPoint[] = [
  ...hookStages.flatMap((stage) => [`before-${stage}`, `after-${stage}`] as const),
  afterSuccess,
  afterFailure,
];

/** `jump`: the machine of the job's runner. The donor or the target of the job, or a host of the inventory. */
export type HookPlace = 'jump' | 'donor' | 'target' | { readonly host: string };

/** A program of the operator's that jobs run at some of their stages. */
export interface HookSettings {
  readonly at: readonly HookPoint[];
  /** The program, by its whole path, and its arguments, with placeholders (placeholders.ts). No shell reads them. */
  readonly run: readonly [string, ...string[]];
  /** Absent: on the jump host. */
  readonly on?: HookPlace;
  /** It is ended after this time. */
  readonly deadlineMs?: number;
  /** If it does not succeed, the job stops there. */
  readonly refuses?: boolean;
  /** It may be run a second time, after a runner that died in it. */
  readonly again?: boolean;
}

/** What a schedule does at its times. Each of `hosts` gets a job of its own, but for a seed: they are the targets of one job. */
export const scheduleActs = ['snapshot', 'prune', 'proof', 'rows', 'command', 'seed'] as const;

export type ScheduledAct =
  | { readonly do: 'snapshot' }
  /** Absent: by snapshot.keep of the host. */
  | { readonly do: 'prune'; readonly keep?: KeepRule; readonly youngerThanMs?: number }
  /** Of the newest snapshot that can be used. Absent: on its own host, by the size of the data, and 12 h. */
  | { readonly do: 'proof'; readonly on?: string; readonly check?: number; readonly withinMs?: number }
  /** A proof of the rows of a replica. */
  | { readonly do: 'rows' }
  /** Its name under `commands`. */
  | { readonly do: 'command'; readonly command: string }
  | ScheduledSeed;

export interface ScheduledSeed {
  readonly do: 'seed';
  readonly donor: string;
  readonly method?: SeedMethodName;
  /** Absent: replicas. */
  readonly ends?: 'standalone' | 'set';
  readonly writable?: boolean;
  readonly events?: boolean;
  /** Absolute path, on this machine, of a file with the replication account. */
  readonly account?: string;
  /** Where there is no room for both, the old data is given up before the copy. */
  readonly clear?: boolean;
  /** Instead of that of the donor. */
  readonly bandwidthBytesPerSecond?: number;
}

/** What an operator would have to agree to by a host's name, and what each is for. */
export const allowances = ['replace-data', 'losses', 'replicas', 'remove-snapshots', 'dangerous-command'] as const;
export type Allowance = (typeof allowances)[number];
/** What a rule plans is no rebuild of a replica that works. */
export type RuleAllowance = Extract<Allowance, 'replace-data' | 'losses'>;

export interface Schedule {
  readonly name: string;
  /** Minute, hour, day, month, weekday (text/cron.ts). */
  readonly cron: string;
  /** Absent: that of this machine. */
  readonly timezone?: string;
  /** At least one. */
  readonly hosts: readonly string[];
  readonly act: ScheduledAct;
  /** How long after its time a job may still begin: one that was missed, that waits, or whose host is away. Absent: at any time. */
  readonly startWithinMs?: number;
  /** The hosts for which each is agreed to in advance. */
  readonly allow: Readonly<Partial<Record<Allowance, readonly string[]>>>;
}

/** The MySQL or MariaDB in which several jump hosts share their jobs. */
export interface HistorySettings {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** Absolute path, on this machine; then host and port are not used. */
  readonly socket?: string;
  /** Absolute path, on this machine, of a file with user and password. */
  readonly account: string;
  /** `true`: by the authorities that Node knows. A path: of a file with the authority. `false`: no TLS. */
  readonly tls: boolean | { readonly authority: string };
  /** Absolute path, on this machine, of a file with a key that all jump hosts have: what one asks of another is sealed by it. */
  readonly key?: string;
  /** The jump host that begins schedules while the database is away. */
  readonly owner?: string;
}

/** How many jobs may be at work when a schedule begins one. */
export interface ScheduleLimits {
  readonly jobs?: number;
  /** On hosts of one datacenter. */
  readonly perDatacenter?: number;
}
