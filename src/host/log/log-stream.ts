// What scripts/follow-log.sh sends: the log's own bytes and, between two marks, the script's own signals. The mark is a
// random word, so that no log can pass for the script.
import { cleanLine } from '../../text/clean.ts';
import { utcOffsetIn } from './stamp.ts';

/**
 * Where the path of the log came from. `place`: a usual place of distributions. `journal`: the server writes to its
 * standard error.
 */
const finders = ['inventory', 'server', 'config', 'place', 'journal'] as const;
export type LogFinder = (typeof finders)[number];

/**
 * Why the file was opened. `resumed`: reading continues where the lost connection ended. `changed`: it is the file from
 * before, without the part that was read; its last lines come again. `again`: the last lines of the journal come again.
 */
const openings = ['start', 'resumed', 'changed', 'again', 'created', 'rotated', 'truncated'] as const;
export type LogOpening = (typeof openings)[number];

/** A place in a file that can be found again: inode and birth time from the host, and an offset. */
export interface LogPlace {
  readonly file: string;
  readonly offsetBytes: number;
}

export type LogSignal =
  | { readonly kind: 'path'; readonly path: string; readonly foundBy: LogFinder }
  /** The host's zone. */
  | { readonly kind: 'zone'; readonly utcOffsetSeconds: number }
  | {
      readonly kind: 'opened';
      readonly as: LogOpening;
      readonly place: LogPlace;
      /** The beginning of the first line is not sent. */
      readonly torn: boolean;
    }
  /** No file has that name (any more). If the server still writes to the old file, that is still followed. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable' }
  /** The log grew faster than it could be sent: these bytes were skipped. */
  | { readonly kind: 'skipped'; readonly bytes: number }
  /** `because`: clean text, or empty. */
  | { readonly kind: 'none'; readonly why: NoLog; readonly because: string };

/**
 * Why there is no log to follow. `stderr`: the server writes to its standard error, and systemd has no unit of it.
 * `journal`: the journal should have it and has nothing that this account may read. `unknown`: the server does not
 * answer, and its options are unknown.
 */
const noLogs = ['stderr', 'journal', 'unknown'] as const;
export type NoLog = (typeof noLogs)[number];

export interface LogListener {
  /** Bytes of the log. */
  readonly onText: (bytes: Buffer) => void;
  readonly onSignal: (signal: LogSignal) => void;
}

// A path has at most 4,096 bytes.
const signalLimitBytes = 16 * 1024;

export class LogStream {
  readonly #mark: Buffer;
  readonly #listener: LogListener;
  /** Outside of a signal: the beginning of a possible mark. Inside: the received part of the signal. */
  #held = Buffer.alloc(0);
  #inSignal = false;

  constructor(mark: string, listener: LogListener) {
    this.#mark = Buffer.from(mark);
    this.#listener = listener;
  }

  push(chunk: Buffer): void {
    let rest = this.#held.length > 0 ? Buffer.concat([this.#held, chunk]) : chunk;
    for (let at = rest.indexOf(this.#mark); at >= 0; at = rest.indexOf(this.#mark)) {
      this.#take(rest.subarray(0, at));
      this.#inSignal = !this.#inSignal;
      rest = rest.subarray(at + this.#mark.length);
    }
    if (this.#inSignal && rest.length > signalLimitBytes) {
      // No signal of the script: half a mark that a broken host repeats. It is passed on as text.
      this.#inSignal = false;
    }
    const heldBytes = this.#inSignal ? rest.length : beginningOf(this.#mark, rest);
    const text = rest.subarray(0, rest.length - heldBytes);
    if (text.length > 0) this.#listener.onText(text);
    // A copy, so that the rest of the chunk can be freed.
    this.#held = Buffer.from(rest.subarray(rest.length - heldBytes));
  }

  #take(bytes: Buffer): void {
    if (this.#inSignal) {
      const signal = readSignal(bytes.toString());
      if (signal) this.#listener.onSignal(signal);
    } else if (bytes.length > 0) this.#listener.onText(bytes);
  }
}

/** How many bytes at the end of `bytes` could be the beginning of `mark`. */
function beginningOf(mark: Buffer, bytes: Buffer): number {
  for (let length = Math.min(mark.length - 1, bytes.length); length > 0; length--) {
    if (mark.subarray(0, length).equals(bytes.subarray(bytes.length - length))) return length;
  }
  return 0;
}

function readSignal(text: string): LogSignal | undefined {
  const [kind = '', word = ''] = text.split(' ', 2);
  const rest = text.slice(kind.length + word.length + 2);
  switch (kind) {
    case 'path':
      return isOneOf(finders, word) ? { kind, path: cleanLine(rest), foundBy: word } : undefined;
    case 'zone': {
      const utcOffsetSeconds = utcOffsetIn(word);
      return utcOffsetSeconds === undefined ? undefined : { kind, utcOffsetSeconds };
    }
    case 'opened':
      return isOneOf(openings, word) ? openedSignal(word, rest) : undefined;
    case 'absent':
    case 'unreadable':
      return { kind };
    case 'skipped':
      return /^\d{1,15}$/.test(word) ? { kind, bytes: Number(word) } : undefined;
    case 'none':
      return { kind, why: isOneOf(noLogs, word) ? word : 'unknown', because: cleanLine(rest).trim() };
    default:
      return undefined;
  }
}

function openedSignal(as: LogOpening, rest: string): LogSignal | undefined {
  const fields = /^([\w:?-]{1,100}) (\d{1,15}) (whole|cut)$/.exec(rest);
  const [, file = '', offset, start] = fields ?? [];
  if (!fields) return undefined;
  return { kind: 'opened', as, place: { file, offsetBytes: Number(offset) }, torn: start === 'cut' };
}

function isOneOf<T extends string>(words: readonly T[], word: string): word is T {
  return (words as readonly string[]).includes(word);
}
