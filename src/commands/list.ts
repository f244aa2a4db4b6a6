// Everything an operator can do in the console, as data. The keymap, the footer, the palette, the help screen and
// read-only mode come only from this list. A new command is one entry here, and a handler where its work is done
// (components/handlers.ts). Every listed command is implemented.
import { customText, namedCommands } from '../custom/named.ts';
import type { Host } from '../inventory/settings.ts';
import { listedReplay } from './replay-list.ts';

export const screenNames = ['fleet', 'host', 'processes', 'seed', 'snapshots', 'jobs', 'job', 'schedules'] as const;
export type ScreenName = (typeof screenNames)[number];

/** The facts by which a command decides whether it can be used now. */
export interface Context {
  readonly screen: ScreenName;
  /** The row under the cursor of a list: its id, and its name in sentences. Absent: there is none. */
  readonly row?: { readonly id: string; readonly name: string };
  /** Of a list with a filter: how many rows have its words, of how many. */
  readonly found?: { readonly count: number; readonly of: number };
  /**
   * The marked things of the list: each that is shown, as if the cursor were on it, in the list's order; and the names of those that are not
   * shown. Absent: nothing is marked. Commands for several act on those that are shown, and not on the row under the cursor.
   */
  readonly marked?: { readonly shown: readonly Context[]; readonly hidden: readonly string[] };
  /** `--read-only`, or `readOnly: true` of the whole inventory. */
  readonly readOnly: boolean;
  /** A recording is shown, and no fleet. */
  readonly replay?: true;
  /** The opened host, or the one under the cursor. */
  readonly host?: Host;
  /** The hosts that keys act on: `host`, those of the job, seed, schedule or plan that is shown. Absent: `host` alone. */
  readonly hosts?: readonly Host[];
  /** Of a list: why no row is under the cursor, and what puts it on one. */
  readonly noRow?: string;
  /** Whether a server that is not in the inventory is under the cursor. */
  readonly onDiscovered: boolean;
  /** How many discovered servers are not in the inventory. */
  readonly discovered: number;
  /** Why `host` does not answer now, as the rest of "db7 ..."; absent where it does. */
  readonly silence?: string;
  /** Whether the error log of `host` has errors that were neither on the screen nor marked as seen. */
  readonly unreadErrors?: boolean;
  /** The state of `host`'s server; absent where unknown. */
  readonly server?: 'up' | 'down' | 'between';
  /** Whether a rule has planned a recovery of `host`. */
  readonly recovery?: boolean;
  /** Whether an unfinished job works on `host`. */
  readonly atWork?: boolean;
  /** The snapshot under the cursor. */
  readonly snapshot?: { readonly valid: boolean; readonly mounted: boolean; readonly ours: boolean };
  /** Whether a schedule is under the cursor. */
  readonly schedule?: boolean;
  /** The opened job, or the one under the cursor; on a host's screen, its newest. */
  readonly job?: { readonly over: boolean; readonly abandoned: boolean };
}

/** True, or why not, as the rest of the sentence "s: ...". */
export type Available = true | string;

export interface Command {
  /** `noun.verb`. */
  readonly name: string;
  /** Names as in keys.ts: `j`, `G`, `enter`, `ctrl+c`; two after each other: `o l`. The first one is shown. */
  readonly keys: readonly string[];
  readonly help: string;
  /** A word or two for the footer; a command without it is in the help and the palette only. */
  readonly footer?: string;
  /** Whether the footer shows it now; absent: always. Its key still works, and says why the command can't be used. */
  readonly footerIf?: (context: Context) => boolean;
  /** What the footer shows for the keys, if not the first of them. */
  readonly footerKeys?: string;
  /** The screens where it can be used. Its keys work there too, unless `keysOn` names fewer. */
  readonly where: readonly ScreenName[] | 'everywhere';
  /** On the other screens it is in the palette only. */
  readonly keysOn?: readonly ScreenName[];
  /** Changes something on a host, so it is refused in read-only mode. */
  readonly changes: boolean;
  /** Asks a host, or keeps what the operator has seen, so that a replay has nothing for it. */
  readonly live?: true;
  /** Asks the operator first. */
  readonly dangerous: boolean;
  /** Acts on all marked things of a list at once. Without it, a command that changes something can't be used while any are marked. */
  readonly several?: true;
  readonly available: (context: Context) => Available;
}

