// Where a seed's things lie on the hosts, and how its commands are written. Pure.
import { posix } from 'node:path';
import type { Host, PortRange } from '../inventory/settings.ts';
import type { PlannedCommand } from '../job/plan/plan.ts';
import type { ScriptName } from '../scripts/script.ts';
import { errorLogOf } from '../service/server-commands.ts';
import type { SeedFacts } from './facts.ts';
import type { Side } from './request.ts';

const deadlineMs = 60_000;

/** What the donor knows of the copy: in memory, gone with the job or with the host's power. */
export const donorFolder = (job: string) => `/run/reseed/${job}/seed`;
/** What a target has for the job: keys, and what it knows of the data that comes. Two targets may be one machine. */
export const targetFolder = (job: string, word: string) => `/run/reseed/${job}/at-${word}`;
export const knowledgeFolder = (job: string, word: string) => `${targetFolder(job, word)}/have`;
/** DATADIR JOB OWNER, as the scripts take them that write and read it: owned by the server's account, which alone does so. */
export const dataWords = ({ datadir, owner = 'mysql:mysql' }: Pick<SeedFacts, 'datadir' | 'owner'>, job: string) => [
  datadir,
  job,
  owner,
];
/** Where the data comes to lie on a target. */
export const newData = (datadir: string, job: string) => posix.join(datadir, `.reseed-${job}`, 'new');

/**
 * The account that a target replicates with, until it does so again: beside the data that has it as well, in a folder of root's. In
 * memory it would be gone with the host's power, and by then perhaps nowhere else. `mark`: of a further channel.
 */
export const keptAccount = (datadir: string, job: string, mark = '') =>
  posix.join(datadir, `.reseed-${job}`, mark === '' ? 'account' : `account-${mark}`);

/**
 * The error log of a target, an absolute path; empty: the journal has it, or it is unknown. One whose server starts over and over answers
 * no query, and what its program makes of its options was asked with the facts.
 */
export const targetLog = ({ host, report, facts }: Side): string =>
  errorLogOf({ host, report }) || (facts.places.find(({ kind }) => kind === 'error-log')?.path ?? '');

const defaultPorts: PortRange = { first: 21_000, last: 21_099 };
/** Where the job's sshd may listen on a target. */
export const portsOf = ({ seed }: Pick<Host, 'seed'>): PortRange => seed.ports ?? defaultPorts;

/** The short name of a target in the donor's files: a host's own name may hold anything. */
export const targetWord = (index: number) => `t${index + 1}`;

export function command(
  host: string,
  script: ScriptName,
  args: readonly string[],
  limitMs: number = deadlineMs,
): PlannedCommand {
  return { host, script, args, deadlineMs: limitMs };
}

/** The unit on a target that compares what came. It goes with its listener, whatever ended the comparison. */
export const compareRole = (word: string) => `compare-${word}`;

export interface UnitProgram {
  readonly host: string;
  readonly job: string;
  readonly role: string;
  readonly script: ScriptName;
  readonly args: readonly string[];
}

/** What unit.sh keeps of a unit. */
export const unitFolder = ({ job, role }: Pick<UnitProgram, 'job' | 'role'>) => `/run/reseed/${job}/${role}`;

type UnitName = Pick<UnitProgram, 'host' | 'job' | 'role'>;

export const pollCommand = ({ host, job, role }: UnitName) => command(host, 'unit', ['poll', job, role, '0']);

/** The commands of a unit: `start`, `poll`, and `end`, which leaves nothing of it. The job's key marks the program's end. */
export function unitCommands({ host, job, role, script, args }: UnitProgram) {
  return {
    start: { ...command(host, 'unit', ['start', job, role, 'auto', 'yes', job]), program: { script, args } },
    poll: pollCommand({ host, job, role }),
    end: command(host, 'unit', ['end', job, role]),
  };
}
