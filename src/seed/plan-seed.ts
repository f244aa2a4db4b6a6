// The plan of a seed: the data of a donor goes to one or several targets, and each becomes a replica.
//
// Rooms: preflight/ (the checks before), methods/ (what is read on the donor, how it is brought, and its coordinates),
// transfer/ (how data is copied), target/ (the swap of old and new data), replica/ (the start on the new data, attaching
// and catching up). Plans come from facts; only running steps, which steps.ts lists, ask a host.
import { type Planned, readOnlyRefusal, refusal } from '../job/plan/refusal.ts';
import { about } from '../text/about.ts';
import type { Finding } from './preflight/finding.ts';
import { isRefused } from './preflight/preflight.ts';
import type { SeedRequest } from './request.ts';

/** `findings` are the preflight's: if one of them refuses, there is no plan. */
export function planSeed(request: SeedRequest, findings: readonly Finding[]): Planned {
  const { donor, targets, method } = request;
  for (const { host } of method.copies ? [donor, ...targets] : targets) {
    const refused = readOnlyRefusal(host);
    if (refused) return refused;
  }
  if (isRefused(findings)) {
    const [first] = findings.filter(({ level }) => level === 'refuse');
    return refusal(about(first?.host ?? '', first?.text ?? ''), first?.advice ?? '');
  }
  return method.plan(request);
}
