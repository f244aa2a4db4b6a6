// A draft with the hooks of the inventory in its plan, and with those who are told of its job.
import { withHooks } from '../../hooks/plan.ts';
import type { HookedJob } from '../../hooks/runs.ts';
import { jobHome } from '../../job/journal/home.ts';
import { receiversOf } from '../notify/receivers.ts';
import { confirmOf } from './confirm.ts';
import type { Draft } from './draft.ts';

/** What only the request knows of its job. */
export type HookedRequest = Omit<HookedJob, 'plan' | 'key' | 'who' | 'mark'>;

export function hooked(draft: Draft, request: HookedRequest): Draft {
  const { planned, key, who, targets, checks = [] } = draft;
  if (!planned.ok) return draft;
  const mark = (number: number) => `${jobHome(process.env).hooks(key)}${number}`;
  const answer = withHooks({ ...request, plan: planned.plan, key, who, mark });
  if (!answer.ok) return { ...draft, planned: answer };
  const further = answer.targets.filter(({ name }) => !targets.some((target) => target.name === name));
  // A copy beside the data of a host, and a hook that runs there, are work on it too.
  const names = new Set([...answer.plan.hosts, ...further.map(({ name }) => name)]);
  const others = [...names].flatMap((name) => {
    const reached = request.sides.some(({ host }) => host.name === name) ? undefined : request.reach(name);
    return reached ? [reached.host] : [];
  });
  const hosts = [...request.sides.map(({ host }) => host), ...others];
  return {
    ...draft,
    planned: { ok: true, plan: answer.plan },
    targets: [...targets, ...further],
    checks: [...checks, ...answer.checks],
    receivers: receiversOf(hosts),
    ...confirmOf(hosts),
  };
}
