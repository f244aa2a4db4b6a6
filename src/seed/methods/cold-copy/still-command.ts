// The commands of the steps that keep a stopped donor as it is (seed-still.sh).
import { command } from '../../place.ts';
import type { SeedRequest } from '../../request.ts';

export const still = (
  { donor, job }: Pick<SeedRequest, 'donor' | 'job'>,
  verb: string,
  words: readonly string[],
  limitMs?: number,
) => command(donor.host.name, 'seed-still', [verb, donor.facts.datadir, job, ...words], limitMs);
