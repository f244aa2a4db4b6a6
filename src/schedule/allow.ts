// Whether a schedule or a rule may begin a job that an operator would have to agree to by the host's name. Pure.
import type { Allowance, Schedule, ScheduledAct } from '../inventory/settings.ts';

/** What an operator would be asked about: what the plan destroys, and what else it would break or lose, a sentence each. */
export interface Grave {
  readonly destroys: readonly string[];
  readonly impact: readonly string[];
  /** A target was made a replica since the schedule was written: what is allowed of a staging server is not meant for that. */
  readonly replicas: readonly string[];
}

/** Absent: nothing in the inventory allows it. */
const neededFor: Readonly<Record<ScheduledAct['do'], { readonly [Part in keyof Grave]?: Allowance }>> = {
  // Some may have to go first, for room.
  snapshot: { destroys: 'remove-snapshots' },
  proof: {},
  rows: {},
  prune: { destroys: 'remove-snapshots' },
  command: { impact: 'dangerous-command' },
  seed: { destroys: 'replace-data', impact: 'losses', replicas: 'replicas' },
};

export interface NotAllowed {
  readonly message: string;
  readonly advice: string;
}

/** What begins it. No rule rebuilds a replica that works. */
export type Begins = 'schedule' | 'rule';

/** undefined: all of it is allowed, on all of these hosts. */
export function notAllowed(
  { name, act, allow }: Pick<Schedule, 'name' | 'act' | 'allow'>,
  hosts: readonly string[],
  grave: Grave,
  by: Begins = 'schedule',
): NotAllowed | undefined {
  const neededOf = (part: keyof Grave) => (by === 'rule' && part === 'replicas' ? undefined : neededFor[act.do][part]);
  const parts = (['impact', 'replicas', 'destroys'] as const)
    .filter((part) => grave[part].length > 0)
    .map((part) => ({ sentences: grave[part], needs: neededOf(part) }))
    .filter(({ needs }) => needs === undefined || !hosts.every((host) => allow[needs]?.includes(host)));
  if (parts.length === 0) return undefined;
  const needs = parts.map((part) => part.needs);
  const isPossible = needs.every((one) => one !== undefined);
  const words = needs.map((one) => `${one}: [${hosts.join(', ')}]`).join(', ');
  return {
    message: `an operator would be asked: ${parts.flatMap(({ sentences }) => sentences).join('; ')}`,
    advice: isPossible
      ? `if that is meant each time, write into ${by} ${name}: allow: { ${words} }`
      : `no ${by} can do that: begin it by hand`,
  };
}
