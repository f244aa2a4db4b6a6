// What SET PERSIST has set on a target: mysqld-auto.cnf is its own, and stays; the starts of a seed leave it out (replica/persisted.ts).
import { isAlone } from '../../ending.ts';
import { persistedLater } from '../../replica/persisted.ts';
import type { SeedRequest, Side } from '../../request.ts';
import { type Finding, judging } from '../finding.ts';
import { mayHaveEvents } from './server-events.ts';

export function persistedChecks(request: SeedRequest, target: Side): Finding[] {
  const { name } = target.host;
  const { persisted, unanswered } = target.facts;
  const { pass, unknown, warn } = judging(target);
  if (unanswered.includes('persisted')) {
    return [unknown(`what SET PERSIST has set on ${name}: unknown, its server did not tell`)];
  }
  if (persisted.length === 0) return [];
  // One that replicates from no host is restarted in the seed.
  const later = isAlone(request, target) ? [] : persistedLater(persisted, mayHaveEvents(request));
  const names = persisted.map((one) => one.name).filter((one) => !later.includes(one));
  return [
    ...(names.length > 0
      ? [pass(`what SET PERSIST has set on ${name} holds after its seed as well: ${names.join(', ')}`)]
      : []),
    ...(later.length > 0
      ? [
          warn(
            `set by SET PERSIST on ${name}, which has it only from its first restart after the seed on: ${later.join(', ')}`,
            'restart its server once the seed is done',
          ),
        ]
      : []),
  ];
}
