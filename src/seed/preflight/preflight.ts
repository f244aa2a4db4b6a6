// All checks before a seed, each with its figure: pass, warn or refuse. Pure: facts in, findings out.
import type { SeedRequest, Side } from '../request.ts';
import { donorChecks } from './donor-checks.ts';
import { type Finding, judging } from './finding.ts';
import { inventoryChecks, serviceChecks } from './inventory-checks.ts';
import { targetChecks } from './target-checks.ts';

export const preflight = (request: SeedRequest): Finding[] => request.method.preflight(request);

/** Of a seed that copies, in the order for an operator: the donor's, then each target's. `given`: the method's own checks of the donor. */
export function copyPreflight(request: SeedRequest, given: readonly Finding[]): Finding[] {
  const ofTarget = (target: Side) => [...inventoryChecks(target, 'target'), ...targetChecks(request, target)];
  return [
    ...countChecks(request),
    ...inventoryChecks(request.donor, 'donor'),
    ...(request.method.donorRuns ? [] : serviceChecks(request.donor)),
    ...donorChecks(request, given),
    ...request.targets.flatMap(ofTarget),
  ];
}

/** Each target would need a stream, a dump or a comparison, and coordinates, of its own. */
function countChecks({ donor, targets, method: { name, oneTarget } }: SeedRequest): Finding[] {
  if (oneTarget === undefined || targets.length === 1) return [];
  const each = targets.map(({ host }) => `reseed seed ${donor.host.name} ${host.name} --method ${name}`);
  return [
    judging(donor).refuse(
      `${oneTarget}, and ${targets.length} are named`,
      `seed them one after the other: ${each.join('; ')}`,
    ),
  ];
}

export const isRefused = (findings: readonly Finding[]): boolean => findings.some(({ level }) => level === 'refuse');
