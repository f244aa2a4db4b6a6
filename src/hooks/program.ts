// The files that a hook or a receiver is made of, on this machine: whether it can be run, whether another account could change them, and their digests.
import { createHash } from 'node:crypto';
import { accessSync, constants, lstatSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { type FileLook, whyIn } from '../host/file-looks.ts';
import { type CommandFile, filesOf } from '../inventory/command-files.ts';
import { isOfAnother, openToOthers, wayTo } from '../job/journal/private-folder.ts';

const ownUid = () => process.getuid?.() ?? 0;

/** One that this account can't look at can't be compared either, and is refused. */
export function lookAt({ path, as }: CommandFile, uid = ownUid()): FileLook {
  try {
    return looked(path, as, uid);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return { why: whys[String(error.code)] ?? error.message };
    throw error;
  }
}

const whys: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'this account can not read and execute it',
  ELOOP: 'its links lead nowhere',
  ENAMETOOLONG: 'it is too long for a path',
};

function looked(path: string, as: CommandFile['as'], uid: number): FileLook {
  const found = as === 'file' ? statSync(path, { throwIfNoEntry: false }) : statSync(path);
  if (as === 'file' && !mayBeRead(found)) return 'none';
  const real = realpathSync(path);
  if (as !== 'file' && !found?.isFile()) return { why: 'it is no file' };
  if (as === 'program') {
    // Before access(2), which does not tell which of the two is lacking.
    if (((found?.mode ?? 0) & 0o111) === 0) return { why: `it can not be executed: chmod +x ${real}` };
    accessSync(real, constants.X_OK | constants.R_OK);
  }
  for (const one of wayTo(path)) {
    if (isOfAnother(one, uid)) return { why: `${whatIs(one)} belongs to another account` };
    const open = openToOthers(one);
    if (open !== undefined) return { why: open };
  }
  // A pipe has no content to compare.
  if (!found?.isFile()) return 'none';
  return { sha256: createHash('sha256').update(readFileSync(real)).digest('hex') };
}

/** An interpreter reads a script out of a pipe too. */
const mayBeRead = (found: Stats | undefined) => found !== undefined && (found.isFile() || found.isFIFO());

const whatIs = (path: string) => (lstatSync(path).isSymbolicLink() ? `the link ${path}` : path);

/** Each with what was found there. */
export type Looked = readonly { readonly path: string; readonly look: FileLook }[];

/** All of a program with its arguments, the program first. */
export const lookHere = (words: readonly string[]): Looked =>
  filesOf(words).map((file) => ({ path: file.path, look: lookAt(file) }));

/** `/opt/drain: there is no such file`; undefined: nothing keeps it from being run. */
export const troubleOf = (looked: Looked | undefined): string | undefined =>
  looked?.flatMap(({ path, look }) => (whyIn(look) === undefined ? [] : [`${path}: ${whyIn(look)}`]))[0];
