// This build reads plans of builds before format 2 (test/fixtures/journal/plans-format-1.json; of each command only the
// verb).
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { JobRecord } from '../../src/job/journal/record.ts';
import { whyNotOurs } from '../../src/job/plan/foreign.ts';
import { commandsOf, type Plan } from '../../src/job/plan/plan.ts';
import { allWorks } from '../../src/operations/jobs/all-works.ts';
import { olderPlan } from '../../src/seed/older-plans.ts';

const file = new URL('../fixtures/journal/plans-format-1.json', import.meta.url);
const plans: Readonly<Record<string, Plan>> = JSON.parse(readFileSync(file, 'utf8'));
const planned = (name: string): Plan => {
  const plan = plans[name];
  if (!plan) throw new Error(`no plan ${name}`);
  return olderPlan(plan);
};
const stepOf = (plan: Plan, name: string) => plan.steps.find((step) => step.name === name);

describe.each(Object.keys(plans))('a plan of format 1, %s', (name) => {
  const plan = planned(name);

  test('has only kinds of steps, and inputs, that this build runs', () => {
    const job = { id: 1, state: 'planned', plan, steps: [], frozen: { format: 1, build: '0.1.0', scripts: {} } };
    expect(whyNotOurs(job as unknown as JobRecord, allWorks)).toBeUndefined();
  });

  test('releases what it made by the commands that were written down', () => {
    for (const { name: step, acquires, commands } of plan.steps) {
      expect(acquires).toEqual(plans[name]?.steps.find((one) => one.name === step)?.acquires);
      if (acquires) expect(Object.keys(commands)).toContain(acquires.release);
    }
  });

  test('loses no command', () => {
    const before = plans[name]?.steps.flatMap(commandsOf) ?? [];
    expect(new Set(plan.steps.flatMap(commandsOf))).toEqual(new Set(before));
  });
});

test('the commands for a target of an older plan are found by its name, as those of a new one are', () => {
  const [copy, verify] = ['copy', 'verify'].map((name) => stepOf(planned('two targets'), name));
  expect(Object.keys(copy?.targetCommands ?? {})).toEqual(['db3', 'db6']);
  const first = ['key', 'open', 'look', 'start', 'end', 'port', 'meet', 'prove', 'list', 'source'];
  expect(Object.keys(copy?.targetCommands?.db3 ?? {}).toSorted()).toEqual(first.toSorted());
  expect(Object.keys(copy?.targetCommands?.db6 ?? {})).toEqual(
    expect.arrayContaining(['pass key', 'passed', 'direct']),
  );
  const compared = ['sums', 'compare start', 'compare poll', 'compare end'];
  expect(Object.keys(verify?.targetCommands?.db6 ?? {})).toEqual(expect.arrayContaining(compared));
  expect(verify?.targetCommands?.db6?.['compare start']?.host).toBe('db6');
});

test('the steps of an older plan that find out the coordinates are referred to by their kinds', () => {
  const of = (name: string) => planned(name).steps.findLast(({ work }) => work === 'catch-up')?.input.coordinatesOf;
  expect(of('two targets')).toBe('take-snapshot');
  expect(of('of a snapshot that is there')).toBe('seed-coordinates');
  expect(of('of a stopped donor')).toBe('seed-hold');
  const { sources } = stepOf(planned('two targets'), 'copy')?.input ?? {};
  expect(sources).toMatchObject({ db3: { coordinatesOf: 'take-snapshot' }, db6: { coordinatesOf: 'take-snapshot' } });
});
