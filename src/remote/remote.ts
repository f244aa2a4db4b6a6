// How a command reaches a host. This room knows ssh, sudo and shells; it knows nothing of MySQL, LVM, jobs or screens.
//
//   open.ts        a RemoteTarget -> a Remote
//   remote.ts      the port that the rest of the program sees
//   failure.ts     everything that can go wrong, as values
//   call/          exec and stream, the same over every transport: what goes over the wire (leash.ts, quote.ts), what comes back
//   sudoers.ts     the rule that lets sudo run it
//   ssh2/          one connection a host, in this process (the default)
//   openssh/       the system's ssh, where ssh2 cannot be used; relay.ts: two hosts joined through this machine
//   local.ts       this machine
//   auto.ts        chooses the transport (openssh/needs-openssh.ts)
//   route/         which hosts a connection goes through, with each hop's settings (ssh-config.ts: `ssh -G`), and their names
//   reconnect.ts, backoff.ts, gate.ts   how often a connection is tried, and how many at once
//   trust/         which host keys are believed, and how the operator adds one
import type { RemoteFailure } from './failure.ts';

/** A host to reach. An absent field comes from ~/.ssh/config, as `ssh -G host` reads it. */
export interface RemoteTarget {
  /** What the operator calls it; used in every message. */
  readonly name: string;
  /** An address, a DNS name or a Host alias of ~/.ssh/config. */
  readonly host: string;
  readonly port?: number;
  readonly user?: string;
  /** Path of a private key. */
  readonly identity?: string;
  /** Path of a known_hosts file that is read instead of the account's. Hops without one of their own use it too. */
  readonly knownHosts?: string;
  /** The jump host, which may have a jump of its own; or a value of ProxyJump: `user@host:port,second`. */
  readonly jump?: RemoteTarget | string;
  readonly transport: 'auto' | TransportName;
  /** Become root by `sudo -n`, unless the account is root already. */
  readonly sudo: boolean;
}

export type TransportName = 'ssh2' | 'openssh' | 'local';

interface CallOptions {
  /** Ends the call, and the command on the host, with the failure `aborted`. */
  readonly signal?: AbortSignal;
  /** What the failure calls this command. Default: the script's first line of code. */
  readonly label?: string;
}

export interface ExecOptions extends CallOptions {
  readonly stdin?: string | Uint8Array;
  /**
   * For connecting and running. Time before the host has a part in it, and time in which this process is late, does not
   * count. After it the command on the host ends soon.
   */
  readonly deadlineMs: number;
  /** More standard output than this is the failure `parse`. Default 4 MiB. */
  readonly maxOutputBytes?: number;
}

export interface ExecResult {
  readonly ok: true;
  /** Decoded as UTF-8, invalid bytes as U+FFFD. Control characters are still in it: clean what is shown. */
  readonly stdout: string;
  /** Clean text; the last 64 KiB. */
  readonly stderr: string;
}

export interface StreamOptions extends CallOptions {
  /** Raw bytes as they come. Nothing more is read until a returned promise settles, so a storm costs no memory here. */
  readonly onStdout: (chunk: Buffer) => void | Promise<void>;
  /** Limit for connecting and sudo, until the script runs. Default 30 s. Time that this process spends itself does not count. */
  readonly startDeadlineMs?: number;
}

/** A script that runs until it ends, is stopped, or its connection is lost. */
export interface RemoteStream {
  readonly ok: true;
  /** Puts bytes on the script's standard input. Meant for small requests: nothing waits for the host to read. */
  write(data: string | Uint8Array): void;
  /** Ends the script and all that it started: SIGTERM, a second later SIGKILL. */
  stop(): void;
  /** Never rejects. `stop()` makes it the failure `aborted`; a nonzero status `exit`; a lost line `unreachable`. */
  readonly ended: Promise<StreamEnd>;
}

interface StreamDone {
  readonly ok: true;
  readonly stderr: string;
}

type StreamEnd = StreamDone | RemoteFailure;

/**
 * Runs shell scripts on one host. A script is the text of a POSIX sh script; it finds `args` in "$@" byte for byte.
 *
 * Every call is leashed: when it ends for any reason (result, deadline, abort, lost connection, death of this process),
 * the script's whole process group ends on the host. What must outlive the call is a unit (see `reseed-<job>-<role>`).
 */
export interface Remote {
  /** The target's name. */
  readonly host: string;
  /** What carries the commands; undefined until `auto` has chosen. */
  readonly transport: TransportName | undefined;
  /** Milliseconds that calls waited here before their host had a part in it. Absent: none. */
  waitedHereMs?(): number;
  exec(script: string, args: readonly string[], options: ExecOptions): Promise<ExecResult | RemoteFailure>;
  stream(script: string, args: readonly string[], options: StreamOptions): Promise<RemoteStream | RemoteFailure>;
  /** Ends the connection and every command on it. Calls after it are `refused`. */
  close(): Promise<void>;
}
