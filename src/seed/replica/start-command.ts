// The commands of the steps that start a server on new data (seed-start.sh).
import { type StartVerb, type StartWords, seedStartWords } from '../../scripts/seed-start-words.ts';
import { command } from '../place.ts';
import type { ServerPlan } from './plan.ts';

export const startCommand = <Verb extends StartVerb>(
  { target, unit, job }: ServerPlan,
  verb: Verb,
  own: StartWords<Verb>,
) => command(target.name, 'seed-start', seedStartWords(verb, { unit, job }, own));