const always = (): Available => true;
const looks = { changes: false, dangerous: false, available: always } as const;
const everywhere = { ...looks, where: 'everywhere' } as const;
const onFleet = { ...looks, where: ['fleet'] } as const;
const onLists = { ...looks, where: ['fleet', 'processes', 'snapshots', 'jobs', 'schedules'] } as const;
const onHost = { ...looks, where: ['host'] } as const;
const onSeed = { ...looks, where: ['seed'] } as const;
const onLogs = { ...looks, where: ['host', 'job'] } as const;

const ofHost = ({ host, noRow }: Context): Available =>
  host !== undefined || (noRow ?? 'no host of the inventory is under the cursor');
const ofAnsweringHost = (context: Context): Available =>
  context.host && context.silence ? `${context.host.name} ${context.silence}` : ofHost(context);
const ofServer =
  (not: 'up' | 'down', why: string) =>
  (context: Context): Available =>
    // While a job works there, the command is not dimmed: the plan's refusal says more.
    context.server === not && !context.atWork ? why : ofHost(context);
const ofSnapshot =
  (stands: (snapshot: NonNullable<Context['snapshot']>) => Available) =>
  ({ snapshot, noRow }: Context): Available =>
    snapshot ? stands(snapshot) : (noRow ?? 'no snapshot is under the cursor');
const ofJob =
  (stands: (job: NonNullable<Context['job']>) => Available) =>
  ({ job, noRow, row, screen }: Context): Available => {
    if (job) return stands(job);
    const isDamaged = row !== undefined && screen === 'jobs';
    return noRow ?? (isDamaged ? 'its record in the journal is damaged' : 'there is no job');
  };

/** The log of a job that is over does not grow. */
const grows = ({ screen, job }: Context): boolean => !(screen === 'job' && job?.over);
const onGrowing = {
  ...onLogs,
  footerIf: grows,
  available: (context: Context): Available => grows(context) || 'the job is over: its log does not grow',
} as const;
const notOn =
  (name: ScreenName) =>
  ({ screen }: Context): boolean =>
    screen !== name;

const hasCommands = ({ host }: Context): boolean => host !== undefined && namedCommands(host).length > 0;

/** Each of them shows its plan, and asks. */
const acts = { changes: true, dangerous: true } as const;
const several = { several: true } as const;
const onServer = { ...acts, ...several, where: ['fleet', 'host'] } as const;
const onSnapshots = { ...acts, ...several, where: ['snapshots'] } as const;
const onSchedules = {
  changes: true,
  dangerous: false,
  where: ['schedules'],
  available: ({ schedule, noRow }: Context): Available => schedule === true || (noRow ?? 'there is no schedule'),
} as const;
const onJobs = { changes: true, ...several, where: ['jobs', 'job'] } as const;

function noHostOn(screen: ScreenName): string {
  if (screen === 'fleet') return 'no row is shown';
  return screen === 'job' ? 'its host is not in the inventory' : 'there is no snapshot';
}

