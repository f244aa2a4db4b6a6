// The interface of an adapter: it opens a channel that runs one command line on the host, and tells why when it cannot.
import type { Readable, Writable } from 'node:stream';
import type { Outcome } from './failure.ts';
import type { TransportName } from './remote.ts';

/** How a channel ended. All three are absent when the connection was lost without a reason. */
export interface ChannelEnd {
  readonly code?: number;
  /** `SIGKILL` and the like, when a signal ended the command's own process. */
  readonly signal?: string;
  /** Why the connection was lost, where the adapter knows. */
  readonly lost?: string;
}

/** A running command line. Its streams never emit an `error` without a listener. */
export interface Channel {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles once, after the last byte of output. */
  readonly closed: Promise<ChannelEnd>;
  /** Closes the command's standard input, which the leash on the host waits for. Output that still comes is not needed. */
  close(): void;
}

export interface Transport {
  /** Undefined until it is chosen. */
  readonly name: TransportName | undefined;
  /**
   * Milliseconds that calls waited here (reading the configuration, waiting for a turn) before their host had a part.
   * Absent: none.
   */
  waitedHereMs?(): number;
  open(commandLine: string): Promise<Outcome<Channel>>;
  close(): Promise<void>;
}
