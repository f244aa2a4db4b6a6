// reseed(1), as roff of man(7), from the verbs and options that commander knows.
import type { Argument, Command, Option } from 'commander';

export interface Issue {
  readonly version: string;
  readonly dateMs: number;
}

const about = `reseed shows what every host of a MySQL or MariaDB fleet is doing, starts and stops servers, takes and mounts
consistent LVM snapshots, and rebuilds a broken or new replica from one. It runs on one machine, over ssh; nothing is
installed on the hosts.`;

const files: readonly (readonly [string, string])[] = [
  ['./hosts.yaml, ~/.config/reseed/hosts.yaml', 'the inventory: the first that is there'],
  ['~/.local/state/reseed', 'the journal of jobs, and their logs'],
  ['~/.cache/reseed', 'what can be made again'],
];

const variables: readonly (readonly [string, string])[] = [
  ['RESEED_INVENTORY', 'the file of the inventory, where --inventory names none'],
  ['XDG_CONFIG_HOME, XDG_STATE_HOME, XDG_CACHE_HOME', 'in place of ~/.config, ~/.local/state and ~/.cache'],
  ['PAGER', 'shows logs'],
  ['NO_COLOR', 'no colours'],
];

/** `program` with every verb loaded. */
export function manPage(program: Command, { version, dateMs }: Issue): string {
  const date = new Date(dateMs).toISOString().slice(0, 10);
  return [
    `.TH RESEED 1 ${date} "reseed ${version}" "User Commands"`,
    // Words are to be copied: none is broken, and no space is widened.
    '.nh',
    '.ad l',
    '.SH NAME',
    'reseed \\- see every host of a MySQL or MariaDB fleet, and rebuild broken replicas',
    '.SH SYNOPSIS',
    '.B reseed',
    '[\\fIverb\\fR] [\\fIoptions\\fR]',
    '.SH DESCRIPTION',
    ...plain(about),
    ...after(program).flatMap((line) => ['.PP', ...plain(line)]),
    '.SH VERBS',
    ...verbsOf(program, 'reseed'),
    '.SH FILES',
    ...files.flatMap(([term, text]) => tagged(term, text)),
    '.SH ENVIRONMENT',
    ...variables.flatMap(([term, text]) => tagged(term, text)),
    '.SH SEE ALSO',
    '.BR ssh (1),',
    '.BR ssh_config (5)',
    '',
  ].join('\n');
}

/** Each verb that has no verbs below itself, with the words before it. */
function verbsOf(command: Command, words: string): readonly string[] {
  const shown = command.createHelp().visibleCommands(command);
  return shown
    .filter((one) => one.name() !== 'help')
    .flatMap((one) => {
      const name = `${words} ${one.name()}`;
      return one.commands.length > 0 ? verbsOf(one, name) : verb(one, name);
    });
}

function verb(command: Command, words: string): readonly string[] {
  const help = command.createHelp();
  const options = help.visibleOptions(command).filter(({ long }) => long !== '--help');
  return [
    `.SS "${line(usageOf(words, command.registeredArguments, options))}"`,
    ...plain(command.description() || command.summary()),
    ...command.registeredArguments.flatMap((one) => tagged(one.name(), help.argumentDescription(one))),
    ...options.flatMap((one) => tagged(help.optionTerm(one), help.optionDescription(one))),
    ...examples(after(command)),
  ];
}

function usageOf(words: string, given: readonly Argument[], options: readonly Option[]): string {
  const shown = given.map((one) => {
    const name = `${one.name()}${one.variadic ? '...' : ''}`;
    return one.required ? `<${name}>` : `[${name}]`;
  });
  return [words, ...(options.length > 0 ? ['[options]'] : []), ...shown].join(' ');
}

/** What the help has below the options. */
function after(command: Command): readonly string[] {
  let help = '';
  command.configureOutput({
    writeOut: (text) => {
      help += text;
    },
  });
  command.outputHelp();
  const below = help.slice(command.helpInformation().length);
  return below.split('\n').filter((text) => text !== '');
}

const examples = (lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['.PP', '.EX', ...lines.flatMap((text) => plain(text)), '.EE'];

const tagged = (term: string, text: string): readonly string[] => ['.TP', `\\fB${line(term)}\\fR`, ...plain(text)];

/** roff(7): a line that begins with a point or an apostrophe is a request. */
const plain = (text: string): readonly string[] =>
  text.split('\n').map((one) => (/^[.']/.test(one) ? `\\&${line(one)}` : line(one)));

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '-': '\\-',
  '"': '\\(dq',
  "'": '\\(aq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
};

/** What is to be typed must be what is copied: typographic quotes and dashes are none. roff itself reads ASCII alone. */
const line = (text: string) =>
  text
    .replace(/[\\\-"'`^~]/g, (one) => escapes[one] ?? one)
    .replace(/[^ -~]/gu, (one) => `\\[u${one.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}]`);
