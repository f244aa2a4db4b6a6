// Whether the new data fits on a target, and what has to go for it.
import type { SeedWish, Side } from './wish.ts';

export type Room =
  | {
      readonly known: true;
      /** `beside`: with the old data left where it is. `clear`: once the old data is gone. `none`: not even then. */
      readonly kind: 'beside' | 'clear' | 'none';
      readonly freeBytes: number;
      readonly neededBytes: number;
      readonly oldBytes: number;
    }
  | { readonly known: false; readonly why: string };

/** File systems need more than the sum of the files, and the server writes as soon as it runs. */
const share = 1.05;

export function roomFor({ donor }: Pick<SeedWish, 'donor'>, { facts }: Pick<Side, 'facts'>): Room {
  const dataBytes = donor.facts.dataBytes;
  if (dataBytes === undefined) return { known: false, why: `the data of ${donor.host.name} could not be counted` };
  if (facts.freeBytes === undefined) return { known: false, why: `there is no ${facts.datadir}` };
  const neededBytes = Math.ceil(dataBytes * share);
  const { freeBytes, dataBytes: oldBytes = 0 } = facts;
  const kind = neededBytes <= freeBytes ? 'beside' : neededBytes <= freeBytes + oldBytes ? 'clear' : 'none';
  return { known: true, kind, freeBytes, neededBytes, oldBytes };
}
