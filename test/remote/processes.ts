// Which processes run on this machine, which is also the "host" of these tests.
import { readdir, readFile } from 'node:fs/promises';
import { vi } from 'vitest';

/** Pids of `sleep seconds`. A zombie has no arguments: it is gone. */
async function sleeping(seconds: string): Promise<number[]> {
  const all = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    all.map(async (pid) => {
      const args = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return args === `sleep\0${seconds}\0` ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}

export const appeared = (seconds: string) =>
  vi.waitFor(async () => {
    const pids = await sleeping(seconds);
    if (pids.length === 0) throw new Error(`nobody sleeps for ${seconds}`);
    return pids;
  }, 10_000);

export const gone = (seconds: string) =>
  vi.waitFor(async () => {
    const pids = await sleeping(seconds);
    if (pids.length > 0) throw new Error(`still there: sleep ${seconds} (${pids.join(', ')})`);
  }, 10_000);
