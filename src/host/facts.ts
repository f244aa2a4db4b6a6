// What a host says, as types: one parsed report of scripts/probe.sh. Every fact is a value, or the reason why it is
// unknown. An unknown part never hides another part. All text in here is clean: it may be put on a screen as it is.
//
// This room has pure functions from the output of a host's commands to these facts. Nothing here asks a host.

import type { FileLook } from './file-looks.ts';

/**
 * A fact, or why it is unknown (an operator's words, one line, clean). `late`: the host gave no answer in time, so the
 * fact says nothing. `missing`: the host lacks the program that would tell.
 */
export type Known<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly why: string; readonly late?: true; readonly missing?: true };

/** One report. A part that was not asked for this time is absent: its older value is kept. */
export interface HostReport {
  readonly system?: Known<SystemFacts>;
  readonly service?: Known<ServiceFacts>;
  /** The running server's own answer. Unknown while it is down, or refuses our login. */
  readonly server?: Known<ServerFacts>;
  readonly config?: Known<ConfigFacts>;
  readonly replication?: Known<ReplicationFacts>;
  readonly disk?: Known<DiskFacts>;
  readonly datadirSize?: Known<DatadirSize>;
  readonly lvm?: Known<LvmFacts>;
  readonly errorLog?: Known<ErrorLogTail>;
  readonly commands?: Known<CommandFacts>;
}

/** The parts of a report, by the names that the probe's requests use. */
export const reportParts = [
  'system',
  'service',
  'server',
  'config',
  'replication',
  'disk',
  'datadirSize',
  'lvm',
  'errorLog',
  'commands',
] as const satisfies readonly (keyof HostReport)[];
export type ReportPart = (typeof reportParts)[number];

export interface SystemFacts {
  readonly hostname: string;
  /** PRETTY_NAME of os-release(5). */
  readonly os: string;
  readonly kernel: string;
  readonly uptimeSeconds: number;
  /** Over 1, 5 and 15 minutes, from /proc/loadavg. */
  readonly load: readonly [number, number, number];
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly memoryAvailableBytes: number;
  /** The host's clock, in milliseconds since 1970. */
  readonly clockMs: number;
  /** East of Greenwich, by `date +%z`. MariaDB writes its log in local time, without naming the zone. */
  readonly utcOffsetSeconds?: number;
}

export interface ServiceFacts {
  /** The name for systemctl, without `.service`. Undefined where no unit of a MySQL or MariaDB was found. */
  readonly unit?: string;
  /** systemd's ActiveState: active, inactive, failed, activating, ...; `unknown` where there is no unit. */
  readonly state: string;
  /** systemd's SubState: running, dead, auto-restart, ... */
  readonly subState: string;
  /** systemd's UnitFileState: enabled, disabled, masked, ... */
  readonly enabled: string;
  /** The server's process, whether systemd started it or not. */
  readonly pid?: number;
  /**
   * systemd starts it again and again: it ends, or does not come up. Absent otherwise, and where systemd is too old to
   * tell (235).
   */
  readonly looping?: RestartLoop;
  /** It is down, and a seed that is not at work keeps it so: its data must not be started. */
  readonly unwhole?: UnwholeData;
  /** systemd's Result, where its last run failed: exit-code, signal, oom-kill, timeout, ... */
  readonly result?: string;
}

/** Data that a seed gave up, half filled, or holds down: which seed that was. */
export interface UnwholeData extends SeedThere {
  /**
   * `whole`: the job holds the server down, and has moved nothing of its data yet. `moved`: it has begun to. Either can
   * be resumed or aborted. `givenUp`: it has ended, and nothing can put the old data back. `unknown`: its block of the
   * unit is there, and the datadir tells nothing: it may not be mounted.
   */
  readonly data: 'whole' | 'moved' | 'givenUp' | 'unknown';
  /** A seed that began on data that was given up, and has not ended. */
  readonly next?: SeedThere;
  /** The datadir is not there, or could not be read in time. */
  readonly unread?: boolean;
}

export interface SeedThere {
  /** The key of the job, as its folder in the datadir or its block of the unit has it. */
  readonly job?: string;
  /** Who had the job done: `ops@jump1`. */
  readonly who?: string;
}

