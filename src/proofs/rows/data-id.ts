// Which data a server answers with: a proof of rows takes no lock, so a seed, a restore or a failover may change that while it compares. Pure.
import type { Answer } from '../../host/server/batch.ts';
import type { ReplicationState } from '../../seed/replica/source/replication-state.ts';
import { type Speaker, statements } from '../../seed/replica/words.ts';

/** MySQL has its server_uuid, which new data does not have. A MariaDB tells when a file of its data was made: a copy of it is made anew. */
export const dataWords = ({ vendor }: Pick<Speaker, 'vendor'>): string =>
  vendor === 'mariadb'
    ? statements(
        "SELECT 'data' AS answer",
        "SELECT COALESCE(UNIX_TIMESTAMP(CREATE_TIME), '') AS made, ENGINE AS engine FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'mysql' AND TABLE_NAME = 'innodb_table_stats'",
      )
    : '';

/** Empty: it does not tell. */
export const dataIdOf = ({ server }: ReplicationState, answers: ReadonlyMap<string, Answer>): string =>
  server.serverUuid ?? answers.get('data')?.rows[0]?.get('made') ?? '';
