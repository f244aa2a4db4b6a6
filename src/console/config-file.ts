// The operator's own settings of the console, from the disk: ~/.config/reseed/config.yaml. Without that file they are reseed's.
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { defaultConfig, type ReadConfig, readConfig } from '../commands/config.ts';
import { type Problem, problemIn } from '../inventory/problem.ts';
import { configHome } from '../inventory/reading/search.ts';
import type { Environment } from '../inventory/settings.ts';
import { writableByOthers } from '../process/writers.ts';

const maxCharacters = 64 * 1024;

/** Never throws. */
export function configHere(environment: Environment): ReadConfig {
  const home = configHome({ ...environment, HOME: environment.HOME || homedir() });
  if (home === undefined) return { ok: true, config: defaultConfig };
  const path = join(home, 'reseed', 'config.yaml');
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