/** Restarts by systemd, each soon after the last. */
export interface RestartLoop {
  /** At most the last 100. */
  readonly restarts: number;
  /** From the first restart to the last. */
  readonly overSeconds: number;
}

export type Vendor = 'mysql' | 'mariadb' | 'percona';

export interface ServerFacts {
  /** @@version without its suffixes: `9.7.4`, `10.11.19`. */
  readonly version: string;
  /** @@version with its suffixes. */
  readonly fullVersion: string;
  readonly vendor: Vendor;
  readonly hostname: string;
  readonly port: number;
  readonly socket: string;
  readonly datadir: string;
  /** @@log_error, made absolute: a relative one is below the datadir. Empty: the server logs to its standard error. */
  readonly errorLog: string;
  readonly readOnly: boolean;
  readonly superReadOnly: boolean;
  /** By the server's clock; absent where that was set back to before its start. */
  readonly uptimeSeconds?: number;
  readonly threadsConnected?: number;
  readonly threadsRunning?: number;
  readonly maxConnections?: number;
  /** The oldest statement of a client that runs now; absent where the server does not say. */
  readonly longestStatementSeconds?: number;
  /** Temporary tables that its applier has open, and the counter that says so; absent where the server does not say. */
  readonly applierTempTables?: { readonly count: number; readonly counter: string };
  /**
   * How its event scheduler was switched off: by SET GLOBAL, or by the command line of its start. Absent: it is on, or
   * off by its option files, or the server does not say.
   */
  readonly schedulerOff?: 'by hand' | 'by its start';
  readonly serverId: number;
  /** MySQL only. */
  readonly serverUuid?: string;
  readonly logBin: boolean;
  /** MySQL: gtid_mode is ON. MariaDB always has GTIDs. */
  readonly gtid: boolean;
  /** MySQL: gtid_mode, where it is another than ON. */
  readonly gtidMode?: string;
  /** MySQL: gtid_executed; MariaDB: gtid_current_pos. Without blanks. */
  readonly gtidExecuted: string;
  /** MySQL only: gtid_purged. */
  readonly gtidPurged?: string;
}

/** What the option files say (my_print_defaults), for a server that is down. */
export interface ConfigFacts {
  /** Absent where the files do not say. */
  readonly datadir?: string;
  readonly socket?: string;
  readonly port?: number;
  /** Absolute; absent where the files name none. */
  readonly errorLog?: string;
}

/** What commands of the inventory say of the server (commands.status, datadir, port); absent: there is no such command. */
export interface CommandFacts {
  readonly status?: Known<ToldStatus>;
  readonly datadir?: Known<ToldDatadir>;
  readonly port?: Known<number>;
  /** By their looks (file-looks.ts): the files that hooks and commands of the inventory are made of which may run there. */
  readonly programs?: Readonly<Record<string, FileLook>>;
}

export interface ToldStatus {
  /** 0: it runs. */
  readonly code: number;
  /** The server's process when the command was asked; absent: none was seen. */
  readonly pid?: number;
}

export interface ToldDatadir {
  readonly path: string;
  /** Whether it is the folder that the probe found, by whatever path; absent: it found none, or could not compare. */
  readonly isSame?: boolean;
}

export interface ReplicationFacts {
  /** The channels that this server replicates through; empty for a server that is no replica. */
  readonly channels: readonly ReplicationChannel[];
  /** The servers that replicate from here, from SHOW REPLICAS and the dump threads. */
  readonly replicas: readonly AttachedReplica[];
  /** Why the replicas are unknown; the list may then be incomplete. */
  readonly replicasUnknown?: string;
}

