// A server's state as a source and as a replica (words.ts asks). Pure.

import type { ReplicationChannel, ServerFacts } from '../../../host/facts.ts';
import { present } from '../../../host/known.ts';
import { type Answer, readAnswers } from '../../../host/server/batch.ts';
import { readReplication } from '../../../host/server/replication.ts';
import { readServer } from '../../../host/server/server.ts';
import { positionText, readGtidPosition } from '../gtid-set.ts';

export interface ReplicationState {
  readonly server: ServerFacts;
  /** The default channel; absent: it is no replica. */
  readonly channel?: ReplicationChannel;
  /** Its other channels. */
  readonly further: readonly FurtherChannel[];
  /** The GTIDs of its own data: a replica on that data has to begin with them. */
  readonly ownGtid: string;
  /** MariaDB: gtid_binlog_pos. Empty: its binary log has none, or there is none; always empty for MySQL. */
  readonly binlogGtid: string;
  /**
   * MariaDB: gtid_binlog_state, the last transaction of each domain and server_id in its log. Empty: none; always empty
   * for MySQL.
   */
  readonly binlogState: string;
  /** MariaDB: gtid_slave_pos. Empty: it has replicated nothing; always empty for MySQL. */
  readonly slaveGtid: string;
  /** The position in its source's log up to which it has applied; absent: it is no replica. */
  readonly applied?: { readonly file: string; readonly position: number };
  /** Its intended delay; 0: none. */
  readonly delaySeconds: number;
  /** It has read everything that its source has written. */
  readonly readAll: boolean;
  /** It writes replicated transactions to its own log, so its own replicas get them. */
  readonly logsReplicated: boolean;
  /** `ON`, `OFF` or `DISABLED`; absent: not asked. */
  readonly eventScheduler?: string;
  /** Where its own binary log is; absent: not asked, or it writes none. */
  readonly logged?: { readonly file: string; readonly position: number };
  /** `binlog_ignore_db audit`: what it leaves out of its own log. Absent: not asked, or the server does not tell. */
  readonly leftOut?: readonly string[];
  /** `replica_skip_errors 1062`: errors that its applier passes over. Absent: not asked. */
  readonly passedOver?: readonly string[];
  /** The names of its own logs, oldest first; absent: not asked. */
  readonly logs?: readonly string[];
}

export interface FurtherChannel {
  readonly channel: ReplicationChannel;
  /** As for the default channel. */
  readonly delaySeconds: number;
}

/** undefined: the server did not answer. */
export function readReplicationState(text: string): ReplicationState | undefined {
  const answers = readAnswers(text);
  const server = readServer(answers);
  if (!server.ok) return undefined;
  const replication = readReplication(answers);
  const channels = replication.ok ? replication.value.channels : [];
  const channel = channels.find(({ name }) => name === '');
  const rows = answers.get('channels');
  const logs = answers.get('logs')?.rows.flatMap((row) => row.get('Log_name') ?? []);
  return {
    server: server.value,
    ...(channel && { channel }),
    further: channels
      .filter(({ name }) => name !== '')
      .map((one) => ({ channel: one, delaySeconds: delayOf(rows, one.name) })),
    ownGtid: ownGtid(answers, server.value),
    binlogGtid: variable(answers, 'gtid_binlog_pos') ?? '',
    binlogState: variable(answers, 'gtid_binlog_state') ?? '',
    slaveGtid: variable(answers, 'gtid_slave_pos') ?? '',
    ...appliedOf(rows),
    delaySeconds: delayOf(rows, ''),
    readAll: /^Waiting for (source|master) to send event/.test(ioState(rows)),
    logsReplicated: isOn(answers, 'log_replica_updates') || isOn(answers, 'log_slave_updates'),
    ...present('eventScheduler', variable(answers, 'event_scheduler')),
    ...loggedOf(answers.get('logstatus')),
    ...leftOutOf(answers.get('logstatus')),
    ...passedOverOf(answers.get('passing')),
    ...(logs && { logs }),
  };
}

