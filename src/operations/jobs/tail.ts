// A growing file, read from where the last reading ended.
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

/** Returns what was added since the last call, in whole characters; the first time, at most the last `lastBytes`. */
export function tail(path: string, lastBytes: number): () => string {
  const decoder = new StringDecoder('utf8');
  const buffer = Buffer.alloc(64 * 1024);
  let offset = existsSync(path) ? Math.max(0, statSync(path).size - lastBytes) : 0;
  return () => {
    if (!existsSync(path)) return '';
    const file = openSync(path, 'r');
    let text = '';
    for (let bytes = -1; bytes !== 0; offset += bytes) {
      bytes = readSync(file, buffer, 0, buffer.length, offset);
      text += decoder.write(buffer.subarray(0, bytes));
    }
    closeSync(file);
    return text;
  };
}
