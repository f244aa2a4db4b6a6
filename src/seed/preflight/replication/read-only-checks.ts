// A target that takes writes of its own beside its replication does so no more after a seed.
import { replicaPlan } from '../../replica/attachment.ts';
import { closedAdvice, closedText } from '../../replica/read-only.ts';
import type { SeedRequest, Side } from '../../request.ts';
import { type Finding, judging } from '../finding.ts';

export function readOnlyChecks(request: SeedRequest, target: Side): Finding[] {
  const text = replicaPlan(request, target) && closedText(target);
  return text === undefined ? [] : [judging(target).warn(text, closedAdvice(target))];
}
