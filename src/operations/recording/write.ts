// Writes a recording's file: for this account alone, compressed as it comes. After each line it is flushed, so that what is written can be
// replayed, whatever ends this process. It holds one line, and what zstd needs.
import { once } from 'node:events';
import { createWriteStream, openSync, type WriteStream } from 'node:fs';
import { constants, createZstdCompress, type ZstdCompress } from 'node:zlib';
import type { Header } from './form.ts';

/** The changes of a segment are at least so long before another begins, or as long as its picture. */
const minSegmentBytes = 4 * 1024 ** 2;

export interface RecordingFile {
  readonly writtenBytes: number;
  /** Whether the next line has to be a whole picture. */
  readonly isSegmentDue: boolean;
  /** `whole`: it begins a segment. Rejects with the error of the disk. One call at a time. */
  append(line: string, whole: boolean): Promise<void>;
  close(): Promise<void>;
}

/** Throws if the file is there already, or can't be made. */
export async function createRecording(path: string, header: Header): Promise<RecordingFile> {
  const file = createWriteStream(path, { fd: openSync(path, 'wx', 0o600) });
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => undefined);
  file.on('error', broken.reject);
  const unlessBroken = <T>(work: Promise<T>): Promise<T> => Promise.race([work, broken.promise]);
  let segment: ZstdCompress | undefined;
  let [wholeBytes, changeBytes, writtenBytes] = [0, 0, 0];

  const end = async () => {
    if (!segment) return;
    const ended = once(segment, 'end');
    segment.end();
    await ended;
    segment = undefined;
  };
  const begin = () => {
    segment = createZstdCompress({ params: { [constants.ZSTD_c_checksumFlag]: 1 } });
    segment.on('data', (packed: Buffer) => {
      writtenBytes += packed.length;
      file.write(packed);
    });
    return segment;
  };
  const put = async (stream: ZstdCompress, text: string) => {
    stream.write(`${text}\n`);
    await new Promise<void>((resolve) => stream.flush(constants.ZSTD_e_flush, () => resolve()));
    await drained(file);
  };

  await unlessBroken(put(begin(), JSON.stringify(header)).then(end));
  return {
    get writtenBytes() {
      return writtenBytes;
    },
    get isSegmentDue() {
      return segment === undefined || changeBytes > Math.max(minSegmentBytes, wholeBytes);
    },
    append: (line, whole) =>
      unlessBroken(
        (async () => {
          const bytes = Buffer.byteLength(line);
          if (whole) await end();
          [wholeBytes, changeBytes] = whole ? [bytes, 0] : [wholeBytes, changeBytes + bytes];
          await put(segment ?? begin(), line);
        })(),
      ),
    close: () =>
      unlessBroken(
        (async () => {
          await end();
          file.end();
          await once(file, 'close');
        })(),
      ),
  };
}

async function drained(file: WriteStream): Promise<void> {
  if (file.writableNeedDrain) await once(file, 'drain');
}
