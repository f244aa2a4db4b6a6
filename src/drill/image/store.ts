// The cache of costly inputs. An entry is a file or a folder, named by the digest of everything that made it: a changed
// recipe makes another entry, and an interrupted build leaves none.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';

const unusedDays = 14;

/** A digest of strings and of files' contents, to name what is made from them. */
export async function digestOf(parts: readonly string[], files: readonly string[] = []): Promise<string> {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  for (const file of files) hash.update(await readFile(file)).update('\0');
  return hash.digest('hex').slice(0, 12);
}

/**
 * The path of the entry `<kind>-<digest>`; `build` makes it if it is missing. `build` gets a path and must leave a file
 * or folder there; only a complete one gets the entry's name.
 */
export async function entry(
  cache: string,
  kind: string,
  digest: string,
  build: (path: string) => Promise<void>,
): Promise<string> {
  const path = join(cache, `${kind}-${digest}`);
  if (await exists(path)) {
    await markUsed(path);
    return path;
  }
  await mkdir(cache, { recursive: true });
  const half = join(cache, `half-made-${kind}-${digest}`);
  await rm(half, { recursive: true, force: true });
  try {
    await build(half);
    await rename(half, path);
    await markUsed(path);
  } finally {
    await rm(half, { recursive: true, force: true });
  }
  return path;
}

/**
 * Changes only the access time. A machine's disk is a layer over its root image and holds the image's modification
 * time. The kernel refuses to start when that differs.
 */
async function markUsed(path: string): Promise<void> {
  await utimes(path, new Date(), (await stat(path)).mtime);
}

/** Removes half-made entries of earlier builds, and entries that were not used for two weeks. Call it under the cache's lock. */
export async function tidy(cache: string, nowMs: number): Promise<void> {
  for (const name of await readdir(cache)) {
    const path = join(cache, name);
    const unusedMs = nowMs - (await stat(path)).atimeMs;
    if (name.startsWith('half-made-') || (name !== 'lock' && unusedMs > unusedDays * 86_400_000)) {
      await rm(path, { recursive: true, force: true });
    }
  }
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
