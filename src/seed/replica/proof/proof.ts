// Whether a server that was started on copied data has what the snapshot had. This is judged by the server's own
// answers, before anything is changed on it. A redo log, binary logs or tables of its old data would show here. Pure.

import type { Vendor } from '../../../host/facts.ts';
import { isCorruption } from '../../../host/log/corruption.ts';
import { parseLogLine } from '../../../host/log/error-log.ts';
import { type Answer, type Row, readAnswers } from '../../../host/server/batch.ts';
import { atLeast } from '../../../snapshot/lock-words.ts';
import { shownError } from '../../../text/statement.ts';
import {
  countOf,
  type GtidPosition,
  type GtidSet,
  gtidText,
  latestPosition,
  readGtidPosition,
  readGtidSet,
  sameGtid,
  without,
} from '../gtid-set.ts';
import { type ReplicationState, readReplicationState } from '../source/replication-state.ts';

export interface Started {
  readonly replicationState: ReplicationState;
  /** InnoDB's present log sequence number; absent: it did not say. */
  readonly lsn?: bigint;
  /** `name value` lines, for seed-proof.sh. */
  readonly variables: string;
  /** The lines that it wrote to its error log since its start, from the server itself; empty: it does not tell. */
  readonly logged: readonly string[];
}

/** Reads the answers to proofWords (words.ts); undefined: the server did not answer. */
export function readStarted(text: string): Started | undefined {
  const replicationState = readReplicationState(text);
  if (!replicationState) return undefined;
  const answers = readAnswers(text);
  const rows = answers.get('variables')?.rows ?? [];
  const lsn = lsnOf(answers.get('innodb'));
  return {
    replicationState,
    ...(lsn !== undefined && { lsn }),
    variables: rows.map((row) => `${row.get('Variable_name')} ${row.get('Value') ?? ''}\n`).join(''),
    logged: (answers.get('errorlog')?.rows ?? []).map(loggedLine),
  };
}

function loggedLine(row: Row): string {
  const [time, thread, label, code, from, text] = logColumns.map((name) => row.get(name) ?? '');
  return `${time?.replace(' ', 'T')}Z ${thread} [${label}] [${code}] [${from}] ${text}`;
}
const logColumns = ['LOGGED', 'THREAD_ID', 'PRIO', 'ERROR_CODE', 'SUBSYSTEM', 'DATA'];

function lsnOf(answer: Answer | undefined): bigint | undefined {
  const [, lsn] = /Log sequence number\s+(\d+)/.exec(answer?.rows[0]?.get('Status') ?? '') ?? [];
  return lsn === undefined ? undefined : BigInt(lsn);
}

export interface Expected {
  readonly vendor: Vendor;
  /** The target's version. */
  readonly version: string;
  /** `the snapshot`: what the data is, in words. */
  readonly dataName: string;
  /** The donor's executed GTIDs under the lock; absent: the coordinates have no GTIDs. */
  readonly gtid?: string;
  /** MariaDB: the donor's gtid_slave_pos under the lock; absent: unknown. */
  readonly slaveGtid?: string;
  /** The log sequence number up to which the donor had written its redo log before the snapshot was taken; absent: unknown. */
  readonly lsn?: bigint;
}

export interface Proof {
  /** Clean sentences; empty: it has everything. */
  readonly troubles: readonly string[];
  /** What was compared, and what could not be. */
  readonly notes: readonly string[];
}

export function proofOf(started: Started, expected: Expected, logLines: readonly string[]): Proof {
  const parts = [gtidProof(started, expected), lsnProof(started, expected), startProof(logLines, started.logged)];
  return { troubles: parts.flatMap(({ troubles }) => troubles), notes: parts.flatMap(({ notes }) => notes) };
}

/**
 * Uses each log that shows the start, since neither has to be complete: of the file the first part is read, and the
 * server's own list has the last. A log without a start is not the one that this server writes, so missing lines in it
 * prove nothing.
 */
function startProof(...logs: readonly (readonly string[])[]): Proof {
  const telling = logs.filter((lines) => {
    const words = lines.some((line) => cutWords.test(line)) ? beginWords : startWords;
    return lines.some((line) => words.test(line));
  });
  const judged = (telling.length > 0 ? telling : logs).map(logProof);
  return judged.find(({ troubles }) => troubles.length > 0) ?? (telling.length > 0 ? logProof([]) : silentLog);
}

const proven = (note: string): Proof => ({ troubles: [], notes: [note] });
const refuted = (trouble: string): Proof => ({ troubles: [trouble], notes: [] });

function gtidProof({ replicationState }: Started, expected: Expected): Proof {
  const { vendor, version, dataName, gtid } = expected;
  if (gtid === undefined) return proven('GTIDs are not compared: the coordinates have none');
  if (vendor === 'mariadb') return positionProof(replicationState, gtid, expected);
  const [own, donors] = [readGtidSet(replicationState.server.gtidExecuted), readGtidSet(gtid)];
  if (!own || !donors) return refuted('its gtid_executed is not understood');
  const [lacks, adds] = [without(donors, own), without(own, donors)];
  // Before 8.0.17, transactions since the last rotation of the binary log are only in that log, and not every target
  // reads it.
  const tells = atLeast(version, [8, 0, 17]);
  const wrong = [
    ...(lacks.size > 0 && tells ? [`lacks ${setText(lacks)}`] : []),
    ...(adds.size > 0 ? [`has ${setText(adds)} more`] : []),
  ];
  if (wrong.length > 0) return refuted(`its gtid_executed is not that of ${dataName}: it ${wrong.join(' and ')}`);
  return proven(
    lacks.size > 0
      ? 'GTIDs: not all of them are in the tables of this version'
      : `gtid_executed is that of ${dataName}`,
  );
}