const listed = [
  {
    ...looks,
    where: ['fleet', 'snapshots', 'job'],
    name: 'host.open',
    keys: ['enter', 'right'],
    help: 'open the host under the cursor; of a job, its first target',
    footer: 'open',
    available: ({ screen, host, onDiscovered, noRow }: Context) =>
      host !== undefined || onDiscovered || (noRow ?? noHostOn(screen)),
  },
  {
    ...looks,
    where: ['jobs', 'host', 'schedules'],
    name: 'job.open',
    keys: ['enter', 'right'],
    help: 'open the job under the cursor; on a host or a schedule, its newest job',
    footer: 'job',
    available: ofJob(always),
  },
  {
    ...looks,
    where: ['host', 'processes', 'seed', 'snapshots', 'jobs', 'job', 'schedules'],
    name: 'screen.back',
    keys: ['esc', 'left'],
    help: 'back to where you came from; in a list the marks go first, then the filter',
    footer: 'back',
  },
  {
    ...looks,
    live: true,
    ...several,
    where: ['fleet', 'host'],
    name: 'log.markSeen',
    keys: ['A'],
    help: 'mark the errors in the error log as seen (acknowledge): their alert goes',
    footer: 'mark seen',
    // The footer shows this key only when there are unread errors.
    footerIf: ({ unreadErrors }) => unreadErrors === true,
    available: (context) => {
      const host = ofHost(context);
      if (host !== true) return host;
      return context.unreadErrors ? true : 'its error log has no error that you have not seen';
    },
  },
  {
    ...acts,
    ...several,
    where: ['fleet', 'host'],
    name: 'snapshot.create',
    keys: ['s'],
    help: "take a consistent snapshot of the datadir's volume",
    footer: 'snapshot',
    available: ofHost,
  },
  {
    ...acts,
    ...several,
    where: ['fleet', 'host', 'job'],
    name: 'seed.open',
    keys: ['e'],
    help: "rebuild the host with another one's data: choose donor, targets and options",
    footer: 'seed',
    footerIf: ({ screen, job }: Context) => screen !== 'job' || job?.over === true,
    available: ofAnsweringHost,
  },
  {
    ...acts,
    where: ['fleet', 'host'],
    name: 'recovery.plan',
    keys: ['R'],
    help: 'show the recovery that a rule has planned for the host, to be agreed to',
    footer: 'recovery',
    footerIf: ({ recovery }) => recovery === true,
    available: (context) => {
      const host = ofAnsweringHost(context);
      if (host !== true) return host;
      return context.recovery ? true : 'no rule has planned a recovery of it';
    },
  },
  {
    ...onSeed,
    name: 'seed.choose',
    keys: ['space'],
    help: 'choose, mark, or change what is under the cursor',
    footer: 'choose',
  },
  {
    ...acts,
    where: ['seed'],
    name: 'seed.plan',
    keys: ['enter'],
    help: 'ask the hosts, and show the plan with every check; nothing is done yet',
    footer: 'plan',
    available: ofAnsweringHost,
  },
  {
    ...acts,
    where: ['fleet', 'host'],
    name: 'salvage.apply',
    keys: [],
    help: 'apply on the host what another of its cluster received and it lacks',
    available: ofAnsweringHost,
  },
  {
    ...acts,
    ...several,
    where: ['fleet', 'host', 'snapshots'],
    name: 'proof.restore',
    keys: [],
    help: 'prove that a snapshot restores: the one under the cursor, or the newest of the host',
    available: ofAnsweringHost,
  },
  {
    ...acts,
    ...several,
    where: ['fleet', 'host'],
    name: 'proof.rows',
    keys: [],
    help: 'compare the rows of the replica with those of its source',
    available: ofAnsweringHost,
  },
  {
    ...onServer,
    name: 'mysql.start',
    keys: ['U'],
    help: 'start the server, and wait until it takes connections',
    footer: 'start',
    footerIf: ({ screen, server }) => screen === 'host' && server !== 'up',
    available: ofServer('up', 'the server runs already'),
  },
  {
    ...onServer,
    name: 'mysql.stop',
    keys: ['D'],
    help: 'stop the server, and wait until no process of it is left',
    footer: 'stop',
    footerIf: ({ screen, server }) => screen === 'host' && server !== 'down',
    available: ofServer('down', 'the server is down already'),
  },
  {
    ...onServer,
    name: 'mysql.restart',
    keys: ['B'],
    help: 'stop the server and start it again (bounce)',
    available: ofServer('down', 'the server is down already'),
  },
  {
    ...acts,
    ...several,
    where: ['fleet', 'host'],
    name: 'command.run',
    keys: ['!'],
    help: 'run a command of the inventory on the host',
    footer: 'run',
    footerIf: hasCommands,
    available: (context) => {
      const host = ofHost(context);
      if (host !== true) return host;
      return hasCommands(context) || 'the inventory has no commands for it';
    },
  },
  {
    ...onSnapshots,
    name: 'snapshot.mount',
    keys: ['m'],
    help: 'mount the snapshot read-only, in a folder of its own',
    footer: 'mount',
    available: ofSnapshot(({ valid, mounted }) => {
      if (!valid) return 'it is invalid: what it held is lost';
      return mounted ? 'it is mounted already' : true;
    }),
  },
  {
    ...onSnapshots,
    name: 'snapshot.unmount',
    keys: ['u'],
    help: 'unmount the snapshot',
    footer: 'unmount',
    available: ofSnapshot(({ mounted }) => mounted || 'it is not mounted'),
  },
  {
    ...onSnapshots,
    name: 'snapshot.remove',
    keys: ['x'],
    help: 'remove the snapshot for good',
    footer: 'remove',
    available: ofSnapshot(({ mounted, ours }) => {
      if (!ours) return 'it was not made by reseed';
      return mounted ? 'it is mounted: unmount it first' : true;
    }),
  },
  {
    ...acts,
    ...several,
    where: ['fleet', 'host', 'snapshots'],
    keysOn: ['snapshots'],
    name: 'snapshot.prune',
    keys: ['P'],
    help: "remove reseed's own snapshots of the host, but for the newest",
    footer: 'prune',
    available: ofHost,
  },
  {
    ...onJobs,
    dangerous: true,
    name: 'job.abort',
    keys: ['a'],
    help: 'end the job, and undo what it made',
    footer: 'abort',
    footerIf: ({ job }) => job?.over !== true,
    available: ofJob(({ over }) => (over ? 'the job is over' : true)),
  },
  {
    ...onJobs,
    dangerous: false,
    name: 'job.resume',
    keys: ['r'],
    help: 'resume a job whose runner died',
    footer: 'resume',
    footerIf: ({ job }) => job === undefined || (job.abandoned && !job.over),
    available: ofJob(({ over, abandoned }) => {
      if (over) return 'the job is over';
      return abandoned || 'the job has a runner';
    }),
  },
  { ...everywhere, name: 'move.down', keys: ['j', 'down'], help: 'down', footer: 'move', footerKeys: 'j/k' },
  { ...everywhere, name: 'move.up', keys: ['k', 'up'], help: 'up' },
  {
    ...everywhere,
    name: 'move.pageDown',
    keys: ['pagedown', 'ctrl+f'],
    help: 'a page down',
  },
  // In a list space marks.
  { ...onLogs, name: 'text.pageDown', keys: ['space'], help: 'a page down' },
  { ...everywhere, name: 'move.pageUp', keys: ['pageup', 'ctrl+b'], help: 'a page up' },
  { ...everywhere, name: 'move.first', keys: ['g', 'home'], help: 'to the first line' },
  { ...everywhere, name: 'move.last', keys: ['G', 'end'], help: 'to the last line' },
  { ...onHost, name: 'pane.next', keys: ['tab'], help: 'next pane' },
  { ...onHost, name: 'pane.previous', keys: ['shift+tab'], help: 'pane before' },
  {
    ...onHost,
    name: 'pane.zoom',
    keys: ['z'],
    help: 'the pane over the whole screen, or all panes again',
    footer: 'zoom',
  },
  {
    ...looks,
    where: ['processes'],
    name: 'processes.idle',
    keys: ['I'],
    help: 'show or hide idle sessions: those that sleep, and threads of the server that wait for work',
    footer: 'idle',
  },
  {
    ...onLists,
    name: 'list.filter',
    keys: ['/'],
    help: 'show only rows with these words in them; !word: only those without',
    footer: 'filter',
  },
  { ...onLists, name: 'list.columns', keys: ['C'], help: 'choose the columns of the list, and their order' },
  { ...onLists, name: 'list.nextMatch', keys: ['n'], help: 'next row with the words of the last filter' },
  { ...onLists, name: 'list.previousMatch', keys: ['N'], help: 'row with these words before' },
  {
    ...looks,
    // On the screen of a seed the same key chooses a row.
    where: ['fleet', 'snapshots', 'jobs'],
    name: 'mark.toggle',
    keys: ['space'],
    help: 'mark the row, or take its mark away; keys then act on all marked rows',
    footer: 'mark',
    // There the blank has another meaning.
    footerIf: ({ replay }: Context) => !replay,
    available: ({ row, noRow }: Context) => row !== undefined || (noRow ?? 'there is nothing to mark'),
  },
  {
    ...looks,
    where: ['fleet', 'seed', 'snapshots', 'jobs'],
    name: 'mark.range',
    keys: ['V', 'ctrl+space'],
    help: 'mark all rows from the last mark to the cursor',
  },
  {
    ...onFleet,
    name: 'list.showAll',
    keys: ['esc'],
    help: 'take all marks away, or show every host again',
  },
  {
    ...onFleet,
    name: 'fleet.tree',
    keys: ['ctrl+t'],
    help: 'show replicas below their sources (topology), or a list again',
  },
  {
    ...onFleet,
    name: 'fleet.trouble',
    keys: ['ctrl+z'],
    help: 'show only hosts with an alert, or all again',
  },
  {
    ...onFleet,
    name: 'fleet.discovered',
    keys: ['i'],
    help: 'show or hide servers that are not in the inventory',
    available: ({ discovered }: Context) => discovered > 0 || 'every server that the hosts name is in the inventory',
  },
  { ...everywhere, live: true, name: 'fleet.refresh', keys: ['ctrl+r'], help: 'ask every host now' },
  { ...onGrowing, name: 'log.follow', keys: ['f'], help: 'follow the log as it grows', footer: 'follow' },
  { ...onGrowing, name: 'log.pause', keys: ['p'], help: 'hold the log still', footer: 'pause' },
  { ...onLogs, name: 'log.search', keys: ['/'], help: 'search in the log', footer: 'search' },
  { ...onLogs, name: 'log.nextMatch', keys: ['n'], help: 'next line found' },
  { ...onLogs, name: 'log.previousMatch', keys: ['N'], help: 'line found before' },
  { ...onHost, name: 'log.severity', keys: ['l'], help: 'show all lines, leave out notes, or show errors only' },
  { ...onLogs, name: 'log.wrap', keys: ['W'], help: 'break long lines, or cut them' },
  { ...onLogs, name: 'log.times', keys: ['t'], help: 'show or hide the times of the log' },
  { ...onLogs, name: 'log.pager', keys: ['w'], help: 'open the log in $PAGER', footer: 'pager' },
  {
    ...everywhere,
    name: 'fleet.open',
    keys: ['1'],
    help: 'the fleet, from any screen',
    available: (context: Context) => notOn('fleet')(context) || 'this is the fleet',
  },
  {
    ...everywhere,
    name: 'host.last',
    keys: ['2'],
    help: 'the host under the cursor, or else the one that was opened last',
    available: (context: Context) => notOn('host')(context) || 'this is the host',
  },
  {
    ...everywhere,
    name: 'jobs.open',
    keys: ['J', '4'],
    help: 'every job: what runs, what has run, who asked for it',
    footer: 'jobs',
    footerIf: notOn('jobs'),
    available: (context: Context) => notOn('jobs')(context) || 'this is the list of jobs',
  },
  {
    ...everywhere,
    name: 'snapshots.open',
    keys: ['S', '3'],
    help: 'the snapshots of every host',
    footer: 'snapshots',
    footerIf: notOn('snapshots'),
    available: (context: Context) => notOn('snapshots')(context) || 'this is the list of snapshots',
  },
  {
    ...everywhere,
    name: 'schedules.open',
    keys: ['T', '5'],
    help: 'the schedules of the inventory: when they come next, how they ended, what waits',
    available: (context: Context) => notOn('schedules')(context) || 'this is the list of schedules',
  },
  {
    ...looks,
    live: true,
    where: ['fleet', 'host'],
    name: 'processes.open',
    keys: ['Q'],
    help: "the server's sessions: what runs, for how long, open transactions (processlist, queries)",
    footer: 'sessions',
    footerIf: ({ screen }: Context) => screen === 'host',
    available: ofAnsweringHost,
  },
  {
    ...onSchedules,
    ...acts,
    name: 'schedule.run',
    keys: ['b'],
    help: 'do now what the schedule does, with all checks of its hour',
    footer: 'run now',
  },
  {
    ...onSchedules,
    name: 'schedule.switch',
    keys: ['d'],
    help: 'switch the schedule off, or on again',
    footer: 'on/off',
  },
  {
    ...everywhere,
    ...several,
    name: 'text.copy',
    keys: ['y'],
    help: 'copy what is under the cursor (OSC 52)',
    available: ({ noRow }: Context) => noRow ?? true,
  },
  { ...everywhere, name: 'palette.open', keys: [':'], help: 'find a command by its words', footer: 'commands' },
  { ...everywhere, name: 'help.open', keys: ['?'], help: 'every key', footer: 'help' },
  { ...everywhere, name: 'console.quit', keys: ['q', 'ctrl+c'], help: 'leave reseed; jobs go on', footer: 'quit' },
] as const satisfies readonly Command[];

