// Temporary tables of a replica's applier. A copy of its data does not have them, and a stop of its server drops them.
// A later statement of the source that uses one then fails (1146), or changes a base table of that name. MySQL's manual
// requires the counter to be 0 before a replica's server is stopped or copied (Replication and Temporary Tables).
import type { HostReport } from '../facts.ts';

/** `1 open temporary table (Slave_open_temp_tables is 1)`; `unknown`: the server did not say. undefined: none, or no replica. */
export function applierTempTables({ server, replication }: HostReport): string | undefined {
  if (!server?.ok || (replication?.ok && replication.value.channels.length === 0)) return undefined;
  const open = server.value.applierTempTables;
  if (open === undefined) return 'unknown';
  const { count, counter } = open;
  return count === 0 ? undefined : `${count} open temporary table${count === 1 ? '' : 's'} (${counter} is ${count})`;
}
