// The statements that free a server on copied data from all replication. The first start has read the donor's channels in that data.
//   {gtid} comes by standard input (seed-sql.sh).
import { atLeast } from '../../snapshot/lock-words.ts';
import { dialect } from '../replica/change-words.ts';
import { resetFailover } from '../replica/kept/kept-failover.ts';
import { binaryLogWords, hasFailover, replicaWords, type Speaker, serverWords, statements } from '../replica/words.ts';
import type { Wanted } from './plan.ts';

interface Detaching extends Speaker {
  /** @@log_bin of the server: without it a MariaDB refuses RESET MASTER. */
  readonly logBin: boolean;
  /** The data has GTIDs: they stay its own, and its binary log begins after them. */
  readonly gtid: boolean;
}

/** Its channels go, and the binary logs that came with the data. */
export function detachWords(speaker: Detaching): string {
  return speaker.vendor === 'mariadb' ? mariadbWords(speaker) : mysqlWords(speaker);
}

function mysqlWords({ gtid, ...speaker }: Detaching): string {
  const { replica } = dialect(speaker);
  return statements(
    `STOP ${replica}`,
    `RESET ${replica} ALL`,
    hasFailover(speaker) ? resetFailover : '',
    atLeast(speaker.version, [8, 4]) ? 'RESET BINARY LOGS AND GTIDS' : 'RESET MASTER',
    gtid ? 'SET GLOBAL gtid_purged = {gtid}' : '',
  );
}

/**
 * Its own numbers go on after those of the data: gtid_binlog_state is what a server's next GTID is counted from, and what its replicas
 * may begin at. Without a binary log gtid_slave_pos alone tells where its data stands, and is left.
 */
function mariadbWords({ gtid, logBin }: Detaching): string {
  return statements(
    'STOP ALL SLAVES',
    'RESET SLAVE ALL',
    ...(logBin
      ? ['RESET MASTER', "SET GLOBAL gtid_slave_pos = ''", gtid ? 'SET GLOBAL gtid_binlog_state = {gtid}' : '']
      : []),
  );
}

/** For its next starts, and not yet: while it is proved, it takes no writes. */
export const persistWords = (some: readonly Wanted[]): string =>
  statements(...some.map(({ name, value }) => `SET PERSIST_ONLY ${name} = ${value}`));

/** Now: super_read_only goes before read_only, and switches that on with itself. */
export const settingWords = (some: readonly Wanted[]): string =>
  statements(...some.map(({ name, value }) => `SET GLOBAL ${name} = ${value}`));

export const aloneWords = (speaker: Speaker): string => `${serverWords} ${replicaWords(speaker)}`;
/** One without a binary log refuses the last statement, and answers the others. */
export const detachedWords = (speaker: Speaker): string => `${aloneWords(speaker)} ${binaryLogWords}`;
