// All checks before a seed, each with its figure: pass, warn or refuse. Pure: facts in, findings out.

import { reattachChecks } from '../methods/binlog/checks.ts';
import type { SeedRequest, Side } from '../request.ts';
import { donorChecks } from './donor-checks.ts';
import type { Finding } from './finding.ts';
import { inventoryChecks } from './inventory-checks.ts';
import { targetChecks } from './target-checks.ts';

/** In the order for an operator: the donor's, then each target's. */
export function preflight(request: SeedRequest): Finding[] {
  if (request.reattach) return request.targets.flatMap((target) => reattachChecks(request, target));
  const ofTarget = (target: Side) => [...inventoryChecks(target, 'target'), ...targetChecks(request, target)];
  return [...inventoryChecks(request.donor, 'donor'), ...donorChecks(request), ...request.targets.flatMap(ofTarget)];
}

export const isRefused = (findings: readonly Finding[]): boolean => findings.some(({ level }) => level === 'refuse');
