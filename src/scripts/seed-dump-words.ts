// The words of seed-dump.sh and seed-load.sh. seed/methods/dump/told.ts reads what the second one says.
import { type Login, loginWords, namedWords } from './named-words.ts';

/** mydumper: its rows come in parts, which are loaded several at a time (dump-parts.sh, load-parts.sh). */
export type DumpProgram = 'mysqldump' | 'mydumper';

interface Dumping extends Login {
  readonly tool: DumpProgram;
  readonly vendor: 'mysql' | 'mariadb';
  /** SQL: lock-words.ts. */
  readonly lock: string;
  readonly unlock: string;
  readonly coordinates: string;
  readonly source: string;
  /** How long a statement may have run: the lock waits for it. */
  readonly busySeconds: number;
  /** How long writes of the donor may wait under its lock; then the lock is given back, and the dump has failed. */
  readonly blockedSeconds: number;
  /** The job's on the donor. */
  readonly folder: string;
  readonly compression: 'auto' | 'none' | 'zstd';
  readonly patienceSeconds: number;
  /** Its short name. */
  readonly target: string;
  /** `shop.orders`: these alone; empty: everything. */
  readonly tables?: readonly string[];
}

export const dumpWords = (of: Dumping): string[] => {
  const { tool, vendor, busySeconds: busy, lock, unlock, coordinates, source, folder, compression, target } = of;
  const { patienceSeconds: patience, blockedSeconds: blocked } = of;
  const words = { busy, blocked, lock, unlock, coordinates, source, folder, compression, patience, target };
  return namedWords({ tool, vendor, ...loginWords(of), ...words, table: of.tables });
};

interface Loading {
  readonly tool: DumpProgram;
  readonly vendor: 'mysql' | 'mariadb';
  /** The path of the target's own; absent: not known. */
  readonly program?: string | undefined;
  readonly datadir: string;
  /** A key. */
  readonly job: string;
  /** user:group */
  readonly owner: string;
  /** Whether the donor has a set of GTIDs (MySQL). */
  readonly gtid: boolean;
  /** `--innodb-page-size=16384`: for each server that is started. */
  readonly options: readonly string[];
  /** As of the dump. */
  readonly tables?: readonly string[];
}

export const loadWords = ({ tool, vendor, program, gtid, options, tables, ...rest }: Loading): string[] => {
  const { datadir, job, owner } = rest;
  const words = { tool, vendor, program: program ?? '', datadir, job, owner, gtid: gtid ? 'ON' : 'OFF' };
  return namedWords({ ...words, option: options, table: tables });
};
