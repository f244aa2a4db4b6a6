// Every place where a server keeps state or reads what it needs, from seed-facts.sh, and what a seed does with it.
// Pure.
import { posix } from 'node:path';
import type { SeedFacts } from '../facts.ts';
import type { SeedMethod } from '../methods/method.ts';

/** `pid-file`, `tls-file`, ...: see state-places.sh, which names them all. */
export type PlaceKind = string;

/**
 * - `datadir`: is in the datadir, and is swapped with it;
 * - `beside`: a donor's data outside of the datadir that is read there: the snapshot has it too, or its server is down;
 * - `aside`: is elsewhere: it is set aside with the old data, and put back with it;
 * - `kept`: belongs to the server, not to the data: it stays, or, in the datadir, goes over to the new data;
 * - `remade`: the server makes it again;
 * - `refused`: no seed while it is there.
 */
export type Fate = 'datadir' | 'beside' | 'aside' | 'kept' | 'remade' | 'refused';

export interface StatePlace {
  readonly kind: PlaceKind;
  /** Absolute, with all symbolic links resolved; for logs without the number. */
  readonly path: string;
  readonly fate: Fate;
  /** Why it is refused; empty otherwise. */
  readonly why: string;
}

/** Kinds that a seed's target sets aside if they are outside of the datadir. */
const asideKinds = new Set([
  'redo',
  'undo',
  'doublewrite',
  'aria',
  'binlog',
  'binlog-index',
  'relaylog',
  'relaylog-index',
  'relay-info',
  'master-info',
  'ddl-recovery',
]);
/** Kinds that a donor's data consists of, besides the files of its tables. */
const dataKinds = new Set(['innodb-home', 'innodb-file', 'redo', 'undo', 'doublewrite', 'aria', 'innodb-directory']);
/** The server's own kinds: not copied from a donor, and not lost by a target. */
const ownKinds = new Set([
  'keyring',
  'keyring-settings',
  'tls-file',
  'option-file',
  'unit-file',
  'init-file',
  'plugin-dir',
]);

/** For a target: a place elsewhere has to be set aside, or to stay. */
export function statePlaces(facts: SeedFacts): StatePlace[] {
  return judged(facts, (place) => fateAtTarget(facts, place));
}

/** For a donor. If a snapshot of the datadir's volume is read, all of the data has to be on that volume. */
export function donorPlaces(facts: SeedFacts, { readsSnapshot }: Pick<SeedMethod, 'readsSnapshot'>): StatePlace[] {
  return judged(facts, (place) => fateAtDonor(facts, place, readsSnapshot));
}

type Place = SeedFacts['places'][number];
const judged = ({ places }: SeedFacts, fateOf: (place: Place) => [Fate, string?]): StatePlace[] =>
  places.map((place) => {
    const [fate, why = ''] = fateOf(place);
    return { ...place, fate, why };
  });

/** A donor's kinds that are read outside of the datadir; for the others a target has no place. */
const besideKinds = new Set(['redo', 'undo', 'doublewrite', 'aria', 'innodb-file']);

/** Whether a donor's places of this kind are copied from outside of its datadir. */
export const isCopied = (kind: PlaceKind) => besideKinds.has(kind);

/** Places that are never empty once a server has run. It may make no doublewrite files, and MariaDB no undo tablespaces. */
const neverEmpty: Readonly<Record<string, string>> = {
  redo: 'there is no redo log',
  aria: 'there is no Aria log',
  'innodb-file': 'there is no such file',
};

function fateAtDonor(facts: SeedFacts, { kind, path }: Place, readsSnapshot: boolean): [Fate, string?] {
  if (ownKinds.has(kind)) return ['kept'];
  if (!dataKinds.has(kind) && !asideKinds.has(kind)) return ['remade'];
  if (liesIn(facts.datadir, path)) return ['datadir'];
  if (!dataKinds.has(kind)) return ['kept'];
  // This folder is judged by its files.
  if (kind === 'innodb-home') return ['beside'];
  if (!besideKinds.has(kind)) return ['refused', 'what lies there, outside the datadir, is not copied'];
  const found = facts.outside.find((one) => one.kind === kind && one.path === path);
  if (!found) return ['refused', 'which files lie there, outside the datadir, is not known'];
  const lacking = neverEmpty[kind];
  if (lacking !== undefined && found.entries === 0) return ['refused', lacking];
  if (!readsSnapshot || found.withDatadir) return ['beside'];
  return ['refused', otherVolume];
}

export const otherVolume = 'it lies on another volume than the datadir, and one snapshot can not hold both';

/**
 * For seed-list.sh and seed-still.sh: `redo=/srv/redo`, data that a donor keeps outside of its datadir. Leaves out
 * places without files, such as the doublewrite files of a server that makes none.
 */
export const besideWords = (facts: SeedFacts): string[] =>
  besidePlaces(facts).map(({ kind, path }) => `${kind}=${path}`);