/** After `o` (order) the underlined letter of the column's title: no letter that acts sorts on another screen. */
const sortKeys = {
  host: 'H',
  cluster: 'C',
  datacenter: 'D',
  role: 'O',
  version: 'V',
  mysql: 'M',
  lag: 'L',
  disk: 'K',
  snapshots: 'N',
  alert: 'A',
} as const;

const sortPrefix = 'o';

export type SortColumn = keyof typeof sortKeys;
export const sortColumns = Object.keys(sortKeys) as readonly SortColumn[];
export const sortKeyOf = (column: SortColumn): string => sortKeys[column];

export type CommandName =
  | (typeof listed)[number]['name']
  | (typeof listedReplay)[number]['name']
  | `sort.${SortColumn | 'none'}`;

const sorting = sortColumns.map((column) => ({
  ...onFleet,
  name: `sort.${column}` as const,
  keys: [`${sortPrefix} ${sortKeyOf(column).toLowerCase()}`],
  help: `sort by ${column}; again: the other way round`,
}));

/** As no column does. */
const unsorted = {
  ...onFleet,
  name: 'sort.none',
  keys: ['0'],
  help: "the inventory's order; again: the worst first",
} as const;

export type ListedCommand = Command & { readonly name: CommandName };

/** With the keys that reseed gives them. */
export const commands: readonly ListedCommand[] = [...listed, ...sorting, unsorted];

