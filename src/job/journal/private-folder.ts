// Whether another account of this machine can write to a folder, as sshd checks the path of authorized_keys.
import { chmodSync, closeSync, lstatSync, mkdirSync, openSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';

/**
 * Makes the folder where there is none, for this account alone. Returns why another account can write there; undefined:
 * none can.
 */
export function privateFolder(path: string, uid = process.getuid?.() ?? 0): string | undefined {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  for (const folder of wayTo(path)) {
    const why = writableByOthers(folder, uid);
    if (why !== undefined) return why;
  }
  return undefined;
}

/**
 * Makes a file for this account alone, or removes the rights of others on it. An existing file is not opened: when a
 * process closes a file, it loses all its locks on it (fcntl(2)), those of SQLite's connections too.
 */
export function privateFile(path: string): void {
  if (!statSync(path, { throwIfNoEntry: false })) makeFile(path);
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new Error('it is a link to a file that does not exist: remove it, or make that file');
  if ((found.mode & 0o077) !== 0) chmodSync(path, 0o600);
}

function makeFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    // Another process was faster, or it is a link that leads nowhere: SQLite would make that file, for all to read.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

/** As the kernel has it (path_resolution(7)). */
const maxLinks = 40;
const namesIn = (path: string) => path.split('/').filter((name) => name !== '' && name !== '.');

/**
 * All that a path leads over, from / on: each folder, each link (also one in the middle of a chain of them), and what is at its end. None but the last
 * is reached by a link. Throws as lstat(2) does, and ELOOP.
 */
export function wayTo(path: string): string[] {
  const way = new Set(['/']);
  const names = namesIn(isAbsolute(path) ? path : `${process.cwd()}/${path}`);
  let at = '/';
  let links = 0;
  for (let name = names.shift(); name !== undefined; name = names.shift()) {
    if (name === '..') {
      at = dirname(at);
      continue;
    }
    const next = join(at, name);
    way.add(next);
    if (!lstatSync(next).isSymbolicLink()) {
      at = next;
      continue;
    }
    links += 1;
    // It throws.
    if (links > maxLinks) realpathSync(path);
    const to = readlinkSync(next);
    names.unshift(...namesIn(to));
    if (isAbsolute(to)) at = '/';
  }
  return [...way];
}

function writableByOthers(folder: string, uid: number): string | undefined {
  const { uid: owner } = lstatSync(folder);
  if (isOfAnother(folder, uid)) {
    return `${folder} belongs to another account (uid ${owner}); set XDG_STATE_HOME to a folder of your own`;
  }
  return openToOthers(folder);
}

/** Whether its owner is neither that account nor root. Of a link: its own owner. */
export function isOfAnother(path: string, uid: number): boolean {
  const { uid: owner } = lstatSync(path);
  return owner !== uid && owner !== 0;
}

/** Why accounts besides its owner can change it; undefined: none can. A link is changed by those alone who can write to its folder. */
export function openToOthers(path: string): string | undefined {
  const found = lstatSync(path);
  const { uid: owner, mode } = found;
  // In a sticky folder of root's (/tmp) no account can move or remove what another owns.
  const isSticky = found.isDirectory() && owner === 0 && (mode & 0o1000) !== 0;
  if (found.isSymbolicLink() || (mode & 0o022) === 0 || isSticky) return undefined;
  return `other accounts can write to ${path} (mode ${(mode & 0o7777).toString(8)}); take that away: chmod go-w ${path}`;
}
