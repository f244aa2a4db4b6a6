// A runner as a walk sees it: a process that stops at one place after the other.
import { join } from 'node:path';
import { execa } from 'execa';
import { testState } from '../fleet/fleet.ts';

export interface Runner {
  /** The next place where it stops; undefined: it has ended. */
  next(): Promise<string | undefined>;
  go(): void;
  /** Lets it run from its place to its end. */
  finish(): Promise<void>;
  kill(): Promise<void>;
}

/** A runner that has not ended by then hangs. */
const limitMs = 180_000;

export function startRunner(job: number, deadlineMs = limitMs): Runner {
  const child = execa(process.execPath, [join(import.meta.dirname, 'child.ts'), String(job)], {
    reject: false,
    timeout: deadlineMs,
    // Each loads all of src/ anew.
    env: { NODE_COMPILE_CACHE: join(testState, 'compiled') },
    killSignal: 'SIGKILL',
  });
  const lines = child[Symbol.asyncIterator]();
  const next = async () => {
    const line = await lines.next();
    const [, place] = /^at (.*)$/.exec(String(line.value)) ?? [];
    return line.done ? undefined : place;
  };
  const go = () => child.stdin?.write('go\n');
  return {
    next,
    go,
    finish: async () => {
      do go();
      while ((await next()) !== undefined);
      await child;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await child;
    },
  };
}
