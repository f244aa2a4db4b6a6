// One seed that a fault ends; and its result.
import type { Outcome } from './cell.ts';
import { startRunner } from './runner.ts';
import { type Ending, endingMs } from './seed-endings.ts';
import { judgeSeed } from './seed-judge.ts';
import { placeOf } from './seed-march.ts';
import type { Place } from './seed-place.ts';
import type { SeedStage } from './seed-stage.ts';

export async function playSeed(stage: SeedStage, place: Place, { end }: Ending): Promise<Outcome> {
  const before = await stage.before();
  const job = await stage.begin();
  const runner = startRunner(job.id, endingMs);
  try {
    for (let at = await placeOf(runner); at !== place.at; at = await placeOf(runner)) {
      if (at === undefined) throw new Error(`the runner ended before it came to ${place.at}`);
      runner.go();
    }
    await end({ stage, job, place, runner });
  } catch (error) {
    await runner.kill();
    return { kind: 'neither', text: `job ${job.id}: ${error instanceof Error ? error.message : error}` };
  }
  return await judgeSeed(stage, job.id, before);
}
