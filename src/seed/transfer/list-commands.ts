// The commands that list the donor's data and make its checksums.
import { lockHost } from '../../job/lock-step.ts';
import type { Commands } from '../../job/plan/plan.ts';
import type { DataSource } from '../methods/method.ts';
import { command, donorFolder, targetWord, unitCommands } from '../place.ts';
import type { SeedRequest } from '../request.ts';
import { givenBytes, keptFiles } from '../target/state-places.ts';
import { patternOf, relayLogPatterns } from './relay-log-patterns.ts';

/** What makes a server itself, what it makes anew, and what is of a moment: not the data. */
const leftOut = [
  'auto.cnf',
  'mysqld-auto.cnf',
  '*.pid',
  '*.sock',
  '*.sock.lock',
  'lost+found',
  // What an undo kept is not the server's: a donor that has one is refused, and the name here keeps it out all the same.
  '.kept-by-reseed-*',
  'ibtmp1',
  '#innodb_temp',
  'RESEED_IN_PROGRESS',
  '.reseed-*',
  'master.info',
  'multi-master.info',
  'relay-log*.info',
  '*.pem',
  '*.cnf',
  '*.my',
];

const smallestTask = 16 * 1024 ** 2;
const largestTask = 1024 ** 3;
/** After a break, what was on its way is sent again: a hundredth of the data at most. */
const taskShare = 128;
const listDeadlineMs = 10 * 60_000;

/** The program that checksums are made with: it is on every Linux, and faster than any disk. */
export const sumProgram = 'cksum';

export type Read = Pick<DataSource, 'root' | 'reader' | 'beside'>;

export function listCommands({ donor, job, bandwidthBytesPerSecond }: SeedRequest, { root, reader, beside }: Read) {
  const { name } = donor.host;
  const taskBytes = Math.min(
    largestTask,
    Math.max(smallestTask, Math.ceil((givenBytes(donor.facts) ?? 0) / taskShare)),
  );
  const folder = donorFolder(job);
  const limit = bandwidthBytesPerSecond ?? donor.host.seed.bandwidthBytesPerSecond ?? 0;
  const own = keptFiles(donor.facts).map(patternOf);
  const patterns = [...new Set([...leftOut, ...own, ...relayLogPatterns(donor)])];
  return {
    list: command(name, 'seed-list', [root, reader, folder, String(taskBytes), ...beside, ...patterns], listDeadlineMs),
    limit: command(name, 'seed-way', ['limit', folder, String(Math.floor(limit))]),
  };
}

export function sumsUnit({ donor, job }: SeedRequest, { root, reader }: Read) {
  return unitCommands({
    host: donor.host.name,
    job,
    role: 'sums',
    script: 'seed-sums',
    args: ['make', root, reader, donorFolder(job), sumProgram, '2'],
  });
}

/** What tells a donor again that lost its power: what it knows of the copy is in its memory, and the snapshot is not. */
export function recoveryCommands(request: SeedRequest, read: Read): Commands {
  const { donor, targets, job, who } = request;
  const { take } = lockHost.plan({ host: donor.host.name, datadir: donor.facts.datadir, job, who }).commands;
  const words = targets.map((_, index) => targetWord(index));
  return {
    knows: command(donor.host.name, 'seed-way', ['knows', donorFolder(job), ...words]),
    ...(take && { lock: take }),
    ...listCommands(request, read),
    'sums start': sumsUnit(request, read).start,
  };
}
