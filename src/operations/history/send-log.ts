// A job's log as it is sent: whole lines, in parts that the shared database takes.
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { keptLogBytes } from '../../history/write.ts';

export interface LogPiece {
  readonly at: number;
  readonly text: string;
  /** The place behind it. */
  readonly next: number;
}

const pieceBytes = 256 * 1024;
const newline = 10;

/** The next piece from there on; undefined: there is none. `isWhole`: nothing is added to it any more. */
export function logPiece(path: string, from: number, isWhole: boolean): LogPiece | undefined {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  // More is not kept there.
  const at = Math.max(from, size - keptLogBytes);
  if (at >= size) return undefined;
  const bytes = bytesAt(path, at);
  const begin = at === from ? 0 : bytes.indexOf(newline) + 1;
  const end = endOf(bytes, begin, isWhole);
  if (end <= begin) return undefined;
  return { at: at + begin, text: bytes.subarray(begin, end).toString('utf8'), next: at + end };
}

function bytesAt(path: string, at: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(pieceBytes);
    return buffer.subarray(0, readSync(file, buffer, 0, buffer.length, at));
  } finally {
    closeSync(file);
  }
}

/** Behind the last whole line; of a line that is longer than a piece, behind its last whole character. */
function endOf(bytes: Buffer, begin: number, isWhole: boolean): number {
  const lines = bytes.lastIndexOf(newline) + 1;
  if (lines > begin) return lines;
  if (bytes.length === pieceBytes) return bytes.length - partOfCharacter(bytes);
  return isWhole ? bytes.length : begin;
}

/** Bytes at the end that are the beginning of a character of UTF-8. */
function partOfCharacter(bytes: Buffer): number {
  for (let back = 1; back <= 3; back += 1) {
    const byte = bytes.at(-back) ?? 0;
    if ((byte & 0xc0) === 0xc0) return back;
    if ((byte & 0x80) === 0) return 0;
  }
  return 0;
}
