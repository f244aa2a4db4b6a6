// What SET PERSIST has set on a target. A start that is held back leaves mysqld-auto.cnf out, for what stands there outdoes the command line:
// it could let the server replicate, or take writes. What such a start needs of it is said as options; the rest by SQL, once the server runs. Pure.
import type { Persisted } from '../facts.ts';

/** A seed has its own values of them until the next ordinary start; `usual`: where that is no other. */
const held: ReadonlyMap<string, string> = new Map([
  ['read_only', 'ON'],
  ['super_read_only', 'ON'],
  ['log_error_verbosity', '3'],
  ['log_error_suppression_list', ''],
]);
/** Of the starts themselves: each job's own, and the ordinary ones' as before. */
const ofStarts = new Set(['skip_replica_start', 'skip_slave_start']);

/**
 * A server that was checked with these is to run with them from its first start on. A few words alone, since they stand in a unit's file; an undo
 * gives back no others (`persisted_names` of seed-before.sh).
 */
export const givenNames =
  'server_id|gtid_mode|enforce_gtid_consistency|log_(replica|slave)_updates|report_(host|port)|skip_name_resolve|bind_address|back_log|open_files_limit|thread_stack|table_open_cache_instances|(innodb|performance_schema|replica|slave|relay_log|binlog|max)_[a-z0-9_]+';
const given = new RegExp(`^(?:${givenNames})$`);
const plainValue = /^[A-Za-z0-9_.,:-]{1,100}$/;

const isGiven = ({ name, value }: Persisted) => given.test(name) && value !== undefined && plainValue.test(value);

/** As the server itself reads its mysqld-auto.cnf: `loose`, for a variable of a plugin may be gone. */
export const persistedOptions = (persisted: readonly Persisted[]): string[] =>
  persisted.filter(isGiven).map(({ name, value = '' }) => `--loose-${name}=${value}`);

/** Names of those that it has only from the first ordinary start after its seed on. */
export const persistedLater = (persisted: readonly Persisted[], eventsOff: boolean): string[] =>
  persisted
    .filter((one) => {
      const ours = one.name === 'event_scheduler' && eventsOff ? 'DISABLED' : held.get(one.name);
      if (ours !== undefined) return one.value !== ours;
      return one.byStart && !ofStarts.has(one.name) && !isGiven(one);
    })
    .map(({ name }) => name);
