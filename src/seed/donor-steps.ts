// The steps on the donor: its data listed, its checksums made. The snapshot's own steps are src/snapshot's.
import { posix } from 'node:path';
import type { PlannedStep } from '../job/plan.ts';
import { command, donorFolder, unitCommands } from './place.ts';
import type { SeedWish } from './wish.ts';

/** What makes a server itself, what it makes anew, and what is of a moment: not the data. */
const leftOut = [
  'auto.cnf',
  'mysqld-auto.cnf',
  '*.pid',
  '*.sock',
  '*.sock.lock',
  'lost+found',
  'ibtmp1',
  '#innodb_temp',
  'RESEED_IN_PROGRESS',
  '.reseed-*',
  'master.info',
  'multi-master.info',
  'relay-log*.info',
];

const smallestTask = 16 * 1024 ** 2;
const largestTask = 1024 ** 3;
/** After a break, what was on its way is sent again: a hundredth of the data at most. */
const taskShare = 128;
const listDeadlineMs = 10 * 60_000;

/** The program that checksums are made with: it is on every Linux, and faster than any disk. */
export const sumProgram = 'cksum';

/** `root`: the datadir in the mounted snapshot. */
export function listStep({ donor, job, bandwidthBytesPerSecond }: SeedWish, root: string): PlannedStep {
  const { name } = donor.host;
  const taskBytes = Math.min(largestTask, Math.max(smallestTask, Math.ceil((donor.facts.dataBytes ?? 0) / taskShare)));
  const folder = donorFolder(job);
  const limit = bandwidthBytesPerSecond ?? donor.host.seed.bandwidthBytesPerSecond ?? 0;
  return {
    name: 'list',
    title: `list the data of ${name}`,
    host: name,
    work: 'seed-list',
    input: {},
    commands: {
      list: command(
        name,
        'seed-list',
        [root, folder, String(taskBytes), ...leftOut, ...relayLogs(donor)],
        listDeadlineMs,
      ),
      limit: command(name, 'seed-way', ['limit', folder, String(Math.floor(limit))]),
      clear: command(name, 'seed-way', ['shut', folder]),
    },
    acquires: { what: `the job's folder ${folder} on ${name}`, release: 'clear', whenDone: 'release' },
  };
}

/** Relay logs are the donor's own; the target fetches its own from where the data stands. */
function relayLogs({ facts }: SeedWish['donor']): string[] {
  const base = facts.variables.relay_log_basename;
  const name = base === undefined || base === '' ? '*-relay-bin' : posix.basename(base);
  return [`${name}.[0-9]*`, `${name}.index`, `${name}-*.[0-9]*`, `${name}-*.index`];
}

export function sumsStep({ donor, job }: SeedWish, root: string): PlannedStep {
  const { name } = donor.host;
  const unit = unitCommands({
    host: name,
    job,
    role: 'sums',
    script: 'seed-sums',
    args: [root, donorFolder(job), sumProgram, '2', 'make'],
  });
  return {
    name: 'sums',
    title: `begin the checksums of ${name}, beside the copy`,
    host: name,
    work: 'seed-begin',
    input: {},
    commands: { start: unit.start, end: unit.end },
    acquires: { what: `the unit reseed-${job}-sums on ${name}`, release: 'end', whenDone: 'release' },
  };
}
