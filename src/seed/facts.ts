// The facts of seed-facts.sh about a host that will give or get a datadir. Pure.
import { isIP } from 'node:net';
import { present } from '../host/known.ts';
import { cleanLine } from '../text/clean.ts';
import { shownStatement } from '../text/statement.ts';
import { type NextStart, readNextStart } from './preflight/data/next-start.ts';
import { type PluginFacts, readPluginFacts } from './preflight/data/table-plugins.ts';
import { type EnabledEvents, readEvents } from './preflight/replication/server-events.ts';

export interface SeedFacts extends PluginFacts {
  /** machine-id(5): two hosts with the same one are one machine, or copies of an image. */
  readonly machine: string;
  /** The id of this boot of the machine, which is unique; absent: unknown. */
  readonly boot?: string;
  /** stat(2)'s numbers of the datadir's folder and of its file system; absent where there is no datadir. */
  readonly inode?: string;
  readonly device?: string;
  /** With all symbolic links resolved. */
  readonly datadir: string;
  /**
   * The datadir's mount: its mount point, and the folder of the file system that is mounted there (`/` except for bind
   * mounts). Absent: unknown.
   */
  readonly mounted?: { readonly root: string; readonly point: string };
  /** `mysql:mysql`; absent where there is no datadir. */
  readonly owner?: string;
  /** Free space for an ordinary user on the datadir's file system. */
  readonly freeBytes?: number;
  /** The size of all files of the datadir; absent where counting took too long. */
  readonly dataBytes?: number;
  /** Whether the datadir is itself a mount point. */
  readonly isMountPoint: boolean;
  /** Links below the datadir, of file systems and of InnoDB: a snapshot does not contain what they lead to. */
  readonly links: readonly string[];
  /** Mounts below the datadir: a snapshot does not contain them either. */
  readonly mounts: readonly string[];
  /** What another seed has left in the datadir, with its job. */
  readonly half: readonly string[];
  /** The same of a job that ended once it had given up the old data: a seed may replace what lies there. */
  readonly gone: readonly string[];
  /**
   * Some of the server's own files in the datadir that would go over to new data, and that its account can't read.
   * Below the datadir.
   */
  readonly unreadable: readonly string[];
  readonly fixed: FixedFiles;
  /** Some of the files in the datadir that no server makes, and their number. */
  readonly strange: readonly string[];
  readonly strangeCount: number;
  /** Links and folders outside of the datadir that have the name and place of a file of the server: one for each place. */
  readonly unlike: readonly { readonly kind: string; readonly path: string }[];
  /**
   * Those of `data_bytes`, `changed_seconds`, `links`, `strange` and `channels` (`taken` and `unproved`) that were not
   * fully checked: an empty value then says nothing.
   */
  readonly unseen: readonly string[];
  /**
   * Folders of its data where the server sees other files than this host; `by`: `running`, or a setting of its unit
   * (`BindPaths`).
   */
  readonly hidden: readonly { readonly by: string; readonly path: string }[];
  /** Every place where the server keeps state or reads what it needs; state-places.ts judges them. Absolute paths. */
  readonly places: readonly { readonly kind: string; readonly path: string }[];
  /** Those of `places` that are indexes of logs, and not known to be the ones that the server uses. */
  readonly unindexed: readonly { readonly kind: string; readonly path: string }[];
  /** Files that may be the index of logs of that kind, and that the server's account can't read. */
  readonly shutIndexes: readonly { readonly kind: string; readonly path: string }[];
  /** Indexes outside of the datadir with names of channels' indexes. It is unknown whether they list relay logs of this server. */
  readonly unproved: readonly string[];
  /**
   * Logs (without the number) and indexes where a channel would have its relay logs, and that are not proved to be this
   * server's.
   */
  readonly taken: readonly string[];
  /** Its data files outside of the datadir, by the places that its options name. */
  readonly outside: readonly OutsidePlace[];
  /** By kind (redo, undo, doublewrite, aria): the size of those files that lie in the datadir. */
  readonly insideBytes: Readonly<Record<string, number>>;
  /** The files of its system tablespace that are there. */
  readonly innodbFiles: readonly { readonly path: string; readonly bytes: number }[];
  /** For a running server: its places after a restart; absent: it is down, or its program was not asked. */
  readonly nextStart?: NextStart;
  /** Why it is unknown what the server, which is down, would read. */
  readonly unread?: string;
  /** The unit's start command, if our options after it would not reach the server. Absent: they would, or there is no unit. */
  readonly unheld?: string;
  /** Why a server there is not asked: root would run a client that another account can change. */
  readonly unasked?: string;
  /** Its binary logs, in any folder. Absent: it has none. */
  readonly binaryLogs?: { readonly count: number; readonly bytes: number; readonly folder: string };
  /** The end of a stopped server's binary log. Absent: the server runs, writes no log, or was not asked. */
  readonly logEnd?: LogEnd;
  /**
   * Seconds since a file of the datadir last changed, negative if the host's clock was set back since; absent if there
   * is no file.
   */
  readonly changedSeconds?: number;
  /** When that was, in seconds by the host's clock; 0: there is no file. Absent: unknown. */
  readonly changedAt?: number;
  /** The job that holds the lock of this datadir, or of the whole host, now. */
  readonly locked?: { readonly job: string; readonly who: string };
  /** Datadirs of other servers that run on this host. */
  readonly neighbours: readonly string[];
  /** The first of the seed ports that no process listens on; absent: all are in use. */
  readonly freePort?: number;
  /** For a target of an ssh channel; absent: it was not tried. */
  readonly listener?: Listener;
  readonly tools: readonly string[];
  /** By name, what each backup program says of its version. */
  readonly backupPrograms: Readonly<Record<string, string>>;
  /** Backup programs that run there now. */
  readonly backupRuns: readonly string[];
  /** The login's privileges on the whole server; empty: unknown, or none. */
  readonly privileges: readonly string[];
  /** A statement that changes a table and has run longest. */
  readonly ddl?: Statement;
  readonly cpus: number;
  /** What the server's program says of its version, and its path. A host may have several. */
  readonly program?: string;
  readonly programPath?: string;
  /** Where its links lead, and the mount point that this is on. */
  readonly programFile?: string;
  readonly programMount?: string;
  /** `app@10.0.0.7`: sessions that belong neither to the system nor to replicas. */
  readonly writers: readonly string[];
  /** `clone@10.0.0.7`: who clones the server now. */
  readonly cloning?: string;
  /** The statement that has run longest. */
  readonly statement?: Statement;
  /**
   * Those of `writers`, `statement`, `foreign_engine`, `engine`, `by_hand`, `persisted` and `plugins` that the server did not answer: an empty
   * value then says nothing.
   */
  readonly unanswered: readonly string[];
  /** How many files of tables the server knows; absent if it did not say. */
  readonly tablespaces?: number;
  /** MySQL's tables whose tablespace was discarded, twenty at most: `shop/orders`. */
  readonly discarded: readonly string[];
  /** Tablespaces outside of the datadir. */
  readonly elsewhere: readonly string[];
  /** `MyISAM 12 shop.a, shop.b`: tables of users in other engines than InnoDB, one entry for each engine. */
  readonly foreignEngines: readonly string[];
  /** The first views and tables that its server can not open: what they are made of is gone. */
  readonly unopened: readonly string[];
  /** The first view that a dump would make before what it is over, with that: `shop.a has a CHECK OPTION, and is over shop.b`. */
  readonly lateViews: readonly string[];
  /** The first database and table that mydumper has no names of files for. */
  readonly unfiled: readonly string[];
  /** The first databases whose name begins with `-`. */
  readonly dashed: readonly string[];
  /** Whether its database `sys` is one of its users: an older MariaDB has none of its own. */
  readonly usersSys: boolean;
  /** `mysql.heartbeat`, `the procedure sys.tidy`: the first that users have in databases of the server. */
  readonly besideOwn: readonly string[];
  /** Tables of users in general tablespaces of a MySQL, 200 at most: `shop.orders`. */
  readonly inTablespace: readonly string[];
  /** The first tablespaces of tables that are encrypted, as far as the server knows: `shop.orders`. */
  readonly encryptedRows: readonly string[];
  /** Privileges of a MySQL with names like BACKUP_ADMIN: those that accounts have, and those that its server knows. */
  readonly granted: readonly string[];
  readonly grantable: readonly string[];
  /** Functions of libraries (mysql.func): `NAME LIBRARY`. */
  readonly functions: readonly string[];
  /** Accounts of a running server that log in by mysql_native_password: their number, and the first three; absent: unknown. */
  readonly nativeLogins?: { readonly count: number; readonly first: string };
  /** Prepared XA transactions of a running server; absent: unknown. */
  readonly prepared?: number;
  /** Whether the running server has that plugin active; absent: unknown. */
  readonly takesNative?: boolean;
  /** Storage engines that the running server has. */
  readonly engines: readonly string[];
  /** Events that a running server may run (STATUS is ENABLED): their number, and the first ones; absent if it did not say. */
  readonly events?: EnabledEvents;
  /** Open temporary tables of a running server's sessions, from temp-tables.sh; absent if it did not say. */
  readonly tempTables?: SessionTempTables;
  /**
   * Active plugins and components that keep keys, or make a server a member of a cluster: `component_keyring_file`,
   * `group_replication`.
   */
  readonly plugins: readonly string[];
  /**
   * Variables of the running server that were set by SET GLOBAL since its start. A restart forgets them; `value`
   * absent: it may be a secret.
   */
  readonly byHand: readonly { readonly name: string; readonly value?: string }[];
  /** SET PERSIST's variables on a running MySQL. `byStart`: only a start can set it. `value` absent: it may be a secret. */
  readonly persisted: readonly Persisted[];
  /** How many encrypted tablespaces a running server knows; absent if it did not say. */
  readonly encrypted?: number;
  /** Names of InnoDB's master keys in the keyring of a running MySQL. */
  readonly keys: readonly string[];
  /** MariaDB's file_key_management: a digest of each key by its number, salted for this seed only; empty: they were not read. */
  readonly keyDigests: Readonly<Record<string, string>>;
  /** The same for its whole key file, if that is encrypted itself. */
  readonly keyFileDigest?: string;
  /** The IP address that the host would connect from, by the peer's address; '': unknown. */
  readonly routes: Readonly<Record<string, string>>;
  /** An answer that is no address, by the peer's address: it is not used. */
  readonly refusedRoutes: Readonly<Record<string, string>>;
  /** From the running server, or from its option files. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * Temporary tables that later statements in its own binary log may use. `open`: `count` tables; `unknown`: `count`
 * sessions may have some.
 */
export interface SessionTempTables {
  readonly state: 'none' | 'open' | 'unknown';
  /** binlog_format; `?`: unknown. */
  readonly format: string;
  /**
   * Only with `none`. `never`: none was made since the start; `alone`: no session exists now. Absent: no session has a
   * format that logs them.
   */
  readonly why?: 'never' | 'alone';
  /**
   * The format of a session, if it may differ; `?`: unknown; `own`: unknown, and only a SET of the session itself can
   * have changed it. Absent: that of the options, and no session has one that logs them.
   */
  readonly ofSessions?: string;
  readonly count?: number;
}

/**
 * From log-end.sh. `open`: the server had no clean shutdown. `gtid`, only for MariaDB, is empty if unknown. `what`
 * could not be read.
 */
export type LogEnd =
  | { readonly state: 'none' | 'open' | 'encrypted' }
  | { readonly state: 'closed'; readonly gtid: string }
  | { readonly state: 'unread'; readonly what: string };

export type FixedFlag = 'immutable' | 'append-only' | 'immutable and append-only';

/**
 * Files that the kernel lets no account rename, in the datadir and one folder down, and in the server's places beside
 * it. Absolute paths.
 */
export interface FixedFiles {
  /** The first ones, and the number of all. */
  readonly first: readonly { readonly flag: FixedFlag; readonly path: string }[];
  readonly count: number;
  /** One that has another project (a quota of XFS or ext4) than its folder, if the folder passes its own project on. */
  readonly otherProject?: { readonly folderProject: number; readonly path: string };
  /** Why this was not checked, or not completely. */
  readonly unknown?: string;
}

/**
 * Whether a sshd with a job's settings accepts the job's login, tested over a pipe (seed-trial.sh); `why` is empty if
 * it is open.
 */
export interface Listener {
  readonly state: 'open' | 'closed' | 'unknown';
  readonly why: string;
}

/** Reads the output of seed-trial.sh; undefined: it is not understood. */
export function readListener(text: string): Listener | undefined {
  for (const line of text.split('\n')) {
    const [, state, why = ''] = /^listener (open|closed|unknown)(?: (.*))?$/.exec(cleanLine(line)) ?? [];
    if (state === 'open' || state === 'closed' || state === 'unknown') return { state, why: why.trim() };
  }
  return undefined;
}

/** A place outside of the datadir with data files: redo, undo, doublewrite, aria (a folder), innodb-file (a file). */
export interface OutsidePlace {
  readonly kind: string;
  /** Absolute, with all symbolic links resolved. */
  readonly path: string;
  /** How many files, or folders of them, are there. */
  readonly entries: number;
  readonly bytes: number;
  /** Whether it is on the datadir's file system, by the same mount. */
  readonly withDatadir: boolean;
  /** Free space for an ordinary user on its file system, and the number of that; absent: unknown. */
  readonly freeBytes?: number;
  readonly device?: string;
}

export interface Statement {
  readonly seconds: number;
  /** `app@10.0.0.7` */
  readonly who: string;
  /** The beginning of the statement. */
  readonly words: string;
}

/** undefined: this is not the output of the script. */
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
    gone: all('gone'),
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
    outside: all('outside').flatMap((rest) => readOutside(rest, all('outside_room'))),
    insideBytes: Object.fromEntries(all('inside').flatMap(readInside)),
    innodbFiles: all('innodb_file').flatMap(readInnodbFile),
    ...present('nextStart', readNextStart(all)),
    ...present('unread', one('unread')),
    ...present('unheld', one('unheld')),
    ...present('unasked', one('unasked')),
    ...present('binaryLogs', readBinaryLogs(one('binary_logs'))),
    ...present('logEnd', readLogEnd(one('log_end'))),
    ...present('changedSeconds', signedNumber(one('changed_seconds'))),
    ...present('changedAt', signedNumber(one('changed_at'))),
    ...(locked !== undefined && { locked: { job: firstAndRest(locked)[0], who: firstAndRest(locked)[1] } }),
    ...(freePort !== undefined && { freePort }),
    neighbours: all('neighbour'),
    tools: all('tools'),
    backupPrograms: pairs('backup_program'),
    backupRuns: all('backup_runs'),
    privileges: all('privilege'),
    ...present('ddl', readStatement(one('ddl'))),
    cpus: number('cpus') ?? 1,
    ...(program !== undefined && { program }),
    ...present('programPath', one('program_path')),
    ...present('programFile', one('program_file')),
    ...present('programMount', one('program_mount')),
    writers: all('writers'),
    ...present('cloning', one('cloning')),
    ...(statement && { statement }),
    unanswered: all('unanswered'),
    ...(tablespaces !== undefined && { tablespaces }),
    discarded: all('discarded'),
    elsewhere: all('elsewhere'),
    foreignEngines: all('foreign_engine'),
    unopened: all('unopened'),
    lateViews: all('late_view'),
    unfiled: all('unfiled'),
    dashed: all('dashed'),
    usersSys: one('users_sys') === '1',
    besideOwn: all('beside_own'),
    inTablespace: all('in_tablespace').map(tableOfFile),
    encryptedRows: [...new Set(all('encrypted_rows').map(tableOfFile))],
    granted: all('granted'),
    grantable: all('grantable'),
    functions: all('own_function'),
    ...readLogins(one('native_logins'), one('takes_native')),
    ...present('prepared', number('prepared')),
    engines: all('engine'),
    ...present('events', readEvents(number('events'), all('event'))),
    ...present('tempTables', readTempTables(one('temp_tables'))),
    byHand: all('by_hand').flatMap(readByHand),
    persisted: all('persisted').flatMap(readPersisted),
    plugins: all('plugin'),
    ...readPluginFacts(all),
    ...present('encrypted', number('encrypted')),
    keys: all('key'),
    keyDigests: pairs('key_digest'),
    ...present('keyFileDigest', one('key_file_digest')),
    routes: Object.fromEntries(routes.map(([peer, from]) => [peer, addressOf(from)])),
    refusedRoutes: Object.fromEntries(routes.filter(([, from]) => from !== '' && addressOf(from) === '')),
    variables: pairs('variable'),
  };
}

