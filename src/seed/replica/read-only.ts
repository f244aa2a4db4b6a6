// A replica is read-only after its seed, whatever its server was: what a target that took writes of its own changes by that. Pure.
import { nextValues } from '../alone/plan.ts';
import type { Side } from '../request.ts';

const isOff = (value: string | undefined) => value !== undefined && /^(OFF|0|FALSE|NO)$/i.test(value);

/**
 * Variables that are OFF there, and ON after the seed. What SET PERSIST has set is told by persisted-checks.ts. The values of a server that is down are
 * those of its option files, which took no write.
 */
function closed({ facts, report: { server } }: Side): readonly string[] {
  if (!server?.ok) return [];
  const persisted = new Set(facts.persisted.map(({ name }) => name));
  return ['read_only', 'super_read_only'].filter((name) => isOff(facts.variables[name]) && !persisted.has(name));
}

/** `read_only and super_read_only are OFF on db3 now, and ON after the seed until its next restart, ...`; undefined: nothing changes. */
export function closedText(target: Side): string | undefined {
  const names = closed(target);
  if (names.length === 0) return undefined;
  return `${names.join(' and ')} ${verb(names, 'is', 'are')} OFF on ${target.host.name} now, and ON after the seed${until(target)}`;
}

/** The same for the end of the job. */
export function closedSince(target: Side): string | undefined {
  const names = closed(target);
  if (names.length === 0) return undefined;
  return `${names.join(' and ')} ${verb(names, 'was', 'were')} OFF on ${target.host.name} before the seed, and ${verb(names, 'is', 'are')} ON${until(target)}: ${closedAdvice(target)}`;
}

const verb = (names: readonly string[], one: string, several: string) => (names.length === 1 ? one : several);

function until(target: Side): string {
  const next = nextValues(target);
  return closed(target).some((name) => isOff(next[name]))
    ? ' until its next restart, which reads its option files'
    : '';
}

export const closedAdvice = (target: Side): string =>
  `if it is to take writes of its own: SET GLOBAL ${closed(target)[0] ?? 'read_only'} = OFF there after the seed; if not, read_only = ON into its option files`;
