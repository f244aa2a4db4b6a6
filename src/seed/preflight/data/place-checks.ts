// Whether a server's places, in its datadir and elsewhere, can be copied from a donor, and set aside and put back on a
// target.

import { posix } from 'node:path';
import { shownWord } from '../../../remote/call/quote.ts';
import { shortSize } from '../../../text/amounts.ts';
import type { SeedRequest, Side } from '../../request.ts';
import { titleOf } from '../../target/place-titles.ts';
import {
  besidePlaces,
  donorPlaces,
  isCopied,
  liesIn,
  namedFiles,
  noIndex,
  otherVolume,
  type StatePlace,
  statePlaces,
} from '../../target/state-places.ts';
import { type Finding, judging } from '../finding.ts';
import { channelChecks } from '../replication/donor-channels.ts';

/** Which of a donor's data can't be read, and why. */
export function donorPlaceRefusals(request: SeedRequest): Finding[] {
  const { facts, host } = request.donor;
  const { refuse } = judging(request.donor);
  const refused = refusedOf(donorPlaces(facts, request.method)).map(({ kind, path, why }) =>
    refuse(
      `${titleOf(kind)} of ${host.name}: ${path}: ${why}`,
      why === otherVolume
        ? `stop the server and copy its files (reseed stop ${host.name}, then --stopped); or move it to the datadir's volume, or name another donor`
        : 'move it into the datadir, or name another donor',
    ),
  );
  return [...refused, ...unlikeServers(request.donor, isCopied)];
}

/** Only the server's own files are copied, moved or deleted. Other files with a server's names are in the way. */
function unlikeServers(side: Side, concerns: (kind: string) => boolean): Finding[] {
  const { facts, host } = side;
  return facts.unlike
    .filter(({ kind }) => concerns(kind))
    .map(({ kind, path }) =>
      judging(side).refuse(
        `${titleOf(kind)} of ${host.name}: ${path} is a link or a folder, and no file of the server, whose name it has`,
        'move it elsewhere, or put in its place the file that it leads to',
      ),
    );
}

/** What is read outside of a donor's datadir: `the redo log in /srv/redo`; empty: nothing. */
export const besideText = ({ facts }: Side): string =>
  besidePlaces(facts)
    .map(({ kind, path }) => `${titleOf(kind)} in ${folderKinds.has(kind) ? path : posix.dirname(path)}`)
    .join(', ');

export function targetPlaceChecks(request: SeedRequest, target: Side): Finding[] {
  const { pass, warn, unknown, refuse } = judging(target);
  const { facts, host } = target;
  const places = statePlaces(facts);
  const ofChannels = channelChecks(request.donor, target);
  const refused = [
    ...refusedOf(places).map(({ kind, path, why }) => {
      const shut = why === noIndex && facts.shutIndexes.find((one) => one.kind === kind);
      if (shut) return shutIndex(target, kind, shut.path);
      return refuse(
        `${titleOf(kind)} of ${host.name}: ${path}: ${why}`,
        why === noIndex ? indexAdvice(kind, path) : `move it: ${whereTo(kind)}`,
      );
    }),
    ...facts.mounts.map((mount) =>
      refuse(
        `${mount} is another file system inside the datadir: it can't be set aside with the old data`,
        'unmount it',
      ),
    ),
    ...unlikeServers(target, () => true),
    ...unlikeDonor(request.donor, target),
    ...unlikeLogs(request.donor, target),
    ...ofChannels.filter(({ level }) => level === 'refuse'),
    ...facts.unreadable.map((name) =>
      refuse(
        `${name} in ${facts.datadir} is the server's own and goes over to the new data, and ${accountOf(facts)} can't read it`,
        `${madeReadable(facts, posix.join(facts.datadir, name))}; or move it out of the datadir and say so in its options`,
      ),
    ),
  ];
  const isAside = (path: string) => places.some((place) => place.fate === 'aside' && liesIn(place.path, path));
  const unsure = ofChannels.filter(({ level }) => level !== 'refuse');
  const outside = [...facts.elsewhere, ...facts.links]
    .filter((path) => !isAside(path))
    .map((path) =>
      warn(`${path} is old data outside the datadir: it stays as it is`, 'delete it by hand when the seed is done'),
    );
  const left = facts.unseen.includes('links')
    ? [
        ...outside,
        ...unsure,
        unknown('whether links of the old data lead out of the datadir: unknown, not looked through to its end'),
      ]
    : [...outside, ...unsure];
  if (refused.length > 0) return [...refused, ...left];
  const aside = [...new Set(places.flatMap((place) => (place.fate === 'aside' ? [asideText(place)] : [])))];
  const own = namedFiles(facts);
  const stays = own.length === 0 ? [] : [pass(`${own.join(', ')} in ${facts.datadir}: goes over to the new data`)];
  if (aside.length === 0) return [...left, ...stays, pass(`all that its server keeps lies in ${facts.datadir}`)];
  return [...left, ...stays, pass(`set aside with the old data: ${aside.join(', ')}`)];
}

const refusedOf = (places: readonly StatePlace[]) => places.filter(({ fate }) => fate === 'refused');
const whereTo = (kind: string) =>
  kind.startsWith('innodb-') ? 'into the datadir' : 'out of the datadir, and say so in its options';

/** Only its first line tells which file it is. */
const shutIndex = (target: Side, kind: string, path: string) =>
  judging(target).refuse(
    `${titleOf(kind)} of ${target.host.name}: ${path}: ${accountOf(target.facts)} can't read it, so whether it lists these logs is unknown`,
    madeReadable(target.facts, path),
  );