const longestSet = 120;
function setText(set: GtidSet): string {
  const text = gtidText(set);
  const shown = text.length > longestSet ? `${text.slice(0, longestSet)}…` : text;
  const count = countOf(set);
  return `${count} transaction${count === 1 ? '' : 's'} (${shown})`;
}

/** The donor's binary log, if this server reads it, tells the donor's own writes; its tables tell what it replicated. */
function positionProof(
  replicationState: ReplicationState,
  gtid: string,
  { slaveGtid: slaves, dataName }: Expected,
): Proof {
  const { ownGtid, binlogGtid, slaveGtid } = replicationState;
  const [own, donors] = [readGtidPosition(ownGtid), readGtidPosition(gtid)];
  // What the data says of itself has both; `gtid` may be the donor's log alone (coordinates.ts).
  const all = readGtidPosition(slaves === undefined ? gtid : latestPosition(gtid, slaves));
  const logged = readGtidPosition(binlogGtid);
  if (!own || !donors || !all || !logged) return refuted('its GTID position is not understood');
  const isBeyond = (some: GtidPosition, other: GtidPosition) =>
    [...some].some(([domain, at]) => at.sequence > (other.get(domain)?.sequence ?? -1n));
  if (isBeyond(own, all) || isBeyond(logged, donors))
    return refuted(`its GTID position ${ownGtid} is beyond that of ${dataName}, ${gtid}`);
  if (slaves !== undefined && !sameGtid(slaveGtid, slaves))
    return refuted(`its gtid_slave_pos is ${slaveGtid || '(none)'}, and that of ${dataName} was ${slaves || '(none)'}`);
  if (binlogGtid === '')
    return proven(`GTIDs: its tables say nothing beyond ${dataName}; the donor's binary log is not read here`);
  const behind = [...donors].filter(([domain, at]) => at.sequence > (own.get(domain)?.sequence ?? -1n));
  if (behind.length > 0)
    return refuted(`its GTID position ${ownGtid || '(none)'} is behind that of ${dataName}, ${gtid}`);
  return proven(`its GTID position is that of ${dataName}`);
}

function lsnProof({ lsn }: Started, { lsn: donors, dataName }: Expected): Proof {
  if (lsn === undefined || donors === undefined)
    return proven('log sequence numbers are not compared: one is not known');
  if (lsn >= donors) return proven(`InnoDB goes on at ${lsn}, the redo log of ${dataName} reached ${donors}`);
  return refuted(
    `InnoDB goes on at log sequence number ${lsn}, and the redo log of ${dataName} reached ${donors}: it is not the one that was read`,
  );
}

/** How a start begins and ends in an error log. In every language the version is there. */
const startWords =
  /\bstarting as process\b|source revision .* as process|ready for connections|\bVersion: '[^']*' +socket: /i;

/** For a log that was rotated more often than could be followed (start-words.sh): only one with the beginning is complete. */
const cutWords = /^reseed: this log was rotated/;
const beginWords = /\bstarting as process\b|source revision .* as process/i;

const silentLog = refuted(
  'neither its error log nor the server itself tells what it said at its start: whether files of its data are missing or damaged is unknown. Let log_error name a file, or stderr under systemd',
);

/** Pages that are newer than the redo log. */
const worrying = /log sequence number.*\bin the future\b|is in the future/i;

// MySQL: "Tablespace 5, name 'gx', file '...' is missing!" is a warning. MariaDB: "Tablespace 5 was not found at ...",
// "Ignoring tablespace for ... because it could not be opened". Both: "Cannot open datafile"; "Operating system error
// number 2" (no such file), 13 (no permission).
const lostFile =
  /\btablespace\b.*\b(?:is missing|was not found|could not be opened)|could not find a valid tablespace file|cannot open datafile|operating system error number (?:2|13) in a file operation/i;

/**
 * A data file that a server did not find at its start. MariaDB only notes one without changes in the redo log, which
 * may have been dropped.
 */
function isLostFile(line: string): boolean {
  const { severity, text } = parseLogLine(line);
  return (severity === 'error' || severity === 'warning') && lostFile.test(text);
}

/** Lines of a server's error log about damaged data, or missing data files. */
export function logProof(lines: readonly string[]): Proof {
  const found = lines.filter((line) => worrying.test(line) || isLostFile(line) || isCorruption(parseLogLine(line)));
  const [first] = found;
  if (first === undefined) return { troubles: [], notes: [] };
  const more = found.length > 1 ? ` (and ${found.length - 1} lines like it)` : '';
  return refuted(`its error log says: ${shownError(first)}${more}`);
}