export interface ReplicationChannel {
  /** The empty one is the default channel. */
  readonly name: string;
  readonly sourceHost: string;
  readonly sourcePort: number;
  readonly sourceUser: string;
  /** MySQL: the uuid of the source, once it was reached. */
  readonly sourceUuid?: string;
  readonly sourceServerId?: number;
  readonly ioThread: 'running' | 'connecting' | 'stopped';
  readonly sqlThread: 'running' | 'stopped';
  /** Seconds_Behind_Source; absent where the server says NULL. */
  readonly lagSeconds?: number;
  /** The worker's reason where there is one: the coordinator only says that a worker failed. */
  readonly error?: string;
  readonly errorNumber?: number;
  /** Why its applier stopped. Absent: it has no error, whatever its connection has. */
  readonly applierError?: string;
  /** Why it can't connect to its source, even if the applier has an error too. */
  readonly ioError?: string;
  readonly gtidRetrieved?: string;
  readonly gtidExecuted?: string;
  readonly autoPosition: boolean;
  /** MariaDB, Using_Gtid: Current_Pos: it asks its source for what comes after its own transactions too. Absent: it does not. */
  readonly byCurrentPos?: true;
  readonly sourceLogFile?: string;
  readonly readSourceLogPosition?: number;
  readonly execSourceLogPosition?: number;
  readonly tls: boolean;
  /** What the channel leaves out or renames: `replicate_ignore_db audit`. Absent: nothing. */
  readonly filters?: readonly string[];
}

export interface AttachedReplica {
  /** Host name or address that the replica reports or connects from. */
  readonly host: string;
  readonly port?: number;
  readonly serverId?: number;
  readonly uuid?: string;
}

/** The file system that the datadir is on. */
export interface DiskFacts {
  readonly datadir: string;
  readonly mountPoint: string;
  /** The mounted device: `/dev/mapper/vg0-mysql`. */
  readonly device: string;
  readonly fileSystem: string;
  readonly sizeBytes: number;
  readonly usedBytes: number;
  /** What an ordinary user may still write: less than size - used where blocks are reserved for root. */
  readonly freeBytes: number;
  /** Whether it is mounted read-only, as the kernel does after an error. */
  readonly readOnly: boolean;
}

/** The result of `du`, which is costly, so it is asked for seldom. */
export interface DatadirSize {
  readonly usedBytes: number;
}

export interface LvmFacts {
  readonly groups: readonly VolumeGroup[];
  readonly volumes: readonly LogicalVolume[];
  /** The volume below the datadir's file system; absent where there is none. */
  readonly datadirVolume?: VolumeName;
}

export interface VolumeName {
  readonly group: string;
  readonly volume: string;
}

export interface VolumeGroup {
  readonly name: string;
  readonly uuid: string;
  readonly sizeBytes: number;
  readonly freeBytes: number;
  readonly extentBytes: number;
}

export type VolumeKind = 'linear' | 'origin' | 'thin' | 'thinPool' | 'snapshot' | 'thinSnapshot' | 'other';

export interface LogicalVolume extends VolumeName {
  readonly uuid: string;
  readonly kind: VolumeKind;
  readonly sizeBytes: number;
  /** lv_attr as lvs prints it. */
  readonly attributes: string;
  readonly tags: readonly string[];
  /** Seconds since 1970 by the host's clock; absent where LVM has not recorded it. */
  readonly createdSeconds?: number;
  /** Only for a snapshot. */
  readonly origin?: string;
  /** Only for a thin volume. */
  readonly pool?: string;
  /** Percent used: of a classic snapshot's copy-on-write space, of a pool's data space, or of a thin volume's size. */
  readonly usedPercent?: number;
  /** Only for a thin pool. */
  readonly metadataPercent?: number;
  /** False for a classic snapshot that overflowed, and for a pool that failed: its data is lost. */
  readonly valid: boolean;
  readonly active: boolean;
  /** The folders that it is mounted on. */
  readonly mountPoints: readonly string[];
}

export interface ErrorLogTail {
  /** A file, or `journal of mariadb.service`. */
  readonly path: string;
  /** Absent for a journal. */
  readonly sizeBytes?: number;
  /** The last lines of the log, oldest first: at most 200, each at most 4,096 characters. */
  readonly lines: readonly LogLine[];
  /**
   * Reports of corrupt data further up, oldest first; the last of them may also be in `lines`. damageBytes of probe.sh
   * limits the search.
   */
  readonly damage?: readonly LogLine[];
  /** Why the log was not searched for reports of corrupt data. */
  readonly unsearched?: string;
}

export type Severity = 'error' | 'warning' | 'note' | 'system';

export interface LogLine {
  /** Clean; a long line ends with how much was cut off. */
  readonly text: string;
  /** Absent for a line without a severity: a stack trace, a line of mysqld_safe. */
  readonly severity?: Severity;
  /** As the server wrote it: `2026-11-22T18:45:56.123456Z`, `2026-11-22 18:45:56`. */
  readonly time?: string;
}
