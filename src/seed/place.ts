// The paths of a seed's files on the hosts, and the form of its commands. Pure.
import { posix } from 'node:path';
import type { Host, PortRange } from '../inventory/settings.ts';
import type { PlannedCommand } from '../job/plan/plan.ts';
import type { ScriptName } from '../scripts/script.ts';
import type { UnitName } from '../scripts/unit-words.ts';
import { errorLogOf } from '../service/server-commands.ts';
import type { SeedFacts } from './facts.ts';
import type { Side } from './request.ts';

const deadlineMs = 60_000;

/** The donor's state of the copy: in memory, removed with the job or by a power cut. */
export const donorFolder = (job: string) => `/run/reseed/${job}/seed`;
/** The target's files for the job: keys, and which data has landed. Two targets may be on one machine. */
export const targetFolder = (job: string, word: string) => `/run/reseed/${job}/at-${word}`;
export const knowledgeFolder = (job: string, word: string) => `${targetFolder(job, word)}/have`;
/** A target's new data, for the scripts that read and write it. The server's account owns it, and only that account works on it. */
export const dataOf = (
  { datadir, owner = 'mysql:mysql' }: Pick<SeedFacts, 'datadir' | 'owner'>,
  job: string,
  word: string,
) => ({
  datadir,
  job,
  owner,
  folder: knowledgeFolder(job, word),
});
/** The folder of the new data on a target. */
export const newData = (datadir: string, job: string) => posix.join(datadir, `.reseed-${job}`, 'new');

/**
 * The account that a target replicates with, kept until it does so again, beside the old data and in a folder of
 * root's. A power cut would remove it from memory, and by then there may be no other copy. `mark`: for a further
 * channel.
 */
export const keptAccount = (datadir: string, job: string, mark = '') =>
  posix.join(datadir, `.reseed-${job}`, mark === '' ? 'account' : `account-${mark}`);

/**
 * The error log of a target, an absolute path; empty: the journal has it, or it is unknown. A crash-looping server
 * answers no query, but the facts have the log that its program reads from its options.
 */
export const targetLog = ({ host, report, facts }: Side): string =>
  errorLogOf({ host, report }) || (facts.places.find(({ kind }) => kind === 'error-log')?.path ?? '');

const defaultPorts: PortRange = { first: 21_000, last: 21_099 };
/** The ports where the job's sshd may listen on a target. */
export const portsOf = ({ seed }: Pick<Host, 'seed'>): PortRange => seed.ports ?? defaultPorts;

/** The short name of a target in the donor's files: a host's own name may contain anything. */
export const targetWord = (index: number) => `t${index + 1}`;

export function command(
  host: string,
  script: ScriptName,
  args: readonly string[],
  limitMs: number = deadlineMs,
): PlannedCommand {
  return { host, script, args, deadlineMs: limitMs };
}

/** The unit on a target that compares the received data. It is removed with the listener, however the comparison ended. */
export const compareRole = (word: string) => `compare-${word}`;

/** The folder that unit.sh keeps for a unit. */
export const unitFolder = ({ job, role }: UnitName) => `/run/reseed/${job}/${role}`;
