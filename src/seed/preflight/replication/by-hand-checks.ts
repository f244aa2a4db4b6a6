// Variables that were set only in the memory of a target's server. A seed restarts it, on the new data or, undone, on
// the old.

import type { SeedRequest, Side } from '../../request.ts';
import { type Finding, judging } from '../finding.ts';
import { versionOf } from '../identity/versions.ts';

/** seed-before.sh saves these for an undo, and a seed sets them by options. */
const ours = new Set(['event_scheduler', 'read_only', 'super_read_only']);

/** Of a MariaDB replica: by kept-mariadb.ts, and by kept-filters.ts. */
const setAgain =
  /^(slave.*|rpl_semi_sync_slave.*|replicate_((do|ignore)_db|(wild_)?(do|ignore)_table|rewrite_db|events_marked_for_skip))$/;

export function byHandChecks({ asked }: SeedRequest, target: Side): Finding[] {
  const { host, facts } = target;
  const { unknown, warn } = judging(target);
  if (facts.unanswered.includes('by_hand')) {
    return [
      unknown(
        `which variables of ${host.name} were set by hand since its start: unknown, its server did not tell. The restart loses them`,
      ),
    ];
  }
  const isMariadb = versionOf(target)?.vendor === 'mariadb';
  const kept = asked?.replicas?.[host.name];
  const hasOwnLine = kept !== undefined && typeof kept !== 'string' && kept.mariadb !== undefined;
  // Those of a MariaDB replica are set again, and kept-checks.ts reports them.
  const isTold = (name: string) => ours.has(name) || (hasOwnLine && setAgain.test(name));
  const lost = facts.byHand.filter(({ name }) => !isTold(name));
  if (lost.length === 0) return [];
  const words = lost.map(({ name, value }) => `${name}${value === undefined ? ' (not shown)' : ` = ${value || "''"}`}`);
  return [
    warn(
      `set by hand since the start of ${host.name}, and lost by its restart where no option file has it: ${words.join(', ')}`,
      `put what is to stay into its option files${isMariadb ? '' : '; of a variable that sessions have too MySQL does not tell who set it'}`,
    ),
  ];
}
