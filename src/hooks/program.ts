// The program of a hook on this machine, and the files among its arguments, as the script of an interpreter: whether it can be run, whether another account
// could change them, and their digests.
import { createHash } from 'node:crypto';
import { accessSync, constants, readFileSync, realpathSync, statSync } from 'node:fs';
import { isOfAnother, openToOthers, wayTo } from '../job/journal/private-folder.ts';

export type Program = { readonly sha256: string } | { readonly why: string };

/** Of a command: the program, and arguments that are whole paths. */
export const filesIn = ([program = '', ...words]: readonly string[]): readonly string[] => [
  ...new Set([program, ...words.filter((word) => word.startsWith('/'))]),
];

/** undefined: an argument that is no file. One that this account can't look at can't be compared either, and is refused. */
export function fileHere(path: string, uid = ownUid()): Program | undefined {
  return told(() => {
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return undefined;
    return closed(path, realpathSync(path), uid);
  });
}

const ownUid = () => process.getuid?.() ?? 0;

export const programHere = (path: string, uid = ownUid()): Program => told(() => checked(path, uid));

function told<T extends Program | undefined>(look: () => T): T | { readonly why: string } {
  try {
    return look();
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

function checked(path: string, uid: number): Program {
  const real = realpathSync(path);
  if (!statSync(real).isFile()) return { why: 'it is no file' };
  // Before access(2), which does not tell which of the two is lacking.
  if ((statSync(real).mode & 0o111) === 0) return { why: `it can not be executed: chmod +x ${real}` };
  accessSync(real, constants.X_OK | constants.R_OK);
  return closed(path, real, uid);
}

function closed(path: string, real: string, uid: number): Program {
  for (const one of new Set([...wayTo(path), ...wayTo(real)])) {
    if (isOfAnother(one, uid)) return { why: `${one} belongs to another account` };
    const open = openToOthers(one);
    if (open !== undefined) return { why: open };
  }
  return { sha256: createHash('sha256').update(readFileSync(real)).digest('hex') };
}

/** Each with what was found there. */
export type Looked = readonly { readonly path: string; readonly file: Program | undefined }[];

/** The program first, then what may be a file: each is looked at once. */
export function lookHere(paths: readonly string[]): Looked {
  const [program = '', ...files] = new Set(paths);
  return [{ path: program, file: programHere(program) }, ...files.map((path) => ({ path, file: fileHere(path) }))];
}

/** `/opt/drain: there is no such file`; undefined: nothing keeps it from being run. */
export const troubleOf = (looked: Looked | undefined): string | undefined =>
  looked?.flatMap(({ path, file }) => (file && 'why' in file ? [`${path}: ${file.why}`] : []))[0];
