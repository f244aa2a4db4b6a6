// Before the server of a set's replica is stopped: its primary runs on the data, or the replica keeps its own.
import { defineStep, noInput, noResult } from '../../job/plan/step-work.ts';
import { failed } from '../../job/runner/step-end.ts';
import { onTarget } from '../replica/on-target.ts';
import type { AttachPlan } from '../replica/plan.ts';
import { detach } from './detach.ts';
import { proveAlone } from './prove-alone.ts';

export const awaitPrimary = defineStep({
  kind: 'await-primary',
  input: noInput,
  result: noResult,
  plan: (plan: AttachPlan) => ({
    ...onTarget(plan, 'await primary'),
    title: `check that ${plan.source.known?.name} is the primary of the set, before ${plan.target.name} is stopped`,
    input: {},
    commands: {},
  }),
  run: async ({ step, resultOf }) =>
    resultOf(detach) && resultOf(proveAlone)
      ? { ok: true }
      : failed(
          `the primary of the set has not become one: ${step.host} keeps its data`,
          'seed it again with a primary',
        ),
});
