// The input of the steps of a server that replicates from no host, in the journal.
import { z } from 'zod';
import { type AlonePlan, hasPersist, wantedOf } from './plan.ts';

const onOrOff = z.enum(['ON', 'OFF']);

export const aloneSchema = z.strictObject({
  vendor: z.enum(['mysql', 'mariadb']),
  version: z.string(),
  /** The kind of the step that finds the coordinates of the data. */
  coordinatesOf: z.string(),
  /** Empty: unknown, or MariaDB, which has none. */
  donorUuid: z.string(),
  /** What it is to have after its restart. */
  wanted: z.array(
    z.strictObject({
      name: z.enum(['read_only', 'super_read_only', 'event_scheduler']),
      value: onOrOff,
      /** What its next start would make of it; `?`: unknown. */
      next: z.enum(['ON', 'OFF', '?']),
    }),
  ),
  /** SET PERSIST keeps what its option files have otherwise. */
  persists: z.boolean(),
  /** The donor's events run there. */
  runsEvents: z.boolean(),
  /** A sentence about plugins that it is without; empty: none is known of. */
  lacks: z.string(),
});

export type AloneInput = z.infer<typeof aloneSchema>;

export const aloneInputOf = (plan: AlonePlan): z.input<typeof aloneSchema> => ({
  vendor: plan.vendor,
  version: plan.version,
  coordinatesOf: plan.coordinatesOf,
  donorUuid: plan.donorUuid ?? '',
  wanted: wantedOf(plan),
  persists: hasPersist(plan),
  runsEvents: plan.runsEvents,
  lacks: plan.lacks ?? '',
});
