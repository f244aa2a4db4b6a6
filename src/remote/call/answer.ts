// Reads what a leashed command answers: finds the marks, bounds what is kept. Chunks are collected, never concatenated
// one by one: `buf += chunk` takes minutes on a line of a gigabyte.

const noiseLimitBytes = 64 * 1024;

/** The last `limitBytes` of what was pushed. */
export class Tail {
  readonly #chunks: Buffer[] = [];
  readonly #limitBytes: number;
  #bytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    // Only whole chunks are dropped, so up to one chunk more than the limit is held.
    for (
      let first = this.#chunks[0];
      first && this.#bytes - first.length >= this.#limitBytes;
      first = this.#chunks[0]
    ) {
      this.#chunks.shift();
      this.#bytes -= first.length;
    }
  }

  bytes(): Buffer {
    const all = Buffer.concat(this.#chunks);
    return all.subarray(Math.max(0, all.length - this.#limitBytes));
  }
}

/** Holds back what comes before the mark's line (rc files, banners), passes on what comes after. */
export class AfterMark {
  readonly #line: Buffer;
  readonly #pass: (chunk: Buffer) => void | Promise<void>;
  #noise = Buffer.alloc(0);
  #seen = false;

  constructor(mark: string, pass: (chunk: Buffer) => void | Promise<void>) {
    this.#line = Buffer.from(`${mark}\n`);
    this.#pass = pass;
  }

  get seen(): boolean {
    return this.#seen;
  }

  /** What was printed before the mark: the last 64 KiB. */
  get noise(): Buffer {
    return this.#noise;
  }

  push(chunk: Buffer): void | Promise<void> {
    if (this.#seen) return this.#pass(chunk);
    // The mark may be cut in two by the border between chunks.
    const held = Buffer.concat([this.#noise, chunk]);
    const at = held.indexOf(this.#line);
    this.#noise = held.subarray(0, at < 0 ? held.length : at).subarray(-noiseLimitBytes);
    if (at < 0) return undefined;
    this.#seen = true;
    const rest = held.subarray(at + this.#line.length);
    return rest.length > 0 ? this.#pass(rest) : undefined;
  }
}

/** Splits standard error at the closing mark. `code` is absent when the script did not reach its end. */
export function splitStatus(stderr: Buffer, mark: string): { readonly text: Buffer; readonly code?: number } {
  const at = stderr.lastIndexOf(`${mark} `);
  if (at < 0) return { text: stderr };
  const status = /^ (\d+)\n/.exec(stderr.toString('latin1', at + mark.length));
  return status ? { text: stderr.subarray(0, at), code: Number(status[1]) } : { text: stderr };
}
