// Where in a plan its stages begin and end. Pure.
import { type HookPoint, hookStages } from '../inventory/settings.ts';
import type { PlannedStep } from '../job/plan/plan.ts';

/** A stage of a plan, or of one of its lanes. `first` and `last` are places of steps in the plan. */
export interface StageSpan {
  readonly stage: string;
  readonly before: HookPoint;
  readonly after: HookPoint;
  readonly lane: string | undefined;
  /** The host of its first step. */
  readonly host: string;
  readonly first: number;
  readonly last: number;
}

/** The stages in which something is done. Without one a plan has no hooks. */
export function spansOf(steps: readonly PlannedStep[]): StageSpan[] {
  const found = new Map<string, StageSpan>();
  // A copy to all targets is over when each has made its data of it.
  const isOneCopy = steps.some(({ stage, lane }) => stage === 'copy' && lane === undefined);
  for (const [at, { stage: told, lane: own, host }] of steps.entries()) {
    const points = pointsOf(told);
    if (!points) continue;
    const stage = told ?? '';
    const lane = stage === 'copy' && isOneCopy ? undefined : own;
    const key = JSON.stringify([stage, lane]);
    const before = found.get(key);
    found.set(key, before ? { ...before, last: at } : { stage, ...points, lane, host, first: at, last: at });
  }
  return [...found.values()];
}

type Points = Pick<StageSpan, 'before' | 'after'>;

/** A restart by one command of the inventory is a stop and a start that nothing comes between. */
function pointsOf(told: string | undefined): Points | undefined {
  if (told === 'restart') return { before: 'before-stop', after: 'after-start' };
  const stage = hookStages.find((one) => one === told);
  return stage && { before: `before-${stage}`, after: `after-${stage}` };
}

/** The locks: the job's own preflight. */
export function lockSpan(steps: readonly PlannedStep[]): Omit<StageSpan, 'host'> {
  const first = steps.findIndex(({ volatile }) => !volatile);
  const points = { before: 'before-preflight', after: 'after-preflight' } as const;
  return { stage: 'preflight', ...points, lane: undefined, first: 0, last: (first < 0 ? steps.length : first) - 1 };
}
