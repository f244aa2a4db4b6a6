// What an adapter is: it opens a channel that runs one command line on the host, and knows why when it cannot.
import type { Readable, Writable } from 'node:stream';
import type { Outcome } from './failure.ts';
import type { TransportName } from './remote.ts';

/** How a channel ended. All three are absent when the connection went without a word. */
export interface ChannelEnd {
  readonly code?: number;
  /** `SIGKILL` and the like, when the command's own process was ended by one. */
  readonly signal?: string;
  /** Why the connection was lost, where the adapter knows. */
  readonly lost?: string;
}

/** A command line that runs. Its streams never emit an `error` without a listener. */
export interface Channel {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles once, after the last byte of output. */
  readonly closed: Promise<ChannelEnd>;
  /** Closes the command's standard input, which is what the leash on the host waits for; wants nothing more from it. */
  close(): void;
}

export interface Transport {
  /** Undefined while it is not chosen yet. */
  readonly name: TransportName | undefined;
  /** For how long its host had no part in it: the configuration was read, or the turn had not come. Absent: never. */
  waitedHereMs?(): number;
  open(commandLine: string): Promise<Outcome<Channel>>;
  close(): Promise<void>;
}
