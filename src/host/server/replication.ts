// A server's sources and replicas: SHOW REPLICA STATUS and its older names -> ReplicationFacts.

import { shownError } from '../../text/statement.ts';
import type { AttachedReplica, HostReport, Known, ReplicationChannel, ReplicationFacts } from '../facts.ts';
import { known, present, unknown, wholeNumber } from '../known.ts';
import type { Answer, Row } from './batch.ts';
import { withoutBlanks } from './server.ts';

export function readReplication(answers: ReadonlyMap<string, Answer>): Known<ReplicationFacts> {
  const channels = answers.get('channels');
  if (!channels) return unknown('the server gave no whole answer');
  if (channels.error !== undefined) return unknown(channels.error);
  const workers = answers.get('workers')?.rows ?? [];
  const registered = answers.get('replicas');
  const dumps = answers.get('dumps');
  const replicasUnknown = registered?.error ?? (registered ? undefined : 'the server gave no whole answer');
  return known({
    channels: channels.rows.map((row) => readChannel(row, workers)).filter((channel) => channel.sourceHost !== ''),
    replicas: attached(registered?.rows ?? [], dumps?.rows ?? []),
    ...present('replicasUnknown', replicasUnknown),
  });
}

function readChannel(row: Row, workers: readonly Row[]): ReplicationChannel {
  // Column names since MySQL 8.0.22, before it, and MariaDB's.
  const pick = (...names: readonly string[]) => names.map((name) => row.get(name)).find((value) => value !== undefined);
  const name = pick('Channel_Name', 'Connection_name') ?? '';
  const sourceHost = pick('Source_Host', 'Master_Host') ?? '';
  return {
    name,
    // Group replication's own channels have `<NULL>` here.
    sourceHost: sourceHost === '<NULL>' ? '' : sourceHost,
    sourcePort: wholeNumber(pick('Source_Port', 'Master_Port')) ?? 0,
    sourceUser: pick('Source_User', 'Master_User') ?? '',
    ...present('sourceUuid', pick('Source_UUID', 'Master_UUID') || undefined),
    ...present('sourceServerId', wholeNumber(pick('Source_Server_Id', 'Master_Server_Id')) || undefined),
    ioThread: ioState(pick('Replica_IO_Running', 'Slave_IO_Running')),
    sqlThread: pick('Replica_SQL_Running', 'Slave_SQL_Running') === 'Yes' ? 'running' : 'stopped',
    ...present('lagSeconds', wholeNumber(pick('Seconds_Behind_Source', 'Seconds_Behind_Master'))),
    ...errorOf(
      row,
      workers.find((worker) => worker.get('CHANNEL_NAME') === name),
    ),
    ...present('ioError', wholeNumber(row.get('Last_IO_Errno')) ? row.get('Last_IO_Error') : undefined),
    ...present('gtidRetrieved', gtids(pick('Retrieved_Gtid_Set', 'Gtid_IO_Pos'))),
    ...present('gtidExecuted', gtids(pick('Executed_Gtid_Set', 'Gtid_Slave_Pos'))),
    autoPosition: pick('Auto_Position') === '1' || !['No', undefined].includes(row.get('Using_Gtid')),
    ...(row.get('Using_Gtid') === 'Current_Pos' && { byCurrentPos: true }),
    ...present('sourceLogFile', pick('Source_Log_File', 'Master_Log_File') || undefined),
    ...present('readSourceLogPosition', wholeNumber(pick('Read_Source_Log_Pos', 'Read_Master_Log_Pos'))),
    ...present('execSourceLogPosition', wholeNumber(pick('Exec_Source_Log_Pos', 'Exec_Master_Log_Pos'))),
    tls: pick('Source_SSL_Allowed', 'Master_SSL_Allowed') === 'Yes',
    ...present('filters', replicateColumns(row)),
  };
}

/** Both vendors have a column for each kind: Replicate_Do_DB, Replicate_Ignore_Server_Ids, MariaDB's Replicate_Do_Domain_Ids, ... */
function replicateColumns(row: Row): readonly string[] | undefined {
  const set = [...row].filter(([column, value]) => column.startsWith('Replicate_') && value !== '');
  return set.length === 0 ? undefined : set.map(([column, value]) => `${column.toLowerCase()} ${value}`);
}

function ioState(value: string | undefined): ReplicationChannel['ioThread'] {
  if (value === 'Yes') return 'running';
  return value === 'Connecting' || value === 'Preparing' ? 'connecting' : 'stopped';
}

const gtids = (value: string | undefined) => (value === undefined ? undefined : withoutBlanks(value));

/** The applier's error comes first: the connection's error may be temporary. */
function errorOf(
  row: Row,
  worker: Row | undefined,
): Pick<ReplicationChannel, 'error' | 'errorNumber' | 'applierError'> {
  const sqlNumber = wholeNumber(row.get('Last_SQL_Errno')) || undefined;
  const ioNumber = wholeNumber(row.get('Last_IO_Errno')) || undefined;
  if (sqlNumber !== undefined) {
    const error = shownError(worker?.get('LAST_ERROR_MESSAGE') || row.get('Last_SQL_Error') || '');
    const errorNumber = wholeNumber(worker?.get('LAST_ERROR_NUMBER')) ?? sqlNumber;
    return { error, errorNumber, applierError: error };
  }
  return ioNumber === undefined ? {} : { error: row.get('Last_IO_Error') ?? '', errorNumber: ioNumber };
}

/**
 * The registered replicas, by the names that they report. A replica without a name (no report_host) gets the address of
 * the only remaining dump thread. Where several remain, the addresses can't be assigned, and are listed alone.
 */
function attached(registered: readonly Row[], dumps: readonly Row[]): AttachedReplica[] {
  const replicas = registered.map(readReplica);
  const named = replicas.filter((replica) => replica.host !== '');
  const nameless = replicas.filter((replica) => replica.host === '');
  const addresses = dumps.map((row) => (row.get('Host') ?? '').replace(/:\d+$/, '')).filter((host) => host !== '');
  if (registered.length > 0 && nameless.length === 0) return named;
  const only = nameless.length === 1 && named.length === 0 && addresses.length === 1 ? nameless[0] : undefined;
  if (only) return [{ ...only, host: addresses[0] ?? '' }];
  const names = new Set(named.map((replica) => replica.host));
  return [...named, ...addresses.filter((host) => !names.has(host)).map((host) => ({ host }))];
}

function readReplica(row: Row): AttachedReplica {
  return {
    host: row.get('Host') ?? '',
    ...present('port', wholeNumber(row.get('Port')) || undefined),
    ...present('serverId', wholeNumber(row.get('Server_Id') ?? row.get('Server_id'))),
    ...present('uuid', row.get('Replica_UUID') ?? row.get('Slave_UUID')),
  };
}

/** A channel of it goes on by a place in its source's log. false: none does, it is no replica, or it did not answer. */
export const replicatesByFile = ({ replication }: Pick<HostReport, 'replication'>): boolean =>
  replication?.ok === true && replication.value.channels.some(({ autoPosition }) => !autoPosition);
