// The plan of a target that is reattached: nothing of any datadir is touched, and its server runs on.
import { lockHost } from '../../../job/lock-step.ts';
import type { PlannedStep } from '../../../job/plan/plan.ts';
import { type Planned, refusal } from '../../../job/plan/refusal.ts';
import { about } from '../../../text/about.ts';
import { replicaAttachment } from '../../replica/attachment.ts';
import type { AttachPlan } from '../../replica/plan.ts';
import { catchUpReattached } from '../../replica/steps/catch-up.ts';
import { proveAccount } from '../../replica/steps/prove-account.ts';
import type { SeedRequest } from '../../request.ts';
import { injectionFor } from './checks.ts';
import { type InjectPlan, injectEmpty } from './inject-empty.ts';
import { keepReattached, reattach } from './reattach.ts';

export function planReattach(request: SeedRequest): Planned {
  const { donor, targets, job, who } = request;
  const plans: AttachPlan[] = [];
  const injections: InjectPlan[] = [];
  for (const target of targets) {
    const attachment = replicaAttachment(request, target);
    if (!attachment.ok) return refusal(about(target.host.name, attachment.text), attachment.advice);
    plans.push(attachment.plan);
    const injection = injectionFor(request, target, attachment.plan);
    if (injection) injections.push({ plan: attachment.plan, injection });
  }
  const names = targets.map(({ host }) => host.name);
  const sources = new Set(plans.map(({ source }) => source.known?.name ?? source.host));
  return {
    ok: true,
    plan: {
      kind: 'reattach',
      title: `reattach ${names.join(', ')} to ${[...sources].join(', ')} by binary logs`,
      hosts: [...(injections.length > 0 ? [donor.host.name] : []), ...names],
      destroys: [],
      steps: [
        ...(injections.length > 0
          ? [lockHost.plan({ host: donor.host.name, datadir: donor.facts.datadir, job, who })]
          : []),
        ...targets.map(({ host: { name }, facts: { datadir } }) =>
          lockHost.plan({ host: name, datadir, job, who, lane: name }),
        ),
        ...plans.flatMap((plan) =>
          reattachSteps(
            plan,
            injections.filter((one) => one.plan === plan),
          ),
        ),
      ],
    },
  };
}

export const reattachSteps = (plan: AttachPlan, injections: readonly InjectPlan[] = []): PlannedStep[] => [
  proveAccount.plan(plan),
  ...injections.map(injectEmpty.plan),
  reattach.plan(plan),
  catchUpReattached(plan),
  keepReattached.plan(plan),
];
