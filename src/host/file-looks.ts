// How a file that a command of the inventory is made of is to be looked at (closed-files.sh).
import { type CommandFile, filesOf, filesOfLine } from '../inventory/command-files.ts';
import { cleanLine } from '../text/clean.ts';
import type { HostReport } from './facts.ts';

/** `hook`: a folder on the way to it may be written by no other account; `command`: also by a group of administrators. */
type By = 'hook' | 'command';

const lookWord = ({ as, path }: CommandFile, by: By) => `${by === 'hook' ? 'program' : 'owned'} ${as} ${path}`;

/** Of a look: the path alone. */
export const pathIn = (look: string): string => look.replace(/^\S+ \S+ /, '');

export const hookLooks = (words: readonly string[]): readonly string[] =>
  filesOf(words).map((file) => lookWord(file, 'hook'));

/** `line`: of a command that a shell reads; `words` are its arguments then, and not looked at. */
export const commandLooks = (line: string | undefined, words: readonly string[]): readonly string[] =>
  (line === undefined ? filesOf(words) : filesOfLine(line)).map((file) => lookWord(file, 'command'));

/** What was found at a path. `none`: no file is there, as an argument may have it. `why` it can not be run: clean. */
export type FileLook = { readonly sha256: string } | { readonly why: string } | 'none';

/** Why it can not be run; undefined: nothing keeps it from that. */
export const whyIn = (look: FileLook): string | undefined => (look !== 'none' && 'why' in look ? look.why : undefined);

/** What the probe saw at a look; undefined: it was not told of it. */
export function toldLook({ commands }: Pick<HostReport, 'commands'>, look: string): FileLook | undefined {
  const told = commands?.ok ? (commands.value.programs ?? {}) : {};
  return Object.hasOwn(told, look) ? told[look] : undefined;
}

/** The answer of closed-files.sh: `ok HEX`, `none`, or why it can not be run. */
export function readLook(line: string): FileLook {
  if (line === 'none') return 'none';
  const [, sha256] = /^ok ([0-9a-f]{64})$/.exec(line) ?? [];
  return sha256 === undefined ? { why: cleanLine(line).trim() } : { sha256 };
}
