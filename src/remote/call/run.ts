// One leashed run over a transport: asks for a channel, sends the script, gathers what comes back, until the end.
import type { LimitFunction } from 'p-limit';
import type { Outcome, Trouble } from '../failure.ts';
import type { Channel, ChannelEnd, Transport } from '../transport.ts';
import { AfterMark, Tail } from './answer.ts';
import type { Opening } from './leash.ts';

const stderrBytes = 64 * 1024;

/** How far a run came, for the message of one that took too long. */
export type Phase = 'waiting for a free channel' | 'connecting' | 'starting' | 'running';

/** What is known of a run when it is over. */
export interface Heard {
  readonly opening: Opening;
  /** Whether the script's first line was reached. */
  readonly begun: boolean;
  /** What rc files, banners or sudo printed before that, on standard error and standard output. */
  readonly noise: Buffer;
  /** The end of the script's standard error, with the closing mark in it. */
  readonly stderr: Buffer;
  /** For how long the host has had the script; absent: it was not sent. */
  readonly ranMs?: number;
  /** How the channel ended, or why there was none. Absent when we gave the run up. */
  readonly end?: Outcome<ChannelEnd>;
}

export class Run {
  readonly #opening: Opening;
  readonly #stdout: AfterMark;
  readonly #stderr: AfterMark;
  readonly #stderrTail = new Tail(stderrBytes);
  readonly #stop = new AbortController();
  readonly #begun = Promise.withResolvers<void>();
  #phase: Phase = 'waiting for a free channel';
  #channel: Channel | undefined;
  #sentMs: number | undefined;

  constructor(opening: Opening, onStdout: (chunk: Buffer) => void | Promise<void>) {
    this.#opening = opening;
    this.#stdout = new AfterMark(opening.mark, onStdout);
    this.#stderr = new AfterMark(opening.mark, (chunk) => this.#stderrTail.push(chunk));
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** Settles when the script has begun to run. It never settles for a run that ends before that. */
  get begun(): Promise<void> {
    return this.#begun.promise;
  }

  /** Why the run was given up, if it was. */
  get givenUp(): Trouble | undefined {
    return this.#stop.signal.aborted ? this.#stop.signal.reason : undefined;
  }

  /** Ends the run from here; the first reason is kept. The leash ends the script on the host. */
  giveUp(trouble: Trouble): void {
    this.#stop.abort(trouble);
  }

  /** Bytes for the script. Before the channel is open and after it closed they are dropped. */
  write(data: string | Uint8Array): void {
    if (this.#channel?.stdin.writable) this.#channel.stdin.write(data);
  }

  /** Runs to the end. Settles at once when the run is given up, though the channel may take a moment more to close. */
  async over(transport: Transport, commandLine: string, slots: LimitFunction, stdin?: string | Uint8Array) {
    const stopped = Promise.withResolvers<undefined>();
    const stop = () => stopped.resolve(undefined);
    this.#stop.signal.addEventListener('abort', stop, { once: true });
    if (this.givenUp) stop();
    const talk = slots(() => this.#talk(transport, commandLine, stdin));
    const end = await Promise.race([talk, stopped.promise]);
    return this.#heard(end);
  }

  /** Holds its slot until the channel is really closed: sshd counts the session until then. */
  async #talk(transport: Transport, commandLine: string, stdin?: string | Uint8Array) {
    if (this.givenUp) return undefined;
    this.#phase = 'connecting';
    const opened = await transport.open(commandLine);
    if (!opened.ok) return opened;
    const channel = opened.value;
    this.#channel = channel;
    this.#phase = 'starting';
    const close = () => {
      channel.close();
      channel.stdout.resume();
    };
    this.#stop.signal.addEventListener('abort', close, { once: true });
    this.#listen(channel.stdout, this.#stdout);
    this.#listen(channel.stderr, this.#stderr);
    if (this.givenUp) close();
    else {
      this.#sentMs = performance.now();
      channel.stdin.write(this.#opening.header);
      if (stdin !== undefined) channel.stdin.write(stdin);
    }
    const end = await channel.closed;
    this.#channel = undefined;
    return { ok: true, value: end } as const;
  }

  #listen(source: Channel['stdout'], sink: AfterMark): void {
    source.on('data', (chunk: Buffer) => {
      if (this.givenUp) return;
      const busy = sink.push(chunk);
      if (this.#phase === 'starting' && this.#stdout.seen) {
        this.#phase = 'running';
        this.#begun.resolve();
      }
      if (!busy) return;
      source.pause();
      void busy.then(() => source.resume());
    });
  }

  #heard(end: Outcome<ChannelEnd> | undefined): Heard {
    return {
      opening: this.#opening,
      begun: this.#stdout.seen,
      noise: Buffer.concat([this.#stderr.noise, this.#stdout.seen ? Buffer.alloc(0) : this.#stdout.noise]),
      stderr: this.#stderrTail.bytes(),
      ...(this.#sentMs !== undefined && { ranMs: performance.now() - this.#sentMs }),
      ...(end && { end }),
    };
  }
}
