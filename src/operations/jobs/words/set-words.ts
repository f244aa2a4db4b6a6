// Messages about a set of which the primary has the new data and another host keeps its old. Pure.
import type { JobRecord } from '../../../job/journal/record.ts';
import { stepOf, stepsOf } from '../../../job/steps-of.ts';
import { awaitPrimary } from '../../../seed/alone/await-primary.ts';
import { proveAlone } from '../../../seed/alone/prove-alone.ts';
import { dropOld } from '../../../seed/target/drop-old.ts';

/**
 * For a host that does not get the new data: it may have replicated from the primary of its set, and would go on with what that writes
 * now. undefined: it is no member of a set, or its primary keeps its old data too.
 */
export function leftBehind(job: JobRecord, host: string): string | undefined {
  if (!stepOf(job, awaitPrimary, host) || stepOf(job, dropOld, host)?.isBegun) return undefined;
  const primary = stepsOf(job, proveAlone).find(({ planned }) => stepOf(job, dropOld, planned.host)?.isBegun)?.planned
    .host;
  return primary === undefined
    ? undefined
    : `${primary} has the new data, and ${host} does not: stop its replication if it is from ${primary}, and seed it from there: reseed seed ${primary} ${host}`;
}
