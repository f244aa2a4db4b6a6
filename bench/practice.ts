// The practice fleet for benches: it has to be up (npx reseed drill up), and is used by reseed's own verbs.
import { join } from 'node:path';
import { execa } from 'execa';

export const reseedWords = [process.execPath, join(import.meta.dirname, '../bin/reseed.js')] as const;

/** What `reseed <words>` printed; it has to succeed. */
async function reseed(...words: string[]): Promise<string> {
  const [node, script] = reseedWords;
  return (await execa(node, [script, ...words], { stdin: 'ignore' })).stdout;
}

/** What a shell command on a host printed. */
export const onHost = (host: string, command: string) => reseed('drill', 'ssh', host, '--', command);

/** Runs words inside the fleet's network. */
export const inside = (...words: string[]) => reseed('drill', 'exec', '--', ...words);
