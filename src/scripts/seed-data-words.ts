// The words of the scripts that move data and compare it: seed-list.sh, seed-send.sh, seed-receive.sh, seed-sums.sh,
// seed-backup.sh and seed-prepare.sh.
import { type Login, loginWords, namedWords, wordOf } from './named-words.ts';

/** The donor's data, as it is read. */
interface Given {
  /** What is copied. */
  readonly root: string;
  /** The account, user:group, that it is read as; empty: it can't change, and root reads it. */
  readonly reader: string;
  /** The job's on the donor. */
  readonly folder: string;
}

/** The data of a target, as it comes to lie there. */
export interface Taken {
  readonly datadir: string;
  /** A key. */
  readonly job: string;
  /** user:group: it alone writes and reads the data. */
  readonly owner: string;
  /** What the target knows of the data: root's. */
  readonly folder: string;
}

interface Summing {
  /** A program. */
  readonly sum: string;
  readonly workers: number;
}

interface Listing extends Given {
  readonly taskBytes: number;
  /** `redo=/srv/redo`: what is read outside of `root`. */
  readonly beside: readonly string[];
  /** find -path below `root`: left out with all below it. */
  readonly patterns: readonly string[];
}

export const listWords = ({ root, reader, folder, taskBytes, beside, patterns }: Listing): string[] =>
  namedWords({ root, reader, folder, task_bytes: taskBytes, beside, pattern: patterns });

interface Sending extends Given {
  readonly streams: number;
  readonly compression: 'auto' | 'none' | 'zstd';
  readonly patienceSeconds: number;
  /** Only pages that the one target does not have in its old data. */
  readonly onlyUnequal?: true | undefined;
  /** Their short names. */
  readonly targets: readonly string[];
}

export const sendWords = (of: Sending): string[] => {
  const { root, reader, folder, streams, compression, patienceSeconds: patience, targets } = of;
  const pages = of.onlyUnequal ? 'yes' : 'no';
  return namedWords({ root, reader, folder, streams, compression, patience, pages, target: targets });
};

/** Whether only what differs from the old data is sent, by these words. */
export const sendsUnequal = (args: readonly string[]): boolean => wordOf(args, 'pages') === 'yes';

/** What a target does with the stream of the donor: the program that extracts it; a dump is kept, and loaded later. */
export type Unpacker = Archiver | 'dump';
export type Archiver = 'mbstream' | 'xbstream';

/**
 * `unpack`: absent for data that comes in tasks; `pages`: in tasks, after a comparison with the old data; `taken-pages`: the same, where its
 * files become those of the new.
 */
export const receiveWords = ({
  datadir,
  job,
  owner,
  folder,
  unpack,
}: Taken & { readonly unpack?: Unpacker | 'pages' | 'taken-pages' | undefined }): string[] =>
  namedWords({ datadir, job, owner, folder, unpack });

export type BackupTool = 'mariadb-backup' | 'xtrabackup';

interface BackingUp extends Login {
  readonly tool: BackupTool;
  readonly format: Archiver;
  readonly datadir: string;
  /** The account, user:group, that lists the donor's files; the program runs as it. */
  readonly reader: string;
  readonly isReplica: boolean;
  /** The target gets later statements, which may use temporary tables of the donor's applier. */
  readonly asksApplier: boolean;
  /** For a lock. */
  readonly waitSeconds: number;
  /** Its lock waits for no statement. */
  readonly locksByStages: boolean;
  readonly folder: string;
  readonly compression: 'auto' | 'none' | 'zstd';
  readonly patienceSeconds: number;
  /** Its short name. */
  readonly target: string;
}

export const backupWords = (of: BackingUp): string[] => {
  const { tool, format, datadir, reader, isReplica, waitSeconds: wait, folder, compression, target } = of;
  const { patienceSeconds: patience } = of;
  const replica = isReplica ? 'yes' : 'no';
  const applier = of.asksApplier ? 'yes' : 'no';
  const stages = of.locksByStages ? 'yes' : 'no';
  const login = loginWords(of);
  return namedWords({
    tool,
    format,
    ...login,
    datadir,
    reader,
    replica,
    applier,
    wait,
    stages,
    folder,
    compression,
    patience,
    target,
  });
};

export const prepareWords = ({ tool, datadir, job, owner, folder }: Taken & Pick<BackingUp, 'tool'>): string[] =>
  namedWords({ tool, datadir, job, owner, folder });

export const makeSumsWords = ({ root, reader, folder, sum, workers }: Given & Summing): string[] => [
  'make',
  ...namedWords({ root, reader, folder, sum, workers }),
];

export const compareSumsWords = ({ datadir, job, owner, folder, sum, workers }: Taken & Summing): string[] => [
  'compare',
  ...namedWords({ datadir, job, owner, folder, sum, workers }),
];
