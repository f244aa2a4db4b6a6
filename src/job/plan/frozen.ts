// A plan as it is recorded: with the build that made it and the text of every script that it can run. Neither an
// upgrade of reseed nor a replaced file on its disk changes a job that was agreed to.
import { createHash } from 'node:crypto';
import { olderWords } from '../../scripts/older-words.ts';
import type { ScriptName } from '../../scripts/script.ts';
import { type Commands, commandsOf, everyStep, type Plan } from './plan.ts';

/**
 * The shape of plans and of the inputs of their steps. Changed when a build that reads the one misreads the other. 2: each kind of step is
 * one of its own. 3: scripts are told words by name; what reads words of a plan finds those of a place in format 2 too.
 */
export const planFormat = 3;
/** The first in which each kind of step is one of its own. */
const formatOfKinds = 2;

export interface Frozen {
  readonly format: number;
  /** `1.4.0`: the version of the reseed that made the plan. */
  readonly build: string;
  /** By script name: the SHA-256 of the text, in hex. */
  readonly scripts: Readonly<Record<string, string>>;
}

/** Brings a plan of a format before that to this build's. */
export type OlderPlans = (plan: Plan) => Plan;

/** A plan as this build reads it. `frozen`: its recorded format, build and scripts; undefined: an older reseed recorded none. */
export function planNow(plan: Plan, frozen: Pick<Frozen, 'format'> | undefined, older: OlderPlans): Plan {
  if (frozen === undefined) return older(withWordsNow(plan));
  return frozen.format < formatOfKinds ? older(plan) : plan;
}

/** A plan without scripts of its own runs this build's: its releasing commands get the words that these take. */
const withWordsNow = (plan: Plan): Plan => ({
  ...plan,
  steps: plan.steps.map((step) => ({ ...step, commands: wordsNow(step.commands) })),
});
const wordsNow = (commands: Commands): Commands =>
  Object.fromEntries(
    Object.entries(commands).map(([key, command]) => [
      key,
      { ...command, args: olderWords(command.script, command.args) },
    ]),
  );

/** What is recorded with a plan. `texts`: by digest. */
export interface Freezing {
  readonly frozen: Frozen;
  readonly texts: ReadonlyMap<string, string>;
}

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** `textOf` throws if the package has no such script. */
export function freeze(plan: Plan, build: string, textOf: (name: ScriptName) => string): Freezing {
  const scripts: Record<string, string> = {};
  const texts = new Map<string, string>();
  for (const name of scriptsOf(plan)) {
    const text = textOf(name);
    const digest = digestOf(text);
    scripts[name] = digest;
    texts.set(digest, text);
  }
  return { frozen: { format: planFormat, build, scripts }, texts };
}

function scriptsOf(plan: Plan): Set<ScriptName> {
  const steps = everyStep(plan);
  const commands = steps.flatMap(commandsOf);
  return new Set([
    ...steps.flatMap(({ scripts = [] }) => scripts),
    ...commands.flatMap(({ script, program }) => (program ? [script, program.script] : [script])),
  ]);
}
