// Whether another account of this machine can change a file that reseed trusts: an inventory, known_hosts, an account.
import { realpathSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';

export interface Writable {
  /** `can be written by other accounts (mode 666)`: the file is the subject. */
  readonly what: string;
  readonly advice: string;
}

interface Strictness {
  /** Whether the group may write: `allowed` where a team shares the file. */
  readonly group: 'allowed' | 'refused';
  /** The account that reads it. */
  readonly uid?: number;
  /** The account that called sudo, from SUDO_UID: root then reads for it. */
  readonly sudoUid?: number | undefined;
  /** The owner of the program itself: that account can change what root runs. */
  readonly programUid?: number | undefined;
}

/**
 * Checks the file, and each folder and link target on its path: owned by this account or root, and writable by no
 * other. undefined: all is well, or there is no such file, or it is not a plain file (a pipe cannot be replaced by
 * another). Never throws; the reader reports a file that it can't read.
 */
export function writableByOthers(path: string, strictness: Strictness): Writable | undefined {
  const file = statOf(path);
  if (!file?.isFile()) return undefined;
  const own = judged(file, path, strictness);
  if (own) return own;
  for (const folder of new Set([dirname(path), dirname(realpathSync(path))])) {
    const stat = statOf(folder);
    // In a sticky folder no account can move or remove another's files.
    const isSticky = stat !== undefined && (stat.mode & 0o1000) !== 0;
    const why = stat && judged(stat, folder, strictness, isSticky);
    if (why) return { what: `lies in ${folder}, which ${why.what}`, advice: why.advice };
  }
  return undefined;
}

function judged(stat: Stats, path: string, strictness: Strictness, isSticky = false): Writable | undefined {
  const { group, uid = process.getuid?.() ?? 0, sudoUid = Number(process.env.SUDO_UID || 0) } = strictness;
  const { programUid = statOf(import.meta.dirname)?.uid ?? 0 } = strictness;
  const trusted = uid === 0 ? [0, sudoUid, programUid] : [0, uid];
  if (!trusted.includes(stat.uid)) {
    return { what: `belongs to another account (uid ${stat.uid})`, advice: `chown ${uid} ${path}` };
  }
  const bits = group === 'allowed' ? 0o002 : 0o022;
  if ((stat.mode & bits) === 0 || isSticky) return undefined;
  const mode = (stat.mode & 0o7777).toString(8);
  const who = group === 'allowed' ? 'o' : 'go';
  return { what: `can be written by other accounts (mode ${mode})`, advice: `chmod ${who}-w ${path}` };
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    // The caller's own read reports why.
    return undefined;
  }
}
