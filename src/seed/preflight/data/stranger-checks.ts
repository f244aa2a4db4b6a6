// Transactions that a donor has written itself, besides those of its source: the target gets their rows, and its source
// will never have them. Pure.

import { askedPlan } from '../../replica/attachment.ts';
import { strangersIn } from '../../replica/source/origin.ts';
import type { SeedRequest, Side } from '../../request.ts';
import { type Finding, judging } from '../finding.ts';

/** Only for a target that will replicate from the donor's source. */
export function strangerChecks(request: SeedRequest, target: Side): Finding[] {
  const { warn, unknown } = judging(target);
  const plan = askedPlan(request, target);
  if (!request.asked || plan?.follow !== 'source') return [];
  const { source, vendor, position } = plan;
  const from = request.donor.host.name;
  const name = source.known?.name ?? source.host;
  const question = `whether ${from} has transactions that ${name} does not: unknown`;
  if (position === 'here') return [unknown(`${question}, the server of ${from} is down`)];
  const look = source.known && request.asked.sources[source.known.name];
  if (typeof look !== 'object') return [unknown(`${question}, ${name} was not asked or did not tell`)];
  const brought = broughtBy(request, vendor === 'mariadb');
  if (brought === undefined) return [unknown(`${question}, ${from} does not write down what it wrote itself`)];
  const strangers = strangersIn(vendor, brought, look.replicationState);
  if (strangers === '') return [];
  return [
    warn(
      `${from} has transactions that ${name} does not (${shortened(strangers)}): this host gets their rows, and ${name} will never have them`,
      `compare ${from} with ${name} first, or take another donor`,
    ),
  ];
}

/**
 * undefined: it can't be known. Only its binary log tells what a MariaDB wrote itself, and a snapshot has only the last
 * GTID of each domain.
 */
function broughtBy({ asked, snapshot }: SeedRequest, isMariadb: boolean): string | undefined {
  if (snapshot) {
    return asked?.coordinates?.gtid || undefined;
  }
  const donor = asked?.donor;
  if (!donor || (!isMariadb && !donor.server.gtid)) return undefined;
  if (!isMariadb) return donor.server.gtidExecuted;
  return donor.server.logBin ? `${donor.binlogState},${donor.ownGtid}` : undefined;
}

const longest = 100;
const shortened = (text: string) => (text.length > longest ? `${text.slice(0, longest)}…` : text);
