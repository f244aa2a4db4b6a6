// What a cleaning does not remove, each item with the reason and with what would remove it.

import type { Leftovers, LeftVolume, StrangePlace } from '../host/leftovers/leftovers.ts';
import { isOf } from '../host/storage/snapshots.ts';
import type { Host } from '../inventory/settings.ts';
import { isOfTables, ofTables, tablesLines } from './kept-tables.ts';

interface Choice {
  readonly host: Host;
  readonly found: Leftovers;
  /** Empty: unknown. */
  readonly datadir: string;
  /** The volume whose snapshots are the host's; absent: unknown. */
  readonly datadirVolume?: Pick<LeftVolume, 'group' | 'volume'>;
  /** This account's unfinished jobs: their numbers by key. */
  readonly open: ReadonlyMap<string, number>;
  /** What to do about such a job. */
  readonly heldBy: (host: string, id: number) => { readonly advice: string };
  /** This account's jobs that ended `cleanup-needed`: their numbers by key. `job abort` undoes what they left. */
  readonly needed: ReadonlyMap<string, number>;
  /** Whether snapshots that can be used are removed as well. */
  readonly snapshots: boolean;
}

type AtWork = Pick<Choice, 'open' | 'found'>;

/** Keys of jobs that need what they have on this host: this account's unfinished jobs, and jobs on another datadir of the host. */
export const keysAtWork = ({ open, found }: AtWork): string[] => [
  ...open.keys(),
  ...found.elsewhere.map(({ job }) => job),
];
export const isAtWork = (job: string, choice: AtWork): boolean => keysAtWork(choice).includes(job);

/**
 * A snapshot with coordinates was made on purpose, and one that is proved to restore is worth keeping. Another was left by a job that died, and one that overflowed
 * is useless. The copy that a proof left is of no use without it, and a classic one has no origin. Any other volume with the tag and without an origin may be anything by now.
 */
export function isKept(volume: LeftVolume, choice: Omit<Choice, 'host' | 'datadir' | 'needed' | 'heldBy'>): boolean {
  const { proved, restores, valid, origin, job, isCopy } = volume;
  if (job !== undefined && isAtWork(job, choice)) return true;
  if (isCopy) return job === undefined;
  if (origin === undefined) return true;
  return (proved || restores) && valid && (!choice.snapshots || isOfAnother(volume, choice));
}

/** It may be of the volume of another server of the host. */
export const isOfAnother = (volume: LeftVolume, { datadirVolume }: Pick<Choice, 'datadirVolume'>): boolean =>
  datadirVolume !== undefined && !isOf(volume, datadirVolume);

/** Whether it is what a job noted of a server, and did not put back: its abort does. */
export const isNeeded = (scrap: string, { needed }: Pick<Choice, 'needed'>): boolean =>
  needed.has(/^before\/([a-z0-9]+)-/.exec(scrap)?.[1] ?? '');

export function keptLines(choice: Choice): string[] {
  const { found, datadir } = choice;
  return [
    ...openJobs(choice),
    ...otherDatadirs(choice),
    ...found.volumes.filter((volume) => isKept(volume, choice)).map((volume) => keptVolume(volume, choice)),
    ...tablesLines(choice),
    ...found.ofSeeds.map((path) => `${path}: ${isOfTables(path, choice) ? ofTables : ofSeed(path, choice)}`),
    ...found.scraps
      .filter((name) => isNeeded(name, choice))
      .map(
        (name) =>
          `/var/lib/reseed/${name}: how a server replicated before a job that ended cleanup-needed; its abort needs it`,
      ),
    ...found.masks.map(
      (unit) =>
        `${unit} is masked until the host starts again; reseed or another program did it: systemctl unmask --runtime ${unit}`,
    ),
    ...found.strange.map((place) => `${strange[place](datadir)}, and no job is known by it: look at it by ls -lab`),
    ...found.unread,
  ];
}

/** Names are not printed: they may contain anything. */
const strange: { readonly [place in StrangePlace]: (datadir: string) => string } = {
  datadir: (datadir) =>
    `the datadir ${datadir} holds what is called like a seed's folder or mark, and root did not make it`,
  services: () => 'below /etc or /run/systemd/system is a file that is called like one of reseed',
  coordinates: () => '/var/lib/reseed/snapshots holds a file with a name that no snapshot has',
  run: () => '/run/reseed holds what no job of reseed calls so',
  salvage: () => '/var/lib/reseed/salvage holds what no job of reseed calls so',
};

/**
 * What a seed left is data, or keeps a server from starting on incomplete data. The operator removes it, or the job
 * that made it.
 */
