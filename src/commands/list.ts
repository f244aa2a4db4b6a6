// Everything an operator can do in the console, as data. The keymap, the footer, the palette, the help screen and read-only
// mode come from this list and from nowhere else: a new command is one entry here, and a handler where its work is done
// (components/handlers.ts). What is listed can be done today.
import type { Host } from '../inventory/settings.ts';

export type ScreenName = 'fleet' | 'host';

/** What a command has to know to say whether it can be used now. */
export interface Context {
  readonly screen: ScreenName;
  /** `--read-only`, or `readOnly: true` of the whole inventory. */
  readonly readOnly: boolean;
  /** The host that is opened or under the cursor. */
  readonly host?: Host;
  /** Whether a server that is not in the inventory is under the cursor. */
  readonly onDiscovered: boolean;
  /** How many servers were found that the inventory does not have. */
  readonly discovered: number;
}

/** True, or why not, as the rest of the sentence "s: ...". */
export type Available = true | string;

export interface Command {
  /** `noun.verb`. */
  readonly name: string;
  /** As keys.ts names them: `j`, `G`, `enter`, `ctrl+c`. The first is the one that is shown. */
  readonly keys: readonly string[];
  readonly help: string;
  /** A word or two for the footer; without it the command is in the help and the palette only. */
  readonly footer?: string;
  /** What the footer shows for the keys, where that is not the first of them. */
  readonly footerKeys?: string;
  /** Where its keys work. */
  readonly where: readonly ScreenName[] | 'everywhere';
  /** Changes something on a host: refused in read-only mode. */
  readonly changes: boolean;
  /** Asks before it is done. */
  readonly dangerous: boolean;
  readonly available: (context: Context) => Available;
}

const always = (): Available => true;
const looks = { changes: false, dangerous: false, available: always } as const;
const everywhere = { ...looks, where: 'everywhere' } as const;
const onFleet = { ...looks, where: ['fleet'] } as const;
const onHost = { ...looks, where: ['host'] } as const;

const looking = [
  { ...onFleet, name: 'host.open', keys: ['enter', 'right'], help: 'open what is under the cursor', footer: 'open' },
  { ...onHost, name: 'screen.back', keys: ['esc', 'left'], help: 'back to the fleet', footer: 'back' },
  { ...everywhere, name: 'move.down', keys: ['j', 'down'], help: 'down', footer: 'move', footerKeys: 'j/k' },
  { ...everywhere, name: 'move.up', keys: ['k', 'up'], help: 'up' },
  { ...everywhere, name: 'move.pageDown', keys: ['pagedown', 'ctrl+f', 'space'], help: 'a page down' },
  { ...everywhere, name: 'move.pageUp', keys: ['pageup', 'ctrl+b'], help: 'a page up' },
  { ...everywhere, name: 'move.first', keys: ['g', 'home'], help: 'to the first line' },
  { ...everywhere, name: 'move.last', keys: ['G', 'end'], help: 'to the last line' },
  { ...onHost, name: 'pane.next', keys: ['tab'], help: 'next pane' },
  { ...onHost, name: 'pane.previous', keys: ['shift+tab'], help: 'pane before' },
  {
    ...onFleet,
    name: 'fleet.filter',
    keys: ['/'],
    help: 'show only hosts with these words in their row; !word: only those without',
    footer: 'filter',
  },
  {
    ...onFleet,
    name: 'fleet.showAll',
    keys: ['esc'],
    help: 'show every host again',
  },
  {
    ...onFleet,
    name: 'fleet.discovered',
    keys: ['i'],
    help: 'show or hide servers that are not in the inventory',
    available: ({ discovered }: Context) => discovered > 0 || 'every server that the hosts name is in the inventory',
  },
  { ...everywhere, name: 'fleet.refresh', keys: ['ctrl+r'], help: 'ask every host now' },
  { ...onHost, name: 'log.follow', keys: ['f'], help: 'follow the error log as it grows', footer: 'follow' },
  { ...onHost, name: 'log.pause', keys: ['p'], help: 'hold the error log still', footer: 'pause' },
  { ...onHost, name: 'log.search', keys: ['/'], help: 'search in the error log', footer: 'search' },
  { ...onHost, name: 'log.nextMatch', keys: ['n'], help: 'next line found' },
  { ...onHost, name: 'log.previousMatch', keys: ['N'], help: 'line found before' },
  { ...onHost, name: 'log.severity', keys: ['s'], help: 'least severity shown: all, warnings, errors' },
  { ...onHost, name: 'log.wrap', keys: ['W'], help: 'break long lines, or cut them' },
  { ...onHost, name: 'log.times', keys: ['t'], help: 'show or hide the times of the error log' },
  { ...onHost, name: 'log.pager', keys: ['w'], help: 'open the error log in $PAGER', footer: 'pager' },
  { ...everywhere, name: 'text.copy', keys: ['y'], help: 'copy what is under the cursor (OSC 52)' },
  { ...everywhere, name: 'palette.open', keys: [':'], help: 'find a command by its words', footer: 'commands' },
  { ...everywhere, name: 'help.open', keys: ['?'], help: 'every key', footer: 'help' },
  { ...everywhere, name: 'console.quit', keys: ['q', 'ctrl+c'], help: 'leave reseed', footer: 'quit' },
] as const satisfies readonly Command[];

/** Shift and the letter that is underlined in the column's title. */
const sortKeys = {
  host: 'H',
  cluster: 'C',
  datacenter: 'D',
  role: 'R',
  version: 'V',
  mysql: 'M',
  lag: 'L',
  disk: 'K',
  snapshots: 'S',
  alert: 'A',
} as const;

export type SortColumn = keyof typeof sortKeys;
export const sortColumns = Object.keys(sortKeys) as readonly SortColumn[];
export const sortKeyOf = (column: SortColumn): string => sortKeys[column];

export type CommandName = (typeof looking)[number]['name'] | `sort.${SortColumn}`;

const sorting = sortColumns.map((column) => ({
  ...onFleet,
  name: `sort.${column}` as const,
  keys: [sortKeyOf(column)],
  help: `sort by ${column}; again: the other way round`,
}));

export const commands: readonly (Command & { readonly name: CommandName })[] = [...looking, ...sorting];
export type ListedCommand = (typeof commands)[number];

export const worksOn = ({ where }: Command, screen: ScreenName): boolean =>
  where === 'everywhere' || where.includes(screen);

/** The command of a key on a screen. */
export function commandOf(key: string, screen: ScreenName): ListedCommand | undefined {
  return commands.find((command) => worksOn(command, screen) && (command.keys as readonly string[]).includes(key));
}
