// How an event of a replica is disabled as replication would have brought it. Pure.
import { atLeast } from '../../snapshot/lock-words.ts';

interface ServerVersion {
  readonly vendor: string;
  readonly version: string;
}

/** MySQL accepts the new word since 8.2, and the old one still in 8.4; MariaDB has the old one. undefined: not known which it is. */
export const disabling = (server: ServerVersion | undefined): string =>
  server?.vendor === 'mysql' && atLeast(server.version, [8, 4]) ? 'DISABLE ON REPLICA' : 'DISABLE ON SLAVE';

/** For all enabled events, where their names are not at hand. Without DEFINER an event would belong to the account that runs this. */
export const disablingAll = (server: ServerVersion | undefined): string =>
  `SET sql_log_bin = 0; and ALTER DEFINER = ... EVENT ... ${disabling(server)}; for each of information_schema.EVENTS with STATUS = 'ENABLED'`;