function ofSeed(path: string, { host, open, needed }: Choice): string {
  if (path.endsWith('RESEED_IN_PROGRESS'))
    return `the datadir is not whole; a seed of ${host.name} that ends well takes it away`;
  const [, reattaching] = /^\/var\/lib\/reseed\/before\/([a-z0-9]+)-/.exec(path) ?? [];
  if (reattaching !== undefined)
    return noteText(reattaching, host.name, needed.get(reattaching) ?? open.get(reattaching));
  const [, key = '', start, conf] = /reseed-([^/]+?)(-start)?(\.conf)?$/.exec(path) ?? [];
  const id = needed.get(key) ?? open.get(key);
  const whose = id === undefined ? 'a seed' : `job ${id}${needed.has(key) ? ', which ended cleanup-needed' : ''}`;
  if (conf !== undefined) return dropInText(start !== undefined, whose, id);
  const data = `data of ${whose}: new data in new, old data in old`;
  return id === undefined
    ? `${data}; no job of this journal needs it. If no other journal has that job, its file phase tells where the old data is. ${phases}. If it is not needed here: rm -rf it`
    : `${data}; reseed job abort ${id} needs this folder to put the old data back`;
}

/** `isStart`: of its first start; else what blocks it. */
function dropInText(isStart: boolean, whose: string, id: number | undefined): string {
  const what = isStart
    ? `start options of ${whose}: read-only, and no replication at start`
    : `keeps the server from being started on data of ${whose} that is not whole`;
  if (id !== undefined) return `${what}; reseed job abort ${id} takes it away`;
  const isWhole = isStart ? ',' : ', and the data in the datadir is whole (phase, in the folder of that seed):';
  return `${what}. If no journal has that job${isWhole} rm it, and systemctl daemon-reload`;
}

/** As seed-stage.sh has them. */
const phases =
  'new, placed, undone: in the datadir; cleared: deleted; out: in parts in old; in, switched: in old alone, where it was kept; over: deleted, the new data is in the datadir';

/** Of a reattachment: it has the account that the host replicated with. */
function noteText(key: string, host: string, id: number | undefined): string {
  const what = `how ${host} replicated before it got another source`;
  return id === undefined
    ? `${what}, by job ${key}, which needs it to be undone. If no journal has that job: rm it, and what is beside it`
    : `${what}; reseed job abort ${id} needs it`;
}

/** The message when a cleaning has nothing to do. */
export function nothingGoesText(name: string, { unread }: Pick<Leftovers, 'unread'>, kept: readonly string[]): string {
  if (unread.length > 0) return `what reseed left on ${name} is not wholly known`;
  return kept.length > 0 ? `nothing on ${name} is for clean to take away` : `nothing of reseed is left on ${name}`;
}

function openJobs({ found, open, host, heldBy }: Choice): string[] {
  const keys = [...found.locks, ...found.elsewhere, ...found.units, ...found.volumes, ...found.holds].map(
    ({ job = '' }) => job,
  );
  const further = found.salvages.map(({ job }) => job);
  return [...new Set([...keys, ...found.appliers, ...found.accounts, ...further])].flatMap((key) => {
    const id = open.get(key);
    return id === undefined ? [] : [`what job ${id} has here: it is not over; ${heldBy(host.name, id).advice}`];
  });
}

/** Jobs of other accounts; this account's jobs are named by their numbers. */
function otherDatadirs({ found, open, host, datadir: own }: Choice): string[] {
  return found.elsewhere
    .filter(({ job }) => !open.has(job))
    .map(({ job, who, datadir }) => {
      const what = `what job ${job} of ${who} has here: it works on ${datadir}`;
      return own === ''
        ? `${what}, and whether that is the datadir of ${host.name} is not known; if it is, and that job will not come back: ${unlockCommand(host, datadir)}`
        : `${what}, the datadir of another server`;
    });
}

/** Takes the lock of a server whose datadir is unknown. */
export const unlockCommand = ({ name }: Host, datadir: string) => `reseed unlock ${name} --datadir=${datadir}`;

function keptVolume(left: LeftVolume, choice: Choice): string {
  const { group, volume, origin, job, isCopy } = left;
  const { host, open, found } = choice;
  const name = `${group}/${volume}`;
  if (isCopy && job !== undefined) return `the writable copy ${name}: the proof that made it is not over`;
  if (origin === undefined)
    return `${name} has reseed's tag, and is no snapshot: lvremove ${name}, if you know what it is`;
  if (job !== undefined && isAtWork(job, { open, found })) return `the snapshot ${name}: its job is not over`;
  return `the snapshot ${name} of ${origin}, which is whole: reseed snapshot remove ${host.name} ${volume}`;
}
