// The commands of the steps that start a server on new data (seed-start.sh).
import { command } from '../place.ts';
import type { AttachPlan } from './plan.ts';

export const startCommand = ({ target, unit, job }: AttachPlan, verb: string, ...words: string[]) =>
  command(target.name, 'seed-start', [verb, unit, job, ...words]);
