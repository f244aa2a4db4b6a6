// The plan of a seed by CLONE: what is made on the donor is gone before a server of a target is stopped.
import type { Planned } from '../../../job/plan/refusal.ts';
import { planRebuild } from '../../frame.ts';
import type { SeedRequest } from '../../request.ts';
import { emptySentences, hasPlugin } from './checks.ts';
import { cloneData } from './clone-data.ts';
import { loadPlugin } from './load-plugin.ts';
import { makeAccount } from './make-account.ts';

export function planClone(request: SeedRequest): Planned {
  const { donor, targets } = request;
  const load = hasPlugin(donor) ? [] : [loadPlugin.plan(request)];
  const account = makeAccount.plan(request);
  const clones = targets.map((target) => cloneData.plan({ request, target }));
  const planned = planRebuild(request, {
    before: [...load, account],
    bring: () => ({ steps: clones, made: [...clones.toReversed(), account, ...load] }),
  });
  if (!planned.ok) return planned;
  return { ok: true, plan: { ...planned.plan, destroys: [...planned.plan.destroys, ...emptySentences(request)] } };
}
