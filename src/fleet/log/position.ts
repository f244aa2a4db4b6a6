// How far a log was read, to the byte, and what its last bytes were. With these a lost connection resumes without a
// repeated line, and a file that has changed (emptied, or set back by a power cut) is detected.
import { createHash } from 'node:crypto';
import type { LogPlace } from '../../host/log/log-stream.ts';
import type { ReadBefore } from '../../scripts/follow-log-words.ts';

const rememberedBytes = 256;

export class LogPosition {
  #file: string | undefined;
  #offsetBytes = 0;
  #last = Buffer.alloc(0);

  begin({ file, offsetBytes }: LogPlace): void {
    this.#file = file;
    this.#offsetBytes = offsetBytes;
    this.#last = Buffer.alloc(0);
  }

  read(bytes: Buffer): void {
    this.#offsetBytes += bytes.length;
    // A copy, so that it does not keep a chunk of 64 KiB in memory.
    const both = bytes.length < rememberedBytes ? Buffer.concat([this.#last, bytes]) : bytes;
    this.#last = Buffer.from(both.subarray(-rememberedBytes));
  }

  skip(bytes: number): void {
    this.#offsetBytes += bytes;
    this.#last = Buffer.alloc(0);
  }

  /** Whether a log was opened already. */
  get isKnown(): boolean {
    return this.#file !== undefined;
  }

  isAt(place: LogPlace): boolean {
    return place.file === this.#file && place.offsetBytes === this.#offsetBytes;
  }

  /** undefined: no log was opened yet. */
  get before(): ReadBefore | undefined {
    if (this.#file === undefined) return undefined;
    const sum = createHash('sha256').update(this.#last).digest('hex');
    return { file: this.#file, offsetBytes: this.#offsetBytes, sumBytes: this.#last.length, sum };
  }
}
