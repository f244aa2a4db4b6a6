// An inventory may give targets any name: none of them is taken for a command of the plan.
import { expect, test } from 'vitest';
import type { PlannedStep } from '../../src/job/plan/plan.ts';
import { planSeed } from '../../src/seed/plan-seed.ts';
import { preflight } from '../../src/seed/preflight/preflight.ts';
import { request, side } from './sides.ts';

function stepsWith(target: string): readonly PlannedStep[] {
  const db3 = side('db3');
  const called = { ...db3, host: { ...db3.host, name: target } };
  const { others, ...requested } = request(side('db2'), [called, side('db6')]);
  const all = others.map((one) => (one.host.name === 'db3' ? called : one));
  const planned = planSeed({ ...requested, others: all }, preflight({ ...requested, others: all }));
  if (!planned.ok) throw new Error(planned.message);
  return planned.plan.steps;
}

/** What a step can run, with the target's name as it was. */
const runs = (step: PlannedStep | undefined, target: string) => ({
  commands: step?.commands,
  targets: Object.entries(step?.targetCommands ?? {}).map(([name, commands]) => [
    name === target ? 'db3' : name,
    commands,
  ]),
});
const named = (name: string, words: unknown) =>
  JSON.parse(JSON.stringify(words).replaceAll(`"host":"${name}"`, '"host":"db3"'));

test.each(['poll', 'start', 'end', 'send', 'constructor', '__proto__'])(
  'a target named %s overwrites no command of the plan',
  (name) => {
    const [usual, odd] = [stepsWith('db3'), stepsWith(name)];
    for (const of of ['copy', 'verify', 'sums']) {
      const [one, other] = [usual, odd].map((steps) => steps.find((step) => step.name === of));
      expect(one).toBeDefined();
      expect(named(name, runs(other, name))).toEqual(runs(one, 'db3'));
    }
    expect(Object.keys(odd.find((step) => step.name === 'copy')?.targetCommands ?? {})).toEqual([name, 'db6']);
  },
);
