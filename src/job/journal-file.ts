// Whether the journal's file is whole, before SQLite opens it.
import { closeSync, openSync, readSync, statSync } from 'node:fs';

/**
 * SQLite fills the end of a last page that is cut with zeros, and may read rows from it, or write there. Its files end with a page, but for
 * one that a full disk stopped it in: what lacks then is in the file beside it.
 */
export function refuseCut(path: string): void {
  const { size } = statSync(path);
  const wal = statSync(`${path}-wal`, { throwIfNoEntry: false });
  if (size === 0 || (wal && wal.size > 0)) return;
  const head = headOf(path);
  // What is no database at all SQLite says itself.
  if (head.length === headBytes && !head.toString('latin1').startsWith(magic)) return;
  const pageBytes = pageBytesIn(head);
  if (pageBytes === undefined || size % pageBytes !== 0) {
    throw new Error(`it is cut off in the middle of a page, at ${size} bytes`);
  }
}

const magic = 'SQLite format 3\0';
const headBytes = 18;

/** Shorter than `headBytes` where the file ends before. */
function headOf(path: string): Buffer {
  const head = Buffer.alloc(headBytes);
  const file = openSync(path, 'r');
  const read = readSync(file, head);
  closeSync(file);
  return head.subarray(0, read);
}

/** As its header says (sqlite.org/fileformat2.html, 1.3.2), where 1 stands for 65536. undefined: the file ends before that. */
function pageBytesIn(head: Buffer): number | undefined {
  if (head.length < headBytes) return undefined;
  const said = head.readUInt16BE(16);
  return said === 0 ? undefined : said === 1 ? 65_536 : said;
}
