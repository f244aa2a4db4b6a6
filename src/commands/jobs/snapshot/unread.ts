// Hosts whose snapshots are not known, though they answered: what is not listed is not "none".
import type { Refusal } from '../../../operations/result.ts';
import { type HostSaid, unlisted } from '../../../snapshot/list.ts';

/** A refusal for each host that did not tell its volumes. */
export const volumesUntold = (asked: readonly HostSaid[]): readonly Refusal[] =>
  unlisted(asked).map(({ host, why }) => ({
    kind: 'unreachable',
    host: host.name,
    message: `its snapshots are not known: ${why}`,
    advice: `ask again; reseed check ${host.name} tells what is missing`,
  }));

export const unreadJson = ({ host, message, advice }: Refusal) => ({ host, message, advice });
