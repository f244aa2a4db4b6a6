// One command at a time on a folder, across processes: an flock(1) held by a child that ends when we do.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { DrillFailure } from './failure.ts';
import type { Progress } from './progress.ts';

const patienceSeconds = 900;

/**
 * Runs `work` while no other process holds `folder`'s lock. Says so when it has to wait; gives up after 15 minutes.
 * The kernel drops the lock with the process, so a killed command never leaves one behind (flock(2)).
 */
export async function withLock<T>(folder: string, progress: Progress, work: () => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'lock');
  const release = (await tryLock(file, 0)) ?? (await waitForLock(file, progress));
  try {
    return await work();
  } finally {
    await release();
  }
}

async function waitForLock(file: string, progress: Progress): Promise<() => Promise<void>> {
  progress.say('another drill command is at work on this fleet: waiting for it to end');
  const release = await tryLock(file, patienceSeconds);
  if (release) return release;
  throw new DrillFailure(
    'refused',
    `another drill command has held ${file} for ${patienceSeconds / 60} minutes`,
    `find it with: fuser -v ${file}`,
  );
}

/** A function that releases the lock, as the end of this process does too. Undefined if the lock could not be had in time. */
export async function tryLock(file: string, waitSeconds: number): Promise<(() => Promise<void>) | undefined> {
  const child = execa('flock', ['-w', String(waitSeconds), file, 'sh', '-c', 'echo held; cat'], {
    reject: false,
    stderr: 'ignore',
    detached: true,
  });
  const held = await new Promise<boolean>((settle) => {
    child.stdout.once('data', () => settle(true));
    void child.then(() => settle(false));
  });
  if (!held) return undefined;
  return async () => {
    child.stdin.end();
    await child;
  };
}
