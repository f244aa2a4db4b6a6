// Whether another account of this machine can write to a folder, as sshd checks the path of authorized_keys.
import { chmodSync, closeSync, mkdirSync, openSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes the folder where there is none, for this account alone. Returns why another account can write there; undefined:
 * none can.
 */
export function privateFolder(path: string, uid = process.getuid?.() ?? 0): string | undefined {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  for (const folder of new Set([...wayTo(path), ...wayTo(realpathSync(path))])) {
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

/** The path, and all its parents. */
export function wayTo(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [path, ...wayTo(parent)];
}

function writableByOthers(folder: string, uid: number): string | undefined {
  const { uid: owner } = statSync(folder);
  if (isOfAnother(folder, uid)) {
    return `${folder} belongs to another account (uid ${owner}); set XDG_STATE_HOME to a folder of your own`;
  }
  return openToOthers(folder);
}

/** Whether its owner is neither that account nor root. */
export function isOfAnother(path: string, uid: number): boolean {
  const { uid: owner } = statSync(path);
  return owner !== uid && owner !== 0;
}

/** Why accounts besides its owner can change it; undefined: none can. */
export function openToOthers(path: string): string | undefined {
  const { uid: owner, mode } = statSync(path);
  // In a sticky folder of root's (/tmp) no account can move or remove what another owns.
  const isSticky = owner === 0 && (mode & 0o1000) !== 0;
  if ((mode & 0o022) === 0 || isSticky) return undefined;
  return `other accounts can write to ${path} (mode ${(mode & 0o7777).toString(8)}); take that away: chmod go-w ${path}`;
}
