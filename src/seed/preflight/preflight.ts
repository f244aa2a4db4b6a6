// All checks before a seed, each with its figure: pass, warn or refuse. Pure: facts in, findings out.
import type { SeedRequest, Side } from '../request.ts';
import { donorChecks } from './donor-checks.ts';
import type { Finding } from './finding.ts';
import { inventoryChecks, serviceChecks } from './inventory-checks.ts';
import { targetChecks } from './target-checks.ts';

export const preflight = (request: SeedRequest): Finding[] => request.method.preflight(request);

/** Of a seed that copies, in the order for an operator: the donor's, then each target's. `given`: the method's own checks of the donor. */
export function copyPreflight(request: SeedRequest, given: readonly Finding[]): Finding[] {
  const ofTarget = (target: Side) => [...inventoryChecks(target, 'target'), ...targetChecks(request, target)];
  return [
    ...inventoryChecks(request.donor, 'donor'),
    ...(request.method.donorRuns ? [] : serviceChecks(request.donor)),
    ...donorChecks(request, given),
    ...request.targets.flatMap(ofTarget),
  ];
}

export const isRefused = (findings: readonly Finding[]): boolean => findings.some(({ level }) => level === 'refuse');
