// Finds Ansible's variables beside an inventory, as its plugin host_group_vars does (find_vars_files of its
// DataLoader): NAME, else NAME.yml, NAME.yaml, NAME.json. A folder of that name is read with all its files, sorted, and
// its folders, without hidden files and backups.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { writableByOthers } from '../../process/writers.ts';
import type { FilesBeside, VariableFile, VariableFolder } from '../ansible/file-variables.ts';
import type { Candidate } from './search.ts';

const extensions = ['', '.yml', '.yaml', '.json'];
const maxBytes = 4 * 1024 * 1024;
/** A link may lead a folder into itself. */
const deepest = 8;

/** A file's path, and its name for the operator. */
interface Named {
  readonly path: string;
  readonly shown: string;
}

/** Reads on demand and blocks: until the inventory is read there is nothing else to do. */
export function filesBeside({ path, shown }: Candidate): FilesBeside {
  const names = new Map<VariableFolder, ReadonlySet<string> | VariableFile>();
  const namesIn = (folder: VariableFolder) => {
    const known =
      names.get(folder) ?? namesOf({ path: join(dirname(path), folder), shown: join(dirname(shown), folder) });
    names.set(folder, known);
    return known;
  };
  return (folder, name) => {
    const known = namesIn(folder);
    if ('shown' in known) return [known];
    const file = extensions.map((extension) => `${name}${extension}`).find((candidate) => known.has(candidate));
    if (file === undefined) return [];
    return read({ path: join(dirname(path), folder, file), shown: join(dirname(shown), folder, file) }, 1);
  };
}

/** Empty where there is no such folder. */
function namesOf({ path, shown }: Named): ReadonlySet<string> | VariableFile {
  try {
    return new Set(readdirSync(path));
  } catch (error) {
    const code = codeOf(error);
    return code === 'ENOENT' || code === 'ENOTDIR' ? new Set() : { shown, unreadable: `cannot be read (${code})` };
  }
}

function read({ path, shown }: Named, depth: number): VariableFile[] {
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) return depth < deepest ? filesIn({ path, shown }, depth) : [];
    // Reading a pipe would block.
    if (!stat.isFile()) return [{ shown, unreadable: 'is no file' }];
    if (stat.size > maxBytes) return [{ shown, unreadable: 'is larger than 4 MiB' }];
    const writable = writableByOthers(path, { group: 'allowed' });
    if (writable) return [{ shown, unreadable: `${writable.what}; ${writable.advice}` }];
    return [{ shown, text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)) }];
  } catch (error) {
    const why = error instanceof TypeError ? 'is not UTF-8' : `cannot be read (${codeOf(error)})`;
    return [{ shown, unreadable: why }];
  }
}

function filesIn({ path, shown }: Named, depth: number): VariableFile[] {
  const names = readdirSync(path).filter((name) => !name.startsWith('.') && !name.endsWith('~'));
  const fitting = names.sort().filter((name) => extensions.includes(extname(name)));
  return fitting.flatMap((name) => {
    const file = { path: join(path, name), shown: join(shown, name) };
    const isSkipped = extname(name) !== '' && statSync(file.path, { throwIfNoEntry: false })?.isDirectory();
    return isSkipped ? [] : read(file, depth + 1);
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
