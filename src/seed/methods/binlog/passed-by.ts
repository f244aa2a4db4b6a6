// Rows that a target would never get from its new source, though it gets their GTIDs: what that source leaves out of its own data or log. Pure.
import { filtersOf } from '../../preflight/replication/filter-checks.ts';
import { passedOverByDonor } from '../../preflight/replication/passed-over.ts';
import type { SourceLook } from '../../replica/source/origin.ts';
import { channelsOf } from '../../replica/source/replication-state.ts';
import type { SeedRequest, Side } from '../../request.ts';

/** `replicate_ignore_db audit`, each once. Filters that the target has too leave out nothing new. */
export function passedBy({ donor }: Pick<SeedRequest, 'donor'>, target: Side, look: SourceLook): readonly string[] {
  const { leftOut = [] } = look.replicationState;
  const own = new Set(filtersOf(target.report));
  const filters = channelsOf(look.replicationState)
    .flatMap(({ filters = [] }) => filters)
    .filter((filter) => !own.has(filter));
  const errors = look.name === donor.host.name ? passedOverByDonor(donor) : '';
  return [...new Set([...filters, ...leftOut, ...(errors === '' ? [] : [errors])])];
}
