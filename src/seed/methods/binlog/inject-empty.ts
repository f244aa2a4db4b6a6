// Has the source hold, as empty transactions, those that only the target has executed: the target keeps what they did,
// and the source sends it the rest. Nothing takes such a transaction back out of a binary log.
import { z } from 'zod';
import { defineStep, noResult, type StepEnd } from '../../../job/plan/step-work.ts';
import { failed, notDone } from '../../../job/runner/step-end.ts';
import { lookCommands, sql } from '../../replica/commands.ts';
import { gtidsBeyond, sameGtid } from '../../replica/gtid-set.ts';
import { type AttachTools, attachSchema, inputOf } from '../../replica/input.ts';
import { onTarget } from '../../replica/on-target.ts';
import type { AttachPlan } from '../../replica/plan.ts';
import { historyNow } from './history-now.ts';
import { type Injection, injectionText, injectWords } from './injection.ts';

export interface InjectPlan {
  readonly plan: AttachPlan;
  readonly injection: Injection;
}

const injectSchema = attachSchema.extend({ gtids: z.string() });
type InjectTools = AttachTools & { readonly input: z.infer<typeof injectSchema> };

export const injectEmpty = defineStep({
  kind: 'seed-inject-empty',
  input: injectSchema,
  result: noResult,
  plan: ({ plan, injection }: InjectPlan) => ({
    ...onTarget(plan, 'inject for'),
    title: injectionText(injection),
    input: { ...inputOf(plan), gtids: injection.gtids },
    commands: { ...lookCommands(plan), inject: sql(injection.source, injectWords(injection.gtids)) },
  }),
  run,
});

async function run(tools: InjectTools): Promise<StepEnd> {
  const { run, step, input, note } = tools;
  const asked = await historyNow(tools);
  if (!asked.ok) return asked;
  const before = asked.history;
  // A runner that died behind the statements finds nothing to do.
  if (before.is === 'whole') {
    note(`${input.source.name} has them`);
    return { ok: true };
  }
  if (before.is === 'refused') return failed(before.why, before.advice);
  const others = gtidsBeyond(before.gtids, input.gtids);
  if (others !== '') {
    return failed(`${step.host} has others than those that were agreed to by now: ${others}`, 'plan it again');
  }
  // Another target of the job may have had some of them, or a line broke in the middle of the statements.
  if (!sameGtid(before.gtids, input.gtids)) note(`of ${input.gtids} it still lacks ${before.gtids}`);
  const injected = await run('inject');
  if (!injected.ok) return notDone(injected);
  const after = await historyNow(tools);
  if (!after.ok) return after;
  if (after.history.is === 'whole') return { ok: true };
  return failed(
    `${input.source.name} does not hold all of ${input.gtids} after they were written`,
    'see the log of the job',
  );
}
