// The bytes of a log -> its lines, in pieces of any size and whatever they hold. A line of a gigabyte costs what is kept of it.

import type { LogLine } from '../facts.ts';
import { parseLogLine, lineLimit as shownCharacters } from './error-log.ts';

/** No character of UTF-8 takes more than four bytes. */
const keptBytes = shownCharacters * 4;
const newline = 0x0a;
const brace = 0x7b;
const carriageReturn = 0x0d;

/** A line without its end; only its beginning where it is long. */
export interface RawLine {
  readonly bytes: Buffer;
  /** How many bytes of the line, besides these, there were. */
  readonly leftOutBytes: number;
}

export class LineSplitter {
  readonly #onLine: (line: RawLine) => void;
  /** The beginning of the line whose end has not come; made when a line first lies in two pieces. */
  #head: Buffer | undefined;
  #headBytes = 0;
  #lineBytes = 0;

  constructor(onLine: (line: RawLine) => void) {
    this.#onLine = onLine;
  }

  /** Lines handed out may share memory with `piece`. */
  push(piece: Buffer): void {
    let from = 0;
    for (let end = piece.indexOf(newline); end >= 0; end = piece.indexOf(newline, from)) {
      if (this.#lineBytes > 0) {
        this.#keep(piece, from, end);
        this.end();
      } else {
        this.#onLine(rawLine(piece.subarray(from, Math.min(end, from + keptBytes)), end - from));
      }
      from = end + 1;
    }
    if (from < piece.length) this.#keep(piece, from, piece.length);
  }

  /** Hands out the line that has no end yet, if there is one: nothing more of it will come. */
  end(): void {
    if (this.#lineBytes === 0) return;
    const bytes = Buffer.from((this.#head ?? Buffer.alloc(0)).subarray(0, this.#headBytes));
    const lineBytes = this.#lineBytes;
    this.#headBytes = 0;
    this.#lineBytes = 0;
    this.#onLine(rawLine(bytes, lineBytes));
  }

  #keep(piece: Buffer, from: number, to: number): void {
    this.#head ??= Buffer.allocUnsafe(keptBytes);
    this.#headBytes += piece.copy(this.#head, this.#headBytes, from, to);
    this.#lineBytes += to - from;
  }
}

function rawLine(bytes: Buffer, lineBytes: number): RawLine {
  // CR LF; a line that was cut has its CR among what is left out.
  if (bytes.length === lineBytes && bytes.at(-1) === carriageReturn) {
    return { bytes: bytes.subarray(0, -1), leftOutBytes: 0 };
  }
  return { bytes, leftOutBytes: lineBytes - bytes.length };
}

/** The line as facts: clean, with what was left out said at its end. `torn`: its beginning never came. */
export function logLineOf({ bytes, leftOutBytes }: RawLine, torn = false): LogLine {
  // JSON that is cut can't be read, and its text is cut when it was.
  if (bytes[0] === brace && leftOutBytes === 0 && !torn) return parseLogLine(bytes.toString('utf8'));
  const shown = shownBytes(bytes);
  const line = parseLogLine(bytes.toString('utf8', 0, shown));
  const leftOut = leftOutBytes + bytes.length - shown;
  const text = leftOut > 0 ? `${line.text} … (${leftOut} bytes left out)` : line.text;
  return { ...line, text: torn ? `… ${text}` : text };
}

/** Where the characters that are shown end, in bytes. Counted as JavaScript does: two for what takes four bytes. */
function shownBytes(bytes: Buffer): number {
  if (bytes.length <= shownCharacters) return bytes.length;
  let characters = 0;
  for (const [index, byte] of bytes.entries()) {
    // A byte of the middle of a character counts with its first.
    if ((byte & 0xc0) === 0x80) continue;
    characters += byte >= 0xf0 ? 2 : 1;
    if (characters > shownCharacters) return index;
  }
  return bytes.length;
}