/** Of a replay. There the blank holds the recording, as in every player: a page down has other keys. */
export const commandsInReplay: readonly ListedCommand[] = [
  ...listedReplay,
  ...commands.map((command) => ({ ...command, keys: command.keys.filter((key) => key !== 'space') })),
];

let bound = commands;

/** With the keys of this console. */
export const boundCommands = (): readonly ListedCommand[] => bound;

/** From here on these keys are theirs (config.ts); of a command that is not in `own` its own. */
export function bindKeys(own: ReadonlyMap<string, readonly string[]>, some = commands): void {
  bound = withKeys(some, own);
}

export const withKeys = (
  some: readonly ListedCommand[],
  own: ReadonlyMap<string, readonly string[]>,
): readonly ListedCommand[] =>
  some.map((command) => {
    const keys = own.get(command.name);
    if (!keys) return command;
    const { footerKeys: _, ...rest } = command;
    // An operator without the way out of a screen could not leave it.
    return { ...rest, keys: [...keys, ...command.keys.filter((key) => key === 'esc' || key === 'ctrl+c')] };
  });

/** A command of the inventory: `runs` is its name there. */
export type RunCommand = Command & { readonly runs: string };

/** Those of the context's host, or that all marked hosts have; none where nothing may be changed. */
export function runCommandsOf({
  host: atCursor,
  readOnly,
  marked,
}: Pick<Context, 'host' | 'readOnly' | 'marked'>): readonly RunCommand[] {
  const hosts = marked ? marked.shown.flatMap((one) => one.host ?? []) : atCursor ? [atCursor] : [];
  const [host] = hosts;
  if (!host || readOnly || hosts.every((one) => one.readOnly)) return [];
  const ofAll = namedCommands(host).filter(({ name }) =>
    hosts.every((one) => namedCommands(one).some((other) => other.name === name)),
  );
  return ofAll.map((one) => ({
    ...acts,
    ...several,
    name: `run.${one.name}`,
    runs: one.name,
    keys: [],
    help: `${hosts.map(({ name }) => name).join(', ')}: ${one.dangerous ? 'dangerous: ' : ''}${one.help ?? customText(one, host)}`,
    where: ['fleet', 'host'],
    available: ofHost,
  }));
}

export const worksOn = ({ where }: Command, screen: ScreenName): boolean =>
  where === 'everywhere' || where.includes(screen);

/** Whether its keys work on that screen; elsewhere it is only in the palette. */
export const hasKeysOn = (command: Command, screen: ScreenName): boolean =>
  worksOn(command, screen) && (command.keysOn?.includes(screen) ?? true);

/** The command of a key on a screen. */
export function commandOf(key: string, screen: ScreenName): ListedCommand | undefined {
  return bound.find((command) => hasKeysOn(command, screen) && command.keys.includes(key));
}

/** The commands whose keys begin with this one on a screen: the next key chooses among them. */
export const commandsAfter = (key: string, screen: ScreenName): readonly ListedCommand[] =>
  bound.filter((command) => hasKeysOn(command, screen) && command.keys.some((keys) => keys.startsWith(`${key} `)));
