// What seed-facts.sh tells of a host before it gives or takes a datadir. Pure.
import { isIP } from 'node:net';
import { present } from '../host/known.ts';
import { cleanLine } from '../text/clean.ts';
import { type NextStart, readNextStart } from './preflight/data/next-start.ts';
import { type EnabledEvents, readEvents } from './preflight/replication/server-events.ts';

export interface SeedFacts {
  /** machine-id(5): two hosts with one are the same machine, or copies of an image. */
  readonly machine: string;
  /** Of this start of the machine, as no other has it; absent: not known. */
  readonly boot?: string;
  /** stat(2)'s numbers of the datadir's folder, and of the file system that it lies on; absent where there is no datadir. */
  readonly inode?: string;
  readonly device?: string;
  /** With every link on the way resolved. */
  readonly datadir: string;
  /** The mount that it lies on: its mount point, and the folder of the file system that is seen there, `/` but for bind mounts. Absent: not known. */
  readonly mounted?: { readonly root: string; readonly point: string };
  /** `mysql:mysql`; absent where there is no datadir. */
  readonly owner?: string;
  /** What an ordinary user may still write beside the datadir's files. */
  readonly freeBytes?: number;
  /** Of all files of the datadir; absent where counting took too long. */
  readonly dataBytes?: number;
  /** Whether the datadir is where a file system is mounted. */
  readonly isMountPoint: boolean;
  /** Links below the datadir, of file systems and of InnoDB: what they lead to is on no snapshot of it. */
  readonly links: readonly string[];
  /** Below the datadir: what lies there is on no snapshot of it either. */
  readonly mounts: readonly string[];
  /** What another seed has left in the datadir, and who that was. */
  readonly half: readonly string[];
  /** Some of what is the server's own in the datadir and would go over to new data, and its account can't read. Below the datadir. */
  readonly unreadable: readonly string[];
  readonly fixed: FixedFiles;
  /** Some of the files in the datadir that no server makes, and how many there are. */
  readonly strange: readonly string[];
  readonly strangeCount: number;
  /** Links and folders outside of the datadir that have the name of a file of the server where it would lie: one a place. */
  readonly unlike: readonly { readonly kind: string; readonly path: string }[];
  /** Of `data_bytes`, `changed_seconds`, `links`, `strange` and `channels` (`taken` and `unproved`) those that were not looked at wholly: that none is there then says nothing. */
  readonly unseen: readonly string[];
  /** Folders of its data that the server has elsewhere than this host; by what: `running`, or a setting of its unit (`BindPaths`). */
  readonly hidden: readonly { readonly by: string; readonly path: string }[];
  /** Every place where the server keeps state or reads what it needs, as state-places.ts judges them. Absolute paths. */
  readonly places: readonly { readonly kind: string; readonly path: string }[];
  /** Of `places` the indexes of logs of which it is not known that they are the files that the server uses. */
  readonly unindexed: readonly { readonly kind: string; readonly path: string }[];
  /** Files that may be the index of logs of that kind, and that the server's account can't read. */
  readonly shutIndexes: readonly { readonly kind: string; readonly path: string }[];
  /** Indexes that are called as those of channels, outside of the datadir, and whether they list relay logs of this server is not known. */
  readonly unproved: readonly string[];
  /** Logs (without the number) and indexes that lie where a channel would have its relay logs, and are not proved to be those of this server. */
  readonly taken: readonly string[];
  /** Its data files outside of the datadir, by the places that its options name. */
  readonly outside: readonly OutsidePlace[];
  /** Of a server that runs, where it would have its places after a restart; absent: it is down, or its program was not asked. */
  readonly nextStart?: NextStart;
  /** Why it is not known what the server, which is down, would read. */
  readonly unread?: string;
  /** The command that the unit starts, where options of ours behind it would not reach the server. Absent: they would, or it has none. */
  readonly unheld?: string;
  /** Its binary logs, wherever they lie. Absent: it has none. */
  readonly binaryLogs?: { readonly count: number; readonly bytes: number; readonly folder: string };
  /** Where the binary log of a server that is down ends. Absent: the server runs, writes no log, or was not asked. */
  readonly logEnd?: LogEnd;
  /** Since when no file of the datadir has changed, below 0 where the host's clock was set back since; absent where it has none. */
  readonly changedSeconds?: number;
  /** Whose job works on this datadir, or on the whole host, now. */
  readonly locked?: { readonly job: string; readonly who: string };
  /** Datadirs of other servers that run on this host. */
  readonly neighbours: readonly string[];
  /** The first of the ports for seeds without a listener; absent: every one is taken. */
  readonly freePort?: number;
  /** Of a target that is sent to by ssh; absent: it was not tried. */
  readonly listener?: Listener;
  readonly tools: readonly string[];
  readonly cpus: number;
  /** What `mysqld --version` prints. */
  readonly program?: string;
  /** `app@10.0.0.7`: sessions that are neither the system's nor replicas'. */
  readonly writers: readonly string[];
  /** The one that runs longest. */
  readonly statement?: Statement;
  /** Of `writers`, `statement`, `foreign_engine`, `engine` and `by_hand` those that it did not tell: that none is there then says nothing. */
  readonly unanswered: readonly string[];
  /** How many files of tables the server knows; absent where it did not say. */
  readonly tablespaces?: number;
  /** Tables of a MySQL whose tablespace was discarded, twenty at most: `shop/orders`. */
  readonly discarded: readonly string[];
  /** Those that lie outside the datadir. */
  readonly elsewhere: readonly string[];
  /** `MyISAM 12 shop.a, shop.b`: tables of users that are not InnoDB's, an engine each. */
  readonly foreignEngines: readonly string[];
  /** Storage engines that the running server has. */
  readonly engines: readonly string[];
  /** Events that a running server may run (STATUS is ENABLED): how many, and the first; absent where it did not say. */
  readonly events?: EnabledEvents;
  /** Of sessions of a running server, as temp-tables.sh says it; absent where it did not say. */
  readonly tempTables?: SessionTempTables;
  /** Active plugins and components that keep keys, or make a server a member of a cluster: `component_keyring_file`, `group_replication`. */
  readonly plugins: readonly string[];
  /** Variables of the running server that were set by SET GLOBAL since its start, which its restart forgets; `value` absent: it may be a secret. */
  readonly byHand: readonly { readonly name: string; readonly value?: string }[];
  /** How many encrypted tablespaces a running server knows; absent where it did not say. */
  readonly encrypted?: number;
  /** Names of InnoDB's master keys in the keyring of a running MySQL. */
  readonly keys: readonly string[];
  /** Of MariaDB's file_key_management: a digest of each key by its number, salted for this one seed; none: they were not read. */
  readonly keyDigests: Readonly<Record<string, string>>;
  /** The same of its file of keys as a whole, where that is encrypted itself. */
  readonly keyFileDigest?: string;
  /** The IP address that a call to a peer would come from, by the peer's address; '': not known. */
  readonly routes: Readonly<Record<string, string>>;
  /** What it said instead of an address, by the peer's address: it is not used. */
  readonly refusedRoutes: Readonly<Record<string, string>>;
  /** As the running server has them, or as its option files say. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Temporary tables that statements in its own binary log go on to use. `open`: `count` of them; `unknown`: `count` sessions may have some. */
export interface SessionTempTables {
  readonly state: 'none' | 'open' | 'unknown';
  /** binlog_format; `?`: not known. */
  readonly format: string;
  /** Of `none`. `never`: none was made since the start; `alone`: no session is there now. Absent: no session has a format that logs them. */
  readonly why?: 'never' | 'alone';
  /**
   * What a session has that may be another; `?`: not known; `own`: not known, and one can have another only by a SET of its own. Absent: what
   * the options say, and no session has one that logs them.
   */
  readonly ofSessions?: string;
  readonly count?: number;
}

/**
 * As log-end.sh says it. `open`: the server did not end by itself. `gtid`, of a MariaDB alone, is empty where it is not known.
 * `what` could not be read.
 */
export type LogEnd =
  | { readonly state: 'none' | 'open' | 'encrypted' }
  | { readonly state: 'closed'; readonly gtid: string }
  | { readonly state: 'unread'; readonly what: string };

export type FixedFlag = 'immutable' | 'append-only' | 'immutable and append-only';

/** What the kernel renames for no account, in the datadir and one folder down, and in places of the server beside it. Absolute paths. */
export interface FixedFiles {
  /** The first, and how many there are. */
  readonly first: readonly { readonly flag: FixedFlag; readonly path: string }[];
  readonly count: number;
  /** One that has another project (a quota of XFS or ext4) than its folder, which hands its own on. */
  readonly otherProject?: { readonly folderProject: number; readonly path: string };
  /** Why it was not looked at, or not all of it. */
  readonly unknown?: string;
}

/** Whether a sshd with a job's settings lets the job in, by a call over a pipe (seed-trial.sh); `why` is empty where it is open. */
export interface Listener {
  readonly state: 'open' | 'closed' | 'unknown';
  readonly why: string;
}

/** What seed-trial.sh says; undefined: nothing that is understood. */
export function readListener(text: string): Listener | undefined {
  for (const line of text.split('\n')) {
    const [, state, why = ''] = /^listener (open|closed|unknown)(?: (.*))?$/.exec(cleanLine(line)) ?? [];
    if (state === 'open' || state === 'closed' || state === 'unknown') return { state, why: why.trim() };
  }
  return undefined;
}

/** A place outside of the datadir that has data files: redo, undo, doublewrite, aria (a folder), innodb-file (a file). */
export interface OutsidePlace {
  readonly kind: string;
  /** Absolute, every link on the way resolved. */
  readonly path: string;
  /** How many names of files, or of folders of them, lie there. */
  readonly entries: number;
  readonly bytes: number;
  /** Whether it is the datadir's own file system, by the same mount. */
  readonly withDatadir: boolean;
}

export interface Statement {
  readonly seconds: number;
  /** `app@10.0.0.7` */
  readonly who: string;
  /** How it begins. */
  readonly words: string;
}

/** undefined: this is not what the script prints. */
export function readSeedFacts(text: string): SeedFacts | undefined {
  const rows = text.split('\n').map((line) => {
    const [name = '', ...words] = cleanLine(line).split(' ');
    return { name, rest: words.join(' ').trim() };
  });
  const all = (name: string) => rows.filter((row) => row.name === name).map(({ rest }) => rest);
  const one = (name: string) => all(name).find((value) => value !== '');
  const machine = one('machine');
  const datadir = one('datadir');
  if (machine === undefined || datadir === undefined) return undefined;
  const number = (name: string) => (/^\d+$/.test(one(name) ?? '') ? Number(one(name)) : undefined);
  const pairs = (name: string) => Object.fromEntries(all(name).map((rest) => firstAndRest(rest)));
  const freeBytes = number('free_bytes');
  const dataBytes = number('data_bytes');
  const owner = one('owner');
  const program = one('program');
  const [device, above] = (one('device') ?? '').split(' ');
  const freePort = number('free_port');
  const tablespaces = number('tablespaces');
  const locked = one('locked');
  const routes = Object.entries(pairs('route'));
  const statement = readStatement(one('statement'));
  return {
    machine,
    ...present('boot', one('boot')),
    ...present('inode', one('inode')),
    ...present('device', device || undefined),
    ...present('mounted', readMounted(one('mounted_root'), one('mounted_point'))),
    datadir,
    ...(owner !== undefined && { owner }),
    ...(freeBytes !== undefined && { freeBytes }),
    ...(dataBytes !== undefined && { dataBytes }),
    isMountPoint: device !== above,
    links: all('links'),
    mounts: all('mounts'),
    half: all('half'),
    unreadable: all('unreadable'),
    fixed: {
      first: all('fixed').flatMap(readFixed),
      count: number('fixed_count') ?? 0,
      ...present('otherProject', readProject(one('other_project'))),
      ...present('unknown', one('fixed_unknown')),
    },
    strange: all('strange'),
    strangeCount: number('strange_count') ?? 0,
    unlike: all('unlike').map(readPlace),
    unseen: all('unseen'),
    hidden: all('hidden').map(readHidden),
    places: all('place').map(readPlace),
    unindexed: all('unindexed').map(readPlace),
    shutIndexes: all('shut_index').map(readPlace),
    unproved: all('unproved').map((rest) => readPlace(rest).path),
    taken: all('taken').map((rest) => readPlace(rest).path),
    outside: all('outside').flatMap(readOutside),
    ...present('nextStart', readNextStart(all)),
    ...present('unread', one('unread')),
    ...present('unheld', one('unheld')),
    ...present('binaryLogs', readBinaryLogs(one('binary_logs'))),
    ...present('logEnd', readLogEnd(one('log_end'))),
    ...present('changedSeconds', signedNumber(one('changed_seconds'))),
    ...(locked !== undefined && { locked: { job: firstAndRest(locked)[0], who: firstAndRest(locked)[1] } }),
    ...(freePort !== undefined && { freePort }),
    neighbours: all('neighbour'),
    tools: all('tools'),
    cpus: number('cpus') ?? 1,
    ...(program !== undefined && { program }),
    writers: all('writers'),
    ...(statement && { statement }),
    unanswered: all('unanswered'),
    ...(tablespaces !== undefined && { tablespaces }),
    discarded: all('discarded'),
    elsewhere: all('elsewhere'),
    foreignEngines: all('foreign_engine'),
    engines: all('engine'),
    ...present('events', readEvents(number('events'), all('event'))),
    ...present('tempTables', readTempTables(one('temp_tables'))),
    byHand: all('by_hand').flatMap(readByHand),
    plugins: all('plugin'),
    ...present('encrypted', number('encrypted')),
    keys: all('key'),
    keyDigests: pairs('key_digest'),
    ...present('keyFileDigest', one('key_file_digest')),
    routes: Object.fromEntries(routes.map(([peer, from]) => [peer, addressOf(from)])),
    refusedRoutes: Object.fromEntries(routes.filter(([, from]) => from !== '' && addressOf(from) === '')),
    variables: pairs('variable'),
  };
}

const readMounted = (root = '', point = ''): SeedFacts['mounted'] =>
  root.startsWith('/') && point.startsWith('/') ? { root, point } : undefined;

/** What a host says it would call from becomes a rule of who may call: an address and nothing else, or nothing. */
const addressOf = (text: string) => (isIP(text) === 0 || text.includes('%') ? '' : text);

function readFixed(text: string): FixedFiles['first'] {
  const [flag, path] = firstAndRest(text);
  return path.startsWith('/') ? [{ flag: fixedFlags.get(flag) ?? 'append-only', path }] : [];
}
const fixedFlags: ReadonlyMap<string, FixedFlag> = new Map([
  ['i', 'immutable'],
  ['a', 'append-only'],
  ['ia', 'immutable and append-only'],
]);

function readProject(text = ''): FixedFiles['otherProject'] {
  const [id, path] = firstAndRest(text);
  return /^\d+$/.test(id) && path.startsWith('/') ? { folderProject: Number(id), path } : undefined;
}

function readByHand(text: string): SeedFacts['byHand'] {
  const [, name, hex] = /^([a-z0-9_.]+) (?:shut|\.([0-9A-F]*))$/.exec(text) ?? [];
  if (name === undefined) return [];
  return [{ name, ...(hex !== undefined && { value: cleanLine(Buffer.from(hex, 'hex').toString('utf8')) }) }];
}

function readPlace(text: string): SeedFacts['places'][number] {
  const [kind, path] = firstAndRest(text);
  return { kind, path };
}

function readHidden(text: string): SeedFacts['hidden'][number] {
  const [by, path] = firstAndRest(text);
  return { by, path };
}

function readOutside(text: string): OutsidePlace[] {
  const [, kind, entries, bytes, mount, path] = /^([a-z-]+) (\d+) (\d+) (same|other) (\/.*)$/.exec(text) ?? [];
  if (kind === undefined || path === undefined) return [];
  return [{ kind, path, entries: Number(entries), bytes: Number(bytes), withDatadir: mount === 'same' }];
}

function readStatement(text = ''): Statement | undefined {
  const [, seconds, who, words] = /^(\d+) (\S+) (.*)$/.exec(text) ?? [];
  return seconds === undefined || who === undefined ? undefined : { seconds: Number(seconds), who, words: words ?? '' };
}

function readBinaryLogs(text = ''): SeedFacts['binaryLogs'] {
  const [, count, bytes, folder] = /^(\d+) (\d+) (.+)$/.exec(text) ?? [];
  return count === undefined || folder === undefined
    ? undefined
    : { count: Number(count), bytes: Number(bytes), folder };
}

const signedNumber = (text = '') => (/^-?\d+$/.test(text) ? Number(text) : undefined);

function readLogEnd(text = ''): LogEnd | undefined {
  const [, state, rest = ''] = /^(none|open|closed|encrypted|unread)(?: (.+))?$/.exec(text) ?? [];
  if (state === 'closed') return { state, gtid: /^[\d,-]+$/.test(rest) ? rest : '' };
  if (state === 'unread') return { state, what: rest };
  return state === 'none' || state === 'open' || state === 'encrypted' ? { state } : undefined;
}

function readTempTables(text = ''): SessionTempTables | undefined {
  const [, state, format = '?', ofSessions, why, count] =
    /^(none|open|unknown) ([A-Z]+|\?)(?::([A-Z]+|own|\?))?(?: (never|alone))?(?: (\d+|\?))?(?: (?:\d+|\?))?$/.exec(
      text,
    ) ?? [];
  if (state !== 'none' && state !== 'open' && state !== 'unknown') return undefined;
  return {
    state,
    format,
    ...(state === 'none' && (why === 'never' || why === 'alone') && { why }),
    ...present('ofSessions', ofSessions),
    ...(/^\d+$/.test(count ?? '') && { count: Number(count) }),
  };
}

function firstAndRest(text: string): [string, string] {
  const cut = text.indexOf(' ');
  return cut < 0 ? [text, ''] : [text.slice(0, cut), text.slice(cut + 1).trim()];
}
