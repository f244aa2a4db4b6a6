// A draft with the hooks of the inventory in its plan, and with those who are told of its job.
import { withHooks } from '../../hooks/plan.ts';
import type { HookedJob } from '../../hooks/runs.ts';
import type { Host } from '../../inventory/settings.ts';
import { jobHome } from '../../job/journal/home.ts';
import { receiversOf } from '../notify/receivers.ts';
import type { Draft } from './draft.ts';

/** What only the request knows of its job. */
export type HookedRequest = Omit<HookedJob, 'plan' | 'key' | 'who' | 'mark'>;

/** `environment production: db1, db2`. */
function environmentSentences(hosts: readonly Host[]): string[] {
  const asked = hosts.flatMap(({ name, environment }) =>
    environment?.confirm ? [{ name, of: environment.name }] : [],
  );
  const byName = Map.groupBy(asked, ({ of }) => of);
  return [...byName].map(([of, some]) => `environment ${of}: ${[...new Set(some.map(({ name }) => name))].join(', ')}`);
}

export function hooked(draft: Draft, request: HookedRequest): Draft {
  const { planned, key, who, targets, checks = [] } = draft;
  if (!planned.ok) return draft;
  const mark = (number: number) => `${jobHome(process.env).hooks(key)}${number}`;
  const answer = withHooks({ ...request, plan: planned.plan, key, who, mark });
  if (!answer.ok) return { ...draft, planned: answer };
  const further = answer.targets.filter(({ name }) => !targets.some((target) => target.name === name));
  const hosts = request.sides.map(({ host }) => host);
  const confirm = environmentSentences(hosts);
  return {
    ...draft,
    planned: { ok: true, plan: answer.plan },
    targets: [...targets, ...further],
    checks: [...checks, ...answer.checks],
    receivers: receiversOf(hosts),
    ...(confirm.length > 0 && { confirm }),
  };
}