/** `shop/orders@002d1` is shop.orders-1: a name as its file has it, where it is ASCII. */
const tableOfFile = (name: string): string =>
  name.replace('/', '.').replaceAll(/@00([2-7][0-9a-f])/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));

const yesOrNo: ReadonlyMap<string, boolean> = new Map([
  ['0', false],
  ['1', true],
]);
function readLogins(native = '', taken = ''): Pick<SeedFacts, 'nativeLogins' | 'takesNative'> {
  const [count, first] = firstAndRest(native);
  return {
    ...present('nativeLogins', /^\d+$/.test(count) ? { count: Number(count), first } : undefined),
    ...present('takesNative', yesOrNo.get(taken)),
  };
}

const readMounted = (root = '', point = ''): SeedFacts['mounted'] =>
  root.startsWith('/') && point.startsWith('/') ? { root, point } : undefined;

/** The address that a host reports as its own becomes a rule of which address may connect: only an IP address is accepted. */
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

export interface Persisted {
  readonly name: string;
  readonly value?: string;
  readonly byStart: boolean;
}

function readPersisted(text: string): Persisted[] {
  const [kind, rest] = firstAndRest(text);
  return readByHand(rest).map((one) => ({ ...one, byStart: kind === 'start' }));
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

function readOutside(text: string, rooms: readonly string[]): OutsidePlace[] {
  const [, kind, entries, bytes, mount, path] = /^([a-z-]+) (\d+) (\d+) (same|other) (\/.*)$/.exec(text) ?? [];
  if (kind === undefined || path === undefined) return [];
  const room = rooms
    .map((one) => /^(\d+) (\d+) ([a-z-]+ \/.*)$/.exec(one))
    .find((one) => one?.[3] === `${kind} ${path}`);
  const [, free, device] = room ?? [];
  return [
    {
      kind,
      path,
      entries: Number(entries),
      bytes: Number(bytes),
      withDatadir: mount === 'same',
      ...(free !== undefined && { freeBytes: Number(free) }),
      ...present('device', device),
    },
  ];
}

function readInside(text: string): [string, number][] {
  const [, kind, bytes] = /^([a-z]+) (\d+)$/.exec(text) ?? [];
  return kind === undefined ? [] : [[kind, Number(bytes)]];
}

function readInnodbFile(text: string): { path: string; bytes: number }[] {
  const [, bytes, path] = /^(\d+) (\/.*)$/.exec(text) ?? [];
  return path === undefined ? [] : [{ path, bytes: Number(bytes) }];
}

function readStatement(text = ''): Statement | undefined {
  const [, seconds, who, words] = /^(\d+) (\S+) (.*)$/.exec(text) ?? [];
  return seconds === undefined || who === undefined
    ? undefined
    : { seconds: Number(seconds), who, words: shownStatement(words ?? '') };
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
