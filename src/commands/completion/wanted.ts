// What a word of a command line may be, by the verbs, options and arguments that commander knows. Pure.
import type { Argument, Command, Option } from 'commander';

export type Wanted =
  /** One of these. */
  | { readonly words: readonly string[] }
  /** A value of an argument or an option, called as the help does: `host`. `before`: the arguments that are there. */
  | { readonly argument: string; readonly before: readonly string[] };

const nothing: Wanted = { words: [] };

/** After some words. */
interface Place {
  readonly command: Command;
  /** Arguments. */
  readonly given: readonly string[];
  /** The next word is its value. */
  readonly option?: Option;
  /** After `--`: no word is an option any more. */
  readonly isPlain: boolean;
}

/** `before`: the words between the program and the one that is typed, which is `current`. */
export function wantedAt(program: Command, before: readonly string[], current: string): Wanted {
  const start: Place = { command: program, given: [], isPlain: false };
  const { command, given, option, isPlain } = before.reduce(after, start);
  if (option) return valuesOf(option, calledIn(option), given);
  if (current.startsWith('-') && !isPlain) return { words: flagsOf(command) };
  if (command.commands.length > 0) {
    return given.length > 0 ? nothing : { words: shownOf(command).map((one) => one.name()) };
  }
  const argument = argumentAt(command, given.length);
  return argument ? valuesOf(argument, argument.name(), given) : nothing;
}

function after({ option: taken, ...place }: Place, word: string): Place {
  const { command, given, isPlain } = place;
  if (taken) return place;
  if (!isPlain && word === '--') return { ...place, isPlain: true };
  if (!isPlain && word.startsWith('-')) {
    const option = command.options.find(({ short, long }) => short === word || long === word);
    return option?.required ? { ...place, option } : place;
  }
  const sub = given.length === 0 && !isPlain ? subOf(command, word) : undefined;
  return sub ? { ...place, command: sub } : { ...place, given: [...given, word] };
}

const subOf = (command: Command, word: string) =>
  command.commands.find((one) => one.name() === word || one.aliases().includes(word));

const shownOf = (command: Command): readonly Command[] =>
  command
    .createHelp()
    .visibleCommands(command)
    .filter((one) => one.name() !== 'help');

const flagsOf = (command: Command): readonly string[] =>
  command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long }) => long ?? []);

function argumentAt({ registeredArguments: all }: Command, place: number): Argument | undefined {
  const last = all.at(-1);
  return all[place] ?? (last?.variadic ? last : undefined);
}

/** `--snapshot <snapshot>` and `--snapshot <name>`: snapshot */
function calledIn(option: Option): string {
  const [, called = ''] = /[<[]([^.>\]]+)/.exec(option.flags) ?? [];
  return called === 'name' ? option.attributeName() : called;
}

const valuesOf = (of: Option | Argument, argument: string, before: readonly string[]): Wanted =>
  of.argChoices ? { words: of.argChoices } : { argument, before };
