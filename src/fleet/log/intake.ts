// Takes what scripts/follow-log.sh sends, as fast as it comes, and holds the newest lines until the reader takes them.
// In a storm only lines that will be shown are read (cleaned, parsed); the others are counted.
import { setImmediate as yielded } from 'node:timers/promises';
import { LineSplitter, type RawLine } from '../../host/log/log-lines.ts';
import { type LogSignal, LogStream } from '../../host/log/log-stream.ts';
import { LogPosition } from './position.ts';

/** A line that is not parsed yet, or a signal of the script. */
export type Held =
  | { readonly kind: 'line'; readonly raw: RawLine; readonly torn: boolean }
  | { readonly kind: 'signal'; readonly signal: LogSignal };

export interface Taken {
  readonly held: readonly Held[];
  /** Lines that were dropped, all older than those held. */
  readonly droppedLines: number;
}

export interface IntakeOptions {
  /** The most lines held. */
  readonly limit: number;
  /** When `limit` lines are held: drop the oldest, or make the host wait until lines were taken. */
  readonly whenFull: 'drop' | 'wait';
  /** Called whenever a line or a signal is held. */
  readonly onHeld: () => void;
}

// A held line may keep the whole chunk that it came in. At this many bytes of chunks, reading waits until lines are
// taken.
const chunkLimitBytes = 16 * 1024 * 1024;
/** Other work in this process waits no longer than this. */
const sliceMs = 8;

export class LogIntake {
  readonly #options: IntakeOptions;
  readonly #lines = new LineSplitter((raw) => this.#hold(raw));
  readonly #position = new LogPosition();
  #stream: LogStream | undefined;
  #held: Held[] = [];
  #dropped = 0;
  #chunkBytes = 0;
  #busyMs = 0;
  #torn = false;
  #room: PromiseWithResolvers<void> | undefined;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  get position(): LogPosition {
    return this.#position;
  }

  /** A new stream begins, marked with `mark`. It may go on with a line that the previous stream left unfinished. */
  begin(mark: string): void {
    this.#stream = new LogStream(mark, {
      onText: (bytes) => {
        this.#position.read(bytes);
        this.#lines.push(bytes);
      },
      onSignal: (signal) => this.#signal(signal),
    });
  }

  /** Chunks are small (64 KiB at most, by every transport). Where it has to, waits so that other work gets a turn. */
  push(chunk: Buffer): void | Promise<void> {
    const startMs = performance.now();
    this.#stream?.push(chunk);
    this.#chunkBytes += chunk.length;
    this.#busyMs += performance.now() - startMs;
    this.#options.onHeld();
    const full = this.#options.whenFull === 'wait' && this.#held.length >= this.#options.limit;
    if (full || this.#chunkBytes >= chunkLimitBytes) {
      this.#room ??= Promise.withResolvers();
      return this.#room.promise;
    }
    if (this.#busyMs < sliceMs) return undefined;
    this.#busyMs = 0;
    return yielded();
  }

  take(): Taken {
    this.#letGo();
    const taken = { held: this.#held, droppedLines: this.#dropped };
    this.#held = [];
    this.#dropped = 0;
    this.#chunkBytes = 0;
    // The reader has had a turn.
    this.#busyMs = 0;
    this.#room?.resolve();
    this.#room = undefined;
    return taken;
  }

  /** The last line may have no end: no more of it will come. */
  end(): void {
    this.#lines.end();
  }

  #hold(raw: RawLine): void {
    this.#held.push({ kind: 'line', raw, torn: this.#torn });
    this.#torn = false;
    // Not at each line: to take one from the front of an array moves all the others.
    if (this.#held.length >= 2 * this.#options.limit && this.#options.whenFull === 'drop') this.#letGo();
  }

  #letGo(): void {
    const excess = this.#held.length - this.#options.limit;
    if (excess <= 0 || this.#options.whenFull === 'wait') return;
    const old = this.#held.splice(0, excess);
    const words = old.filter(({ kind }) => kind === 'signal').slice(-this.#options.limit / 2);
    this.#dropped += old.reduce((lines, { kind }) => lines + (kind === 'line' ? 1 : 0), 0);
    this.#held.unshift(...words);
  }

  #signal(signal: LogSignal): void {
    const goesOn = signal.kind === 'opened' && signal.as === 'resumed' && this.#position.isAt(signal.place);
    if ((signal.kind === 'opened' && !goesOn) || signal.kind === 'skipped') this.#cut(signal);
    if (signal.kind === 'opened' && !goesOn) this.#position.begin(signal.place);
    if (signal.kind === 'skipped') this.#position.skip(signal.bytes);
    this.#held.push({ kind: 'signal', signal });
  }

  /** The next line does not continue the last one. */
  #cut(signal: LogSignal): void {
    this.#lines.end();
    this.#torn = signal.kind === 'skipped' || (signal.kind === 'opened' && signal.torn);
  }
}
