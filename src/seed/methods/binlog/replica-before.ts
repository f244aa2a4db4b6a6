// How a server replicates before it is reattached, as it says itself: what an undo needs beside the account. Pure.
import { readAnswers } from '../../../host/server/batch.ts';
import { readServer } from '../../../host/server/server.ts';

export interface ReplicaBefore {
  /** `none`: its default channel has no source. `file`: it goes on by a place in a log. */
  readonly is: 'none' | 'gtid' | 'file';
  /** For restoreWords (words.ts), but for the account. `receives`, `applies`: whether that thread was started; one that an error has stopped was. */
  readonly values: Readonly<Record<string, string | number>>;
}

/** What serverWords and replicaWords told; undefined: not all of it. */
export function readReplicaBefore(text: string): ReplicaBefore | undefined {
  const answers = readAnswers(text);
  const server = readServer(answers);
  const channels = answers.get('channels');
  if (!server.ok || !channels || channels.error !== undefined) return undefined;
  const row = channels.rows.find((one) => (one.get('Channel_Name') ?? one.get('Connection_name') ?? '') === '');
  const pick = (name: string) =>
    row?.get(name) ?? row?.get(name.replace('Source', 'Master').replace('Replica', 'Slave'));
  const host = pick('Source_Host') ?? '';
  const own = { super: server.value.superReadOnly ? 1 : 0, readonly: server.value.readOnly ? 1 : 0 };
  if (host === '') return { is: 'none', values: { ...own, receives: 'no', applies: 'no' } };
  const byGtid = row?.has('Using_Gtid') ? row.get('Using_Gtid') !== 'No' : pick('Auto_Position') === '1';
  const started = (thread: string, error: string) =>
    (pick(thread) ?? 'No') !== 'No' || Number(pick(error) ?? 0) !== 0 ? 'yes' : 'no';
  return {
    is: byGtid ? 'gtid' : 'file',
    values: {
      ...own,
      host,
      port: Number(pick('Source_Port') ?? 3306),
      tls: pick('Source_SSL_Allowed') === 'Yes' ? 1 : 0,
      key: Number(pick('Get_Source_public_key') ?? row?.get('Get_master_public_key') ?? 0),
      retry: Number(pick('Connect_Retry') ?? 60),
      times: Number(pick('Source_Retry_Count') ?? 86_400),
      file: pick('Relay_Source_Log_File') ?? '',
      // A log begins at 4.
      position: Math.max(4, Number(pick('Exec_Source_Log_Pos') ?? 4)),
      receives: started('Replica_IO_Running', 'Last_IO_Errno'),
      applies: started('Replica_SQL_Running', 'Last_SQL_Errno'),
    },
  };
}
