// The statements that hold a replica's applier, bring it to an exact place, and let it go on. {gtid} comes by standard input.
//   MySQL: filters of a running server are of 5.7. UNTIL SQL_AFTER_GTIDS ends once all of the set is applied.
//   MariaDB: UNTIL master_gtid_pos is what the source is asked for, so that both threads are started again. A start where both stood deletes all relay logs: nothing else
//   here stops the receiver, and UNTIL is said only where it is connected to its source, which sends them again.
import { replicaWord } from '../seed/replica/change-words.ts';
import { type Speaker, statements } from '../seed/replica/words.ts';

export const holdWords = (speaker: Speaker): string => statements(`STOP ${replicaWord(speaker)} SQL_THREAD`);

export const untilWords = (speaker: Speaker): string =>
  speaker.vendor === 'mariadb'
    ? statements('STOP SLAVE', 'START SLAVE UNTIL master_gtid_pos = {gtid}')
    : statements(
        holdWords(speaker).slice(0, -1),
        `START ${replicaWord(speaker)} SQL_THREAD UNTIL SQL_AFTER_GTIDS = {gtid}`,
      );

/** Events of these tables are left out; of none: none are. Nothing else of it is filtered: the preflight saw to that. */
const filterWords = (speaker: Speaker, names: readonly string[]): string =>
  speaker.vendor === 'mariadb'
    ? statements(holdWords(speaker).slice(0, -1), `SET GLOBAL replicate_ignore_table = '${names.join(',')}'`)
    : statements(
        holdWords(speaker).slice(0, -1),
        `CHANGE REPLICATION FILTER REPLICATE_IGNORE_TABLE = (${names
          .map((name) => `\`${name.replace('.', '`.`')}\``)
          .join(', ')})`,
      );

export const passOverWords = filterWords;

export const restWords = (speaker: Speaker): string => filterWords(speaker, []);

export const goOnWords = (speaker: Speaker): string =>
  `${restWords(speaker)} ${statements(`START ${replicaWord(speaker)}`)}`;
