// The commands of the steps that keep a stopped donor unchanged (seed-still.sh).
import { type StillVerb, type StillWords, seedStillWords } from '../../../scripts/seed-still-words.ts';
import { command } from '../../place.ts';
import type { SeedRequest } from '../../request.ts';

export const still = <Verb extends StillVerb>(
  { donor: { host, facts }, job }: Pick<SeedRequest, 'donor' | 'job'>,
  verb: Verb,
  own: StillWords<Verb>,
  limitMs?: number,
) => command(host.name, 'seed-still', seedStillWords(verb, { datadir: facts.datadir, job }, own), limitMs);
