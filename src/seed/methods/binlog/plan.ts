// The plan of a target that is reattached: nothing of any datadir is touched, and its server runs on.
import { lockHost } from '../../../job/lock-step.ts';
import type { PlannedStep } from '../../../job/plan/plan.ts';
import { type Planned, refusal } from '../../../job/plan/refusal.ts';
import { about } from '../../../text/about.ts';
import { attachmentOf } from '../../replica/attachment.ts';
import type { AttachPlan } from '../../replica/plan.ts';
import { catchUpReattached } from '../../replica/steps/catch-up.ts';
import { proveAccount } from '../../replica/steps/prove-account.ts';
import type { SeedRequest } from '../../request.ts';
import { keepReattached, reattach } from './reattach.ts';

export function planReattach(request: SeedRequest): Planned {
  const { targets, job, who } = request;
  const plans: AttachPlan[] = [];
  for (const target of targets) {
    const attachment = attachmentOf(request, target);
    if (!attachment.ok) return refusal(about(target.host.name, attachment.text), attachment.advice);
    plans.push(attachment.plan);
  }
  const names = targets.map(({ host }) => host.name);
  const sources = new Set(plans.map(({ source }) => source.known?.name ?? source.host));
  return {
    ok: true,
    plan: {
      kind: 'reattach',
      title: `reattach ${names.join(', ')} to ${[...sources].join(', ')} by binary logs`,
      hosts: names,
      destroys: [],
      steps: [
        ...targets.map(({ host: { name }, facts: { datadir } }) =>
          lockHost.plan({ host: name, datadir, job, who, lane: name }),
        ),
        ...plans.flatMap(reattachSteps),
      ],
    },
  };
}

export const reattachSteps = (plan: AttachPlan): PlannedStep[] => [
  proveAccount.plan(plan),
  reattach.plan(plan),
  catchUpReattached(plan),
  keepReattached.plan(plan),
];
