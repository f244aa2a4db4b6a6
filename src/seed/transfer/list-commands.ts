// The commands that list the donor's data and make its checksums.
import { posix } from 'node:path';
import { lockHost } from '../../job/lock-step.ts';
import type { Commands } from '../../job/plan/plan.ts';
import { unitCommands } from '../../job/unit/unit-commands.ts';
import { listWords, makeSumsWords } from '../../scripts/seed-data-words.ts';
import { wayWords } from '../../scripts/seed-way-words.ts';
import type { DataSource } from '../methods/folder-copy.ts';
import { command, donorFolder, targetWord } from '../place.ts';
import type { SeedRequest, Side } from '../request.ts';
import { givenBytes, keptFiles, liesIn } from '../target/state-places.ts';
import { patternOf, relayLogPatterns } from './relay-log-patterns.ts';

/** Files that are not data: a server's identity, files that it makes again, and temporary ones. */
const leftOut = [
  'auto.cnf',
  'mysqld-auto.cnf',
  '*.pid',
  '*.sock',
  '*.sock.lock',
  'lost+found',
  // Files that an undo kept are not the server's. A donor with such files is refused; the name here leaves them out in
  // any case.
  '.kept-by-reseed-*',
  'ibtmp1',
  '#innodb_temp',
  'RESEED_IN_PROGRESS',
  '.reseed-*',
  'master.info',
  'multi-master.info',
  // Of a MariaDB's named connections, with their passwords.
  'master-*.info',
  'relay-log*.info',
  // What its packages noted of upgrades.
  'RPM_UPGRADE_*',
  '*.pem',
  '*.cnf',
  '*.my',
];

const smallestTask = 16 * 1024 ** 2;
const largestTask = 1024 ** 3;
/** Ranges begin with a page of InnoDB. */
const wholePages = 1024 ** 2;
/** After a break, tasks that were on their way are sent again: a hundredth of the data at most. */
const taskShare = 128;
const listDeadlineMs = 10 * 60_000;

/** The program for checksums: it is on every Linux, and faster than any disk. */
export const sumProgram = 'cksum';

export type Read = Pick<DataSource, 'root' | 'reader' | 'beside'> & {
  /** Further files that are not brought: find -path below `root`. */
  readonly leftOut?: readonly string[];
};

export function listCommands({ donor, job, bandwidthBytesPerSecond }: SeedRequest, read: Read) {
  const { root, reader, beside } = read;
  const { name } = donor.host;
  const share = Math.ceil((givenBytes(donor.facts) ?? 0) / taskShare / wholePages) * wholePages;
  const taskBytes = Math.min(largestTask, Math.max(smallestTask, share));
  const folder = donorFolder(job);
  const limit = bandwidthBytesPerSecond ?? donor.host.seed.bandwidthBytesPerSecond ?? 0;
  const own = keptFiles(donor.facts).map(patternOf);
  const patterns = [
    ...new Set([...leftOut, ...ofReplication(donor), ...own, ...relayLogPatterns(donor), ...(read.leftOut ?? [])]),
  ];
  return {
    list: command(name, 'seed-list', listWords({ root, reader, folder, taskBytes, beside, patterns }), listDeadlineMs),
    limit: command(name, 'seed-way', wayWords('limit', folder, { bytes: Math.floor(limit) })),
  };
}

/** What a server notes of its connections under other names (master_info_file, relay_log_info_file), and of each named one beside it. */
function ofReplication({ facts: { datadir, places } }: Pick<Side, 'facts'>): string[] {
  return places
    .filter(({ kind, path }) => /^(master|relay)-info$/.test(kind) && liesIn(datadir, path) && path !== datadir)
    .flatMap(({ path }) => {
      const { dir, name, ext } = posix.parse(posix.relative(datadir, path));
      return ['', '-*'].map((end) => `${patternOf(posix.join(dir, name))}${end}${patternOf(ext)}`);
    });
}

export function sumsUnit({ donor, job }: SeedRequest, { root, reader }: Read) {
  return unitCommands({
    host: donor.host.name,
    job,
    role: 'sums',
    background: true,
    script: 'seed-sums',
    args: makeSumsWords({ root, reader, folder: donorFolder(job), sum: sumProgram, workers: 2 }),
  });
}

/** The commands that restore the copy's state on a donor after a power cut: that state was in its memory, the data was not. */
export function recoveryCommands(
  request: SeedRequest,
  read: Read,
  { isSummed }: { readonly isSummed: boolean },
): Commands {
  const { donor, targets, job, who } = request;
  const { take } = lockHost.plan({ host: donor.host.name, datadir: donor.facts.datadir, job, who }).commands;
  const words = targets.map((_, index) => targetWord(index));
  return {
    knows: command(donor.host.name, 'seed-way', wayWords('knows', donorFolder(job), { target: words })),
    ...(take && { lock: take }),
    ...listCommands(request, read),
    ...(isSummed && { 'sums start': sumsUnit(request, read).start }),
  };
}
