// The bytes of a log -> its lines, in pieces of any size and content. A line of a gigabyte costs only the memory of its
// kept part.

import type { LogLine } from '../facts.ts';
import { parseLogLine, lineLimit as shownCharacters } from './error-log.ts';

/** No character of UTF-8 takes more than four bytes. */
const keptBytes = shownCharacters * 4;
const newline = 0x0a;
const brace = 0x7b;
const carriageReturn = 0x0d;

/** A line without its line end; only the beginning of a long one. */
export interface RawLine {
  readonly bytes: Buffer;
  /** How many further bytes the line had. */
  readonly leftOutBytes: number;
}

export class LineSplitter {
  readonly #onLine: (line: RawLine) => void;
  /** The beginning of a line whose end has not come. Allocated when a line first spans two pieces. */
  #head: Buffer | undefined;
  #headBytes = 0;
  #lineBytes = 0;

  constructor(onLine: (line: RawLine) => void) {
    this.#onLine = onLine;
  }

  /** Emitted lines may share memory with `piece`. */
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

  /** Emits an unfinished last line, if there is one: no more of it will come. */
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
  // CR LF; the CR of a line that was cut is among the bytes left out.
  if (bytes.length === lineBytes && bytes.at(-1) === carriageReturn) {
    return { bytes: bytes.subarray(0, -1), leftOutBytes: 0 };
  }
  return { bytes, leftOutBytes: lineBytes - bytes.length };
}

/** The parsed line: clean; if bytes were left out, its end says so. `torn`: its beginning never came. */
export function logLineOf({ bytes, leftOutBytes }: RawLine, torn = false): LogLine {
  // JSON that was cut can't be parsed here; its text is cut afterwards.
  if (bytes[0] === brace && leftOutBytes === 0 && !torn) return parseLogLine(bytes.toString('utf8'));
  const shown = shownBytes(bytes);
  const line = parseLogLine(bytes.toString('utf8', 0, shown));
  const leftOut = leftOutBytes + bytes.length - shown;
  const text = leftOut > 0 ? `${line.text} … (${leftOut} bytes left out)` : line.text;
  return { ...line, text: torn ? `… ${text}` : text };
}

/** The byte offset where the shown characters end. Counts as JavaScript does: a character of four bytes is two. */
function shownBytes(bytes: Buffer): number {
  if (bytes.length <= shownCharacters) return bytes.length;
  let characters = 0;
  for (const [index, byte] of bytes.entries()) {
    // A byte in the middle of a character belongs to its first byte.
    if ((byte & 0xc0) === 0x80) continue;
    characters += byte >= 0xf0 ? 2 : 1;
    if (characters > shownCharacters) return index;
  }
  return bytes.length;
}