function loggedOf(answer: Answer | undefined): Pick<ReplicationState, 'logged'> {
  const [row] = answer?.rows ?? [];
  const [file, position] = [row?.get('File') ?? '', Number(row?.get('Position'))];
  return file === '' || Number.isNaN(position) ? {} : { logged: { file, position } };
}

/** A server without a binary log has no row, and leaves nothing out. */
function leftOutOf(answer: Answer | undefined): Pick<ReplicationState, 'leftOut'> {
  if (!answer || answer.error !== undefined) return {};
  const [row] = answer.rows;
  const names = ['Binlog_Do_DB', 'Binlog_Ignore_DB'];
  return { leftOut: names.flatMap((name) => (row?.get(name) ? [`${name.toLowerCase()} ${row.get(name)}`] : [])) };
}

function passedOverOf(answer: Answer | undefined): Pick<ReplicationState, 'passedOver'> {
  if (!answer) return {};
  const set = answer.rows.map((row) => [row.get('Variable_name') ?? '', row.get('Value') ?? ''] as const);
  // If an option has two names, both are listed.
  const named = new Map(set.map(([name, value]) => [name.replace(/^slave/, 'replica'), value]));
  const isOff = (value: string) => /^(|OFF|0|NULL|STRICT|\(No default value\))$/i.test(value);
  return { passedOver: [...named].filter(([, value]) => !isOff(value)).map((words) => words.join(' ')) };
}

const ofChannel = (answer: Answer | undefined, name: string) =>
  answer?.rows.find((one) => (one.get('Channel_Name') ?? one.get('Connection_name') ?? '') === name);
const ofDefault = (answer: Answer | undefined) => ofChannel(answer, '');
const delayOf = (answer: Answer | undefined, name: string) => Number(ofChannel(answer, name)?.get('SQL_Delay') ?? 0);

function appliedOf(answer: Answer | undefined): Pick<ReplicationState, 'applied'> {
  const row = ofDefault(answer);
  const file = row?.get('Relay_Source_Log_File') ?? row?.get('Relay_Master_Log_File') ?? '';
  const position = Number(row?.get('Exec_Source_Log_Pos') ?? row?.get('Exec_Master_Log_Pos'));
  return file === '' || Number.isNaN(position) ? {} : { applied: { file, position } };
}

function ioState(answer: Answer | undefined): string {
  const row = ofDefault(answer);
  return row?.get('Replica_IO_State') ?? row?.get('Slave_IO_State') ?? '';
}

/**
 * MariaDB's gtid_current_pos leaves out transactions that another server_id has logged: on copied data, all of them.
 * The data has both the logged and the replicated ones; for each domain the later counts.
 */
function ownGtid(answers: ReadonlyMap<string, Answer>, { vendor, gtidExecuted }: ServerFacts): string {
  if (vendor !== 'mariadb') return gtidExecuted;
  const told = ['gtid_binlog_pos', 'gtid_slave_pos'].map((name) => variable(answers, name) ?? '');
  return positionText(readGtidPosition(told.join(',')) ?? new Map());
}

const isOn = (answers: ReadonlyMap<string, Answer>, name: string): boolean => variable(answers, name) === 'ON';

function variable(answers: ReadonlyMap<string, Answer>, name: string): string | undefined {
  const row = answers.get('variables')?.rows.find((one) => one.get('Variable_name') === name);
  return row?.get('Value') ?? undefined;
}

/** The GTIDs at the beginning of a MariaDB's oldest log; undefined: it did not say. */
export const readBeginning = (text: string): string | undefined =>
  readAnswers(text).get('beginning')?.rows[0]?.get('gtid') ?? undefined;

/** The default one, and its others. */
export const channelsOf = ({ channel, further }: ReplicationState): readonly ReplicationChannel[] => [
  ...(channel ? [channel] : []),
  ...further.map((one) => one.channel),
];