export const besidePlaces = ({ outside }: SeedFacts) => outside.filter(({ entries }) => entries > 0);

/** The size of everything that a donor gives; undefined: it could not be counted. */
export function givenBytes(facts: SeedFacts): number | undefined {
  const { dataBytes } = facts;
  return dataBytes === undefined ? undefined : besidePlaces(facts).reduce((sum, { bytes }) => sum + bytes, dataBytes);
}

function fateAtTarget(facts: SeedFacts, place: Place): [Fate, string?] {
  const { datadir } = facts;
  const inside = liesIn(datadir, place.path);
  if (ownKinds.has(place.kind)) return ['kept'];
  if (!inside && isUnindexed(facts, place)) return ['refused', noIndex];
  if (asideKinds.has(place.kind)) return [inside ? 'datadir' : 'aside'];
  if (dataKinds.has(place.kind)) return inside ? ['datadir'] : ['refused', elsewhere];
  return inside && needsFolder(datadir, place) ? ['refused', noFolder] : ['remade'];
}

const elsewhere = 'it lies outside the datadir';
export const noIndex = 'logs are there, and which file is their index is not known';
const isUnindexed = ({ unindexed }: SeedFacts, { kind, path }: Place) =>
  unindexed.some((one) => one.kind === kind && one.path === path);
const noFolder = 'its folder lies in the datadir, and new data would not have it';

/** Folders that the server does not make itself: it would not start on data without them. */
function needsFolder(datadir: string, { kind, path }: Place): boolean {
  if (kind === 'tmpdir' || kind === 'secure-file-priv') return path !== datadir;
  const name = posix.relative(datadir, path);
  return name.includes('/') && !name.startsWith('#innodb_temp');
}

export function liesIn(folder: string, path: string): boolean {
  return `${path}/`.startsWith(`${folder}/`);
}

/** For seed-stage.sh: `redo=/srv/redo`, what a target keeps outside of its datadir and sets aside with it. */
export const asideWords = (facts: SeedFacts): string[] =>
  statePlaces(facts)
    .filter(({ fate }) => fate === 'aside')
    .map(({ kind, path }) => `${kind}=${path}`);

/** For seed-stage.sh: `own-binlog=binlog`, what a target's server keeps in its datadir under any name. */
export function ownWords({ datadir, places }: SeedFacts): string[] {
  const inside = places.filter(({ path }) => liesIn(datadir, path) && path !== datadir);
  return [...new Set(inside.map(({ kind, path }) => `own-${kind}=${posix.relative(datadir, path)}`))];
}

/**
 * For seed-stage.sh: `without=binlog`, binary logs that come with a donor's datadir and that the target would never
 * read, and `without-index=names`, their index if it has another name: a target may use that name for its relay logs,
 * or their index.
 */
export function foreignLogs(donor: SeedFacts, target: SeedFacts): string[] {
  const own = topLogs(target);
  return topLogs(donor)
    .filter(({ log, index }) => !own.some((one) => one.log === log && one.index === index))
    .flatMap(({ log, index }) => [
      `without=${log}`,
      ...(index.includes('/') || index === `${log}.index` ? [] : [`without-index=${index}`]),
    ]);
}

/** Logs at the top of a datadir: by name, without the number; for an index elsewhere, its path. */
function topLogs({ places, datadir }: SeedFacts): { readonly log: string; readonly index: string }[] {
  const atTop = (path: string) => (posix.dirname(path) === datadir ? posix.basename(path) : path);
  const index = places.find(({ kind }) => kind === 'binlog-index')?.path;
  return places
    .filter(({ kind, path }) => kind === 'binlog' && posix.dirname(path) === datadir)
    .map(({ path }) => ({ log: posix.basename(path), index: atTop(index ?? `${path}.index`) }));
}

/** Files that a MySQL makes at the top of its datadir. They identify it to its clients, and are no data. */
const madeFiles = [
  'ca.pem',
  'ca-key.pem',
  'server-cert.pem',
  'server-key.pem',
  'client-cert.pem',
  'client-key.pem',
  'private_key.pem',
  'public_key.pem',
];

/**
 * Files and folders in a datadir that belong to the server and not to its data: the donor's are not copied, and the
 * target's go over to its new data. Those that MySQL makes itself may be absent; the names are not patterns.
 */
export const keptFiles = (facts: SeedFacts): string[] => [...new Set([...madeFiles, ...namedFiles(facts)])].toSorted();

/** Those that its unit and its options name. */
export function namedFiles({ datadir, places }: SeedFacts): string[] {
  const named = places
    .filter(({ kind, path }) => ownKinds.has(kind) && liesIn(datadir, path) && path !== datadir)
    .map(({ path }) => posix.relative(datadir, path));
  return [...new Set(named)].filter((name) => !madeFiles.includes(name)).toSorted();
}
