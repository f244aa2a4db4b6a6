// The program of a hook on this machine: whether it can be run, whether another account could change it, and its digest.
import { createHash } from 'node:crypto';
import { accessSync, constants, readFileSync, realpathSync, statSync } from 'node:fs';
import { isOfAnother, openToOthers, wayTo } from '../job/journal/private-folder.ts';

export type Program = { readonly sha256: string } | { readonly why: string };

export function programHere(path: string, uid = process.getuid?.() ?? 0): Program {
  try {
    return checked(path, uid);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return { why: whys[String(error.code)] ?? error.message };
    throw error;
  }
}

const whys: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'this account can not read and execute it',
};

function checked(path: string, uid: number): Program {
  const real = realpathSync(path);
  if (!statSync(real).isFile()) return { why: 'it is no file' };
  accessSync(real, constants.X_OK | constants.R_OK);
  // For root any bit of these is enough for access(2), and exec(2) needs one.
  if ((statSync(real).mode & 0o111) === 0) return { why: 'it can not be executed' };
  for (const one of new Set([...wayTo(path), ...wayTo(real)])) {
    if (isOfAnother(one, uid)) return { why: `${one} belongs to another account` };
    const open = openToOthers(one);
    if (open !== undefined) return { why: open };
  }
  return { sha256: createHash('sha256').update(readFileSync(real)).digest('hex') };
}
