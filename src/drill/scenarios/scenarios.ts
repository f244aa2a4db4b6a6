// Every scenario.
import { DrillFailure } from '../failure.ts';
import { corruptReplica } from './corrupt-replica.ts';
import { deadDisk } from './dead-disk.ts';
import { errant } from './errant.ts';
import { fullDisk } from './full-disk.ts';
import { fullSnapshot } from './full-snapshot.ts';
import type { Scenario } from './scenario.ts';
import { splitSeed } from './split-seed.ts';
import { twoOperators } from './two-operators.ts';
import { wrongSource } from './wrong-source.ts';

/** The easiest first. */
export const scenarios: readonly Scenario[] = [
  fullDisk,
  corruptReplica,
  fullSnapshot,
  wrongSource,
  errant,
  splitSeed,
  twoOperators,
  deadDisk,
];

/** The scenario of that name. Otherwise a DrillFailure that lists all. */
export function scenarioNamed(name: string): Scenario {
  const scenario = scenarios.find((one) => one.name === name);
  if (scenario) return scenario;
  throw new DrillFailure(
    'usage',
    `there is no scenario '${name}'`,
    `there are: ${scenarios.map((one) => one.name).join(', ')}`,
  );
}
