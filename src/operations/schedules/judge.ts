// What becomes of a run, or of the recovery of a rule, once its hosts were asked: it is begun, it goes on waiting, or there is a reason why there is no job.
import type { Schedule } from '../../inventory/settings.ts';
import type { RunState } from '../../job/journal/schedules.ts';
import { type Begins, notAllowed } from '../../schedule/allow.ts';
import type { JobStore, PlannedJob } from '../jobs/job-store.ts';
import { heldRefusal } from '../jobs/locks/held.ts';
import type { Draft } from '../plans/draft.ts';
import { type Refusal, type Result, refusalText } from '../result.ts';

export type Verdict =
  | { readonly begins: PlannedJob }
  /** Clean. */
  | { readonly state: RunState; readonly reason: string /** Its hosts were not reached. */; readonly isAway?: true };

export function judged(
  store: JobStore,
  schedule: Pick<Schedule, 'name' | 'act' | 'allow'>,
  hosts: readonly string[],
  drafted: Result<Draft>,
  by: Begins = 'schedule',
): Verdict {
  if (!drafted.ok) return notAsked(drafted.refusal);
  const { planned, key, targets, who, impact, replicas = [], receivers = [], kept = [] } = drafted.value;
  const steps = planned.ok ? planned.plan.steps : planned.lock ? [planned.lock] : [];
  // A job may have begun since. One that holds the lock says more than a plan that was refused because of it.
  const held = heldRefusal(store, { plan: { steps }, targets });
  if (held) return { state: 'waiting', reason: held.message };
  if (!planned.ok) {
    const { message, advice, nothingToDo } = planned;
    return nothingToDo
      ? { state: 'nothing', reason: kept.length === 0 ? message : `${message}; stays: ${kept.join('; ')}` }
      : { state: 'refused', reason: withAdvice(message, advice) };
  }
  const others = impact.filter((sentence) => !replicas.includes(sentence));
  const forbidden = notAllowed(schedule, hosts, { destroys: planned.plan.destroys, impact: others, replicas }, by);
  if (forbidden) return { state: 'refused', reason: withAdvice(forbidden.message, forbidden.advice) };
  return { begins: { key, plan: planned.plan, targets, who, receivers } };
}

function notAsked(refusal: Refusal): Verdict {
  const reason = withAdvice(refusalText(refusal), refusal.advice);
  if (refusal.kind === 'unreachable') return { state: 'waiting', reason, isAway: true };
  return { state: refusal.kind === 'failed' || refusal.kind === 'parse' ? 'failed' : 'refused', reason };
}

const withAdvice = (message: string, advice: string) => (advice === '' ? message : `${message}; ${advice}`);
