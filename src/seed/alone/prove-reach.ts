// Before anything is changed on any host: a member of a set reaches the port of its primary. If it does not, the whole job ends.
import { z } from 'zod';
import { defineStep, noResult } from '../../job/plan/step-work.ts';
import { failed } from '../../job/runner/step-end.ts';
import { reachWords } from '../../scripts/seed-account-words.ts';
import { command } from '../place.ts';
import { sourceName } from '../replica/input.ts';
import type { AttachPlan } from '../replica/plan.ts';
import { reachAdvice, reachOf } from './reach.ts';

interface ReachPlan {
  readonly member: AttachPlan;
  /** The server of the primary runs. */
  readonly isUp: boolean;
}

export const proveReach = defineStep({
  kind: 'prove-reach',
  input: z.strictObject({ source: z.string(), primary: z.string(), isUp: z.boolean() }),
  result: noResult,
  plan: ({ member: { target, source }, isUp }: ReachPlan) => ({
    name: `prove reach ${target.name}`,
    host: target.name,
    title: `test that ${target.name} reaches ${sourceName(source)}, the primary of its set`,
    input: { source: sourceName(source), primary: source.known?.name ?? source.host, isUp },
    commands: { reach: command(target.name, 'seed-account', reachWords(source)) },
  }),
  run: async ({ run, step: { host }, input: { source, primary, isUp }, note }) => {
    const reach = reachOf({ from: host, to: source, isUp }, await run('reach'));
    if (reach.is === 'not' || reach.is === 'unknown') return failed(reach.text, reachAdvice(host, primary));
    note(reach.text);
    return { ok: true };
  },
});
