// Whether a target is known to have had the donor's data before: a replica of another application's server is a seed that went to the
// wrong host. Pure.
import { endingOf } from '../../ending.ts';
import { areRelated } from '../../replica/source/followed.ts';
import type { SeedRequest, Side } from '../../request.ts';
import { type Finding, judging } from '../finding.ts';

/**
 * Why not, in clean words; undefined: they are of one cluster, or replicate from one another or from one source, or the target stays alone
 * afterwards, and may have any data.
 */
function whyStrange(request: SeedRequest, target: Side): string | undefined {
  const { donor, others } = request;
  if (!endingOf(request).catchesUp) return undefined;
  const [given, taken] = [donor.host.cluster, target.host.cluster];
  if ((given !== undefined && given === taken) || areRelated(donor, target, others)) return undefined;
  if (given !== undefined && taken !== undefined) {
    return `${donor.host.name} is of cluster ${given}, and ${target.host.name} of ${taken}`;
  }
  const without = given === undefined ? donor : target;
  return `${without.host.name} has no cluster in the inventory: whether ${target.host.name} ever had the data of ${donor.host.name} is not known`;
}

export function kinChecks(request: SeedRequest, target: Side): Finding[] {
  const why = whyStrange(request, target);
  if (why === undefined) return [];
  return [judging(target).warn(why, 'if they belong together, give both the same cluster in the inventory')];
}

/** For above the prompt. */
export const kinSentences = (request: SeedRequest): string[] =>
  request.targets.flatMap((target) => {
    const why = whyStrange(request, target);
    return why === undefined ? [] : [`${why}; it will have the rows of ${request.donor.host.name}, and replicate`];
  });
