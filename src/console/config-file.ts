// The operator's own settings of the console, from the disk: ~/.config/reseed/config.yaml. Without that file they are reseed's.
import { mkdirSync, readFileSync, realpathSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { withColumns } from '../commands/columns-text.ts';
import { defaultConfig, type ReadConfig, readConfig } from '../commands/config.ts';
import type { ColumnedList } from '../commands/list-columns.ts';
import { formatProblem, type Problem, problemIn } from '../inventory/problem.ts';
import { configHome } from '../inventory/reading/search.ts';
import type { Environment } from '../inventory/settings.ts';
import { writableByOthers } from '../process/writers.ts';

const maxCharacters = 64 * 1024;

/** Never throws. */
export function configHere(environment: Environment): ReadConfig {
  const path = pathOf(environment);
  if (path === undefined) return { ok: true, config: defaultConfig };
  const refused = (what: string, instead: string): ReadConfig => {
    const problem: Problem = problemIn(path, undefined, what, instead);
    return { ok: false, problems: [problem] };
  };
  // A key of another account's choice may stop a server.
  const writable = writableByOthers(path, { group: 'refused' });
  if (writable) return refused(writable.what, writable.advice);
  try {
    const text = readFileSync(path, 'utf8');
    return text.length > maxCharacters ? refused('is too long', 'write at most 64 KiB') : readConfig(text, path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return { ok: true, config: defaultConfig };
    return refused(`can't be read: ${error instanceof Error ? error.message : String(error)}`, 'mend or remove it');
  }
}

function pathOf(environment: Environment): string | undefined {
  const home = configHome({ ...environment, HOME: environment.HOME || homedir() });
  return home === undefined ? undefined : join(home, 'reseed', 'config.yaml');
}

/** Saves the columns of a list; no names: reseed's own. The rest of the file stays as it is. Undefined, or why they can't be saved. Never throws. */
export function keepColumns(
  environment: Environment,
  list: ColumnedList,
  names: readonly string[] | undefined,
): string | undefined {
  const path = pathOf(environment);
  if (path === undefined) return 'there is no home directory';
  // It may have been edited since the console was opened.
  const now = configHere(environment);
  if (!now.ok) return now.problems.map(formatProblem).join('; ');
  try {
    const before = textOf(path);
    const after = withColumns(before ?? '', { list, names });
    if (after === undefined) return `${path} is written in a way that reseed can't add to: write columns there by hand`;
    if (after !== before) replace(path, after, before !== undefined);
    return undefined;
  } catch (error) {
    return `${path} can't be written: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A reader sees the old text or the new one. A link to a file elsewhere stays a link. */
function replace(path: string, text: string, isThere: boolean): void {
  if (!isThere) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = isThere ? realpathSync(path) : path;
  const made = `${file}.${process.pid}.new`;
  writeFileSync(made, text, { mode: isThere ? statSync(file).mode & 0o777 : 0o600 });
  renameSync(made, file);
}
