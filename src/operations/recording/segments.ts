// The zstd frames of a recording, without their content: where each begins and ends (RFC 8878, 3.1.1), and its text. Of a frame that was cut
// the text up to the last whole block is read.
import { readSync } from 'node:fs';
import { constants, zstdDecompressSync } from 'node:zlib';

export interface Segment {
  readonly offset: number;
  readonly bytes: number;
  /** Its end is not there: the file was cut, or the console that writes it has not ended it. */
  readonly isCut: boolean;
}

const magic = 0xfd2fb528;
/** A segment has a picture and about as much in changes. What is longer is no recording of a console. */
const maxTextBytes = 1024 ** 3;

/** Of a file of that size. The last one ends where no frame follows. */
export function segmentsOf(file: number, fileBytes: number): readonly Segment[] {
  const segments: Segment[] = [];
  let offset = 0;
  while (offset < fileBytes) {
    const end = frameEnd(file, offset, fileBytes);
    if (end === undefined) break;
    segments.push({ offset, bytes: Math.min(end, fileBytes) - offset, isCut: end > fileBytes });
    offset = end;
  }
  return segments;
}

/** undefined: no frame begins here. Beyond the file's size: it was cut. */
function frameEnd(file: number, offset: number, fileBytes: number): number | undefined {
  const head = bytesAt(file, offset, 5);
  if (head.length < 5 || head.readUInt32LE(0) !== magic) return undefined;
  const descriptor = head.readUInt8(4);
  const isSingle = (descriptor & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  let at = offset + 5 + (isSingle ? 0 : 1) + dictionaryBytes + sizeBytes;
  while (at + 3 <= fileBytes) {
    const block = bytesAt(file, at, 3).readUIntLE(0, 3);
    // A block of one repeated byte has that byte alone.
    const bytes = ((block >> 1) & 3) === 1 ? 1 : block >> 3;
    at += 3 + bytes;
    if ((block & 1) === 1) return at + ((descriptor & 4) !== 0 ? 4 : 0);
  }
  return Math.max(at, fileBytes + 1);
}

function bytesAt(file: number, offset: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  return buffer.subarray(0, readSync(file, buffer, 0, bytes, offset));
}

/** Its whole lines. undefined: its bytes are damaged. */
export function linesOf(file: number, { offset, bytes, isCut }: Segment): readonly string[] | undefined {
  const packed = bytesAt(file, offset, bytes);
  try {
    const text = zstdDecompressSync(packed, {
      maxOutputLength: maxTextBytes,
      ...(isCut && { finishFlush: constants.ZSTD_e_flush }),
    }).toString('utf8');
    return text.split('\n').slice(0, -1);
  } catch {
    return undefined;
  }
}
