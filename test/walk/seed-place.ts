// The places at which a fault can come in a seed: between any two actions of its runner, and in the middle of a step's
// work.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Plan } from '../../src/job/plan/plan.ts';
import { drawn } from './random.ts';
import type { Runner } from './runner.ts';

export interface Place {
  /** A name of the plan's steps; the runner's end has a name of its own. */
  readonly step: string;
  /** The runner's name of the place: it stops there. */
  readonly at: string;
  /** The runner continues from there, and the fault comes meanwhile. */
  readonly midst: boolean;
}

export const whereOf = ({ at, step, midst }: Place) => (midst ? 'midst' : at.replace(`${step}: `, ''));

/** The name of a snapshot has its job's key in it: without. */
export const plainName = (name: string): string => name.replace(/\S+\/reseed-[\da-f]{8}-\w+/, 'the snapshot');

/** In the order in which a runner comes to them. */
export function placesOf({ steps }: Plan): Place[] {
  const names = steps.map(({ name }) => plainName(name));
  const ofSteps = names.flatMap((name) => [
    ...['before', 'begun'].map((where) => ({ step: name, at: `${name}: ${where}`, midst: false })),
    { step: name, at: `${name}: begun`, midst: true },
    // After it comes the place before the next step: nothing is done between the two.
    { step: name, at: `${name}: worked`, midst: false },
  ]);
  const end = (at: string, midst = false) => ({ step: 'the end', at, midst });
  return [...ofSteps, end('steps over'), end('releasing', true), end('released')];
}

/** From one of the runner's names to before another; none if the plan lacks one of them. */
export function span(places: readonly Place[], first: string, end: string): Place[] {
  const [from, to] = [first, end].map((name) => places.findIndex(({ at }) => at === name)) as [number, number];
  return from < 0 || to < 0 ? [] : places.slice(from, to);
}

/** One of each step's, drawn. */
export function oneOfEach(places: readonly Place[], random: () => number): Place[] {
  const steps = [...new Set(places.map(({ step }) => step))];
  return steps.flatMap((name) =>
    drawn(
      places.filter(({ step }) => step === name),
      1,
      random,
    ),
  );
}

/** About how long a step's work takes. */
const midstMs = 1500;

/** Lets the runner continue into the middle of its next work, if the place is there. */
export async function comeTo({ midst }: Place, runner: Runner, random: () => number): Promise<void> {
  if (!midst) return;
  runner.go();
  await sleep(random() * midstMs);
}
