// Checks the operator's own commands where zod can't: the placeholders of each argument, at its place, and that every command says what to
// run once the host, its cluster and the defaults are put together.
import { nearest } from './nearest.ts';
import { hostPlaceholders, pastedIn, placeholderIn, writtenPlaceholders } from './placeholders.ts';
import { type Complain, type Place, quoted } from './problem.ts';
import { type Entry, entriesOf, entryAt, type Tree } from './reading/tree.ts';
import type { LayeredHost } from './references.ts';
import { stepCommandOf, stepNames } from './step-commands.ts';

/** The commands of one part of the file: of a host, a cluster or the defaults. */
export function checkCommands(part: Tree, complain: Complain, note: Complain): void {
  for (const { key, at, value } of entriesOf(entryAt(part, 'commands')?.value)) {
    if (!commandName.test(key)) {
      complain(at, `a command cannot be named ${quoted(key)}`, 'write letters, digits, . _ and -, with a letter first');
    }
    noteMisspelt(key, at, note);
    const run = value.kind === 'map' ? entryAt(value, 'run')?.value : value;
    if (run?.kind === 'list') {
      for (const word of run.items) checkWord(`commands.${key}`, word, placeholdersOf(key), complain);
      checkProgram(key, run.items[0], complain);
    }
    if (run?.kind === 'text') checkLine(key, run.text, run.at, complain);
  }
}

/** `top` is near `stop`. */
const shortestMisspelt = 5;

/** `restore` is near `restart`, and a name of its own: one letter is the limit. */
function noteMisspelt(name: string, at: Place, note: Complain): void {
  const isOwn = stepCommandOf(name) !== undefined || name.length < shortestMisspelt;
  const near = isOwn ? undefined : nearest(name, stepNames, 1);
  if (near === undefined) return;
  note(
    at,
    `commands.${name} takes the place of no step, it is a command for reseed run`,
    `did you mean ${near}? If not, leave it`,
  );
}

/** A name is an argument of `reseed run`, and a name in the palette. */
export const commandName = /^[A-Za-z][\w.-]{0,63}$/;

/** A name is looked for in PATH; a path from no folder would be of the root of the host. */
function checkProgram(name: string, program: Tree | undefined, complain: Complain): void {
  if (program?.kind !== 'text' || !program.text.includes('/') || program.text.startsWith('/')) return;
  complain(
    program.at,
    `commands.${name} has the program ${quoted(program.text)}, of no folder`,
    'write its whole path, from /',
  );
}

function checkLine(name: string, line: string, at: Place, complain: Complain): void {
  const pasted = placeholderIn(line) ?? pastedIn(line, placeholdersOf(name));
  if (pasted === undefined) return;
  complain(
    at,
    `commands.${name} has {${pasted}} in a line for a shell, where it is not replaced`,
    `write a list, as in [PROGRAM, "{${pasted}}"]`,
  );
}

function placeholdersOf(name: string): readonly string[] {
  const { answers, placeholders = [] } = stepCommandOf(name) ?? {};
  return answers ? writtenPlaceholders : [...hostPlaceholders, ...placeholders];
}

/** One argument. `what` it belongs to: `commands.pin`. */
export function checkWord(what: string, word: Tree, known: readonly string[], complain: Complain): void {
  if (word.kind !== 'text') return;
  const { text, at } = word;
  const placeholder = placeholderIn(text);
  if (placeholder !== undefined && !known.includes(placeholder)) {
    const near = nearest(placeholder, known);
    const all = `write one of ${known.map((one) => `{${one}}`).join(', ')}; {{${placeholder}}} is the text itself`;
    complain(
      at,
      `${what} has the unknown placeholder {${placeholder}}`,
      near === undefined ? all : `did you mean {${near}}?`,
    );
  }
  const pasted = pastedIn(text, known);
  if (pasted !== undefined && text.includes(`{{${pasted}}}`)) {
    complain(
      at,
      `${what} has {{${pasted}}} inside an argument, where it is not the text {${pasted}}`,
      `write it as an argument of its own, "{{${pasted}}}", or keep the whole text in a script on the host`,
    );
  } else if (pasted !== undefined) {
    complain(
      at,
      `${what} has {${pasted}} inside an argument, where it is not replaced`,
      `write it as an argument of its own, "{${pasted}}"`,
    );
  }
}

/** A host may change only the deadline of its cluster's command: then the cluster says what to run. */
export function checkMergedCommands({ parts }: LayeredHost, complain: Complain): void {
  const entries = parts.flatMap((part) => entriesOf(entryAt(part, 'commands')?.value));
  for (const [name, all] of Map.groupBy(entries, ({ key }) => key)) {
    const [first] = all;
    if (!first || all.some(saysRun)) continue;
    // A host changes a setting of a command of its cluster, by a name with a slip in it.
    const known = entries.filter(saysRun).map(({ key }) => key);
    const near = name.length < 3 ? undefined : nearest(name, known);
    const instead = near === undefined ? 'write run: [PROGRAM, ARGUMENT...]' : `did you mean ${near}?`;
    complain(first.at, `commands.${name}.run is missing`, instead);
  }
}

const saysRun = ({ value }: Entry): boolean =>
  value.kind === 'text' || value.kind === 'list' || (entryAt(value, 'run')?.value.kind ?? 'unset') !== 'unset';