/** The account may replace the name by a link to a file of root's: neither command follows a link with root's rights. */
const madeReadable = (facts: Side['facts'], path: string) =>
  `as root: chown -hR ${shownWord(facts.owner ?? 'mysql:mysql')} ${shownWord(path)}; runuser -u ${shownWord(accountOf(facts) ?? 'mysql')} -- chmod -R u+rwX ${shownWord(path)}`;

const indexAdvice = (kind: string, path: string) => {
  const option = kind === 'binlog-index' ? 'log_bin_index' : 'relay_log_index';
  return `start the server with ${option}=${posix.format({ ...posix.parse(path), base: '', ext: '.index' })}, or move what an earlier server left there`;
};

const folderKinds = new Set(['redo', 'undo', 'doublewrite', 'aria']);
/** An index is set aside with its logs. */
const asideText = ({ kind, path }: StatePlace) =>
  `${titleOf(kind.replace('-index', ''))} in ${folderKinds.has(kind) ? path : posix.dirname(path)}`;

/**
 * The data has to be where the target's server looks for it. A server that finds no redo log makes a new one, and the
 * old one's changes are lost.
 */
const readKinds = ['innodb-home', 'innodb-file', 'redo', 'undo', 'doublewrite', 'aria'];

function unlikeDonor(donor: Side, target: Side): Finding[] {
  const { refuse } = judging(target);
  return readKinds.flatMap((kind) => {
    const given = atTheTop(below(donor.facts, kind), kind);
    const taken = below(target.facts, kind);
    if (given.length === 0 || taken.length === 0) return [];
    // A place that is set aside elsewhere is filled from the top of the new data.
    const expected = taken.every(isElsewhere) ? given.map(() => '') : taken;
    if (JSON.stringify(given) === JSON.stringify(expected)) return [];
    return [
      refuse(
        `${titleOf(kind)} in the datadir: ${taken.join(', ') || '.'} here, ${given.map((path) => path || '.').join(', ')} on ${donor.host.name}`,
        'the option files of both have to say the same',
      ),
    ];
  });
}

const accountOf = ({ owner = 'mysql:mysql' }: Side['facts']) => owner.split(':')[0];

/** A server makes no folder for its logs. The donor's logs would stay in theirs, where the target's server does not look. */
function unlikeLogs(donor: Side, target: Side): Finding[] {
  const { unknown, refuse } = judging(target);
  return ['binlog', 'relaylog'].flatMap((kind) => {
    const [given, taken] = [donor, target].map(({ facts }) => logFolder(facts, kind));
    if (given?.words === taken?.words || (!given?.isOwn && !taken?.isOwn)) return [];
    const untold = [donor, target].find(({ facts }) => facts.places.length === 0);
    if (untold) {
      const { name } = untold.host;
      const asked = `whether ${titleOf(kind)} lie as on ${donor.host.name}`;
      return [unknown(`${asked}: unknown, ${name} did not say where it keeps them`)];
    }
    return [
      refuse(
        `${titleOf(kind)}: ${taken?.words ?? 'none'} here, ${given?.words ?? 'none'} on ${donor.host.name}`,
        'a folder of its own in the datadir has to be the same on both; or move the logs out of the datadir',
      ),
    ];
  });
}

interface LogFolder {
  readonly words: string;
  /** It is a folder of its own in the datadir. */
  readonly isOwn: boolean;
}

/** undefined: the server writes none, or its places are unknown. */
function logFolder({ datadir, places }: Side['facts'], kind: string): LogFolder | undefined {
  const log = places.find((place) => place.kind === kind);
  if (!log) return undefined;
  const folder = posix.dirname(log.path);
  if (folder === datadir) return { words: 'at the top of the datadir', isOwn: false };
  return liesIn(datadir, folder)
    ? { words: `in the folder ${posix.relative(datadir, folder)} of the datadir`, isOwn: true }
    : { words: 'in a place of their own', isOwn: false };
}

/** What a donor keeps outside of its datadir goes to the top of the new data. */
const atTheTop = (paths: readonly string[], kind: string) =>
  paths.map((path) => (!isElsewhere(path) ? path : kind === 'innodb-file' ? posix.basename(path) : '')).toSorted();
const isElsewhere = (path: string) => path.startsWith('/');

/** Paths below the datadir: `` for its top; absolute for places elsewhere. */
function below({ datadir, places }: Side['facts'], kind: string): string[] {
  const found = places.filter((place) => place.kind === kind);
  return found.map(({ path }) => (liesIn(datadir, path) ? posix.relative(datadir, path) : path)).toSorted();
}

/** `312M in /srv/mysql/data and 41 binary logs (1.2G) in /var/log/mysql-bin on db3 are deleted`; empty: there is nothing to lose. */
export function lossOf({ facts, host }: Side): string {
  const { dataBytes, datadir, binaryLogs } = facts;
  const size = dataBytes === undefined ? 'all data' : shortSize(dataBytes);
  const data = dataBytes === 0 ? '' : `${size} in ${datadir}`;
  if (!binaryLogs || binaryLogs.count === 0) return data && `${data} on ${host.name} is deleted`;
  const logs = `${binaryLogs.count} binary ${binaryLogs.count === 1 ? 'log' : 'logs'} (${shortSize(binaryLogs.bytes)})`;
  if (liesIn(datadir, binaryLogs.folder)) return data && `${data}, with ${logs}, on ${host.name} is deleted`;
  const outside = `${logs} in ${binaryLogs.folder}`;
  return `${data ? `${data} and ${outside}` : outside} on ${host.name} are deleted`;
}
