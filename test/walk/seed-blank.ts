// A target without data is seeded before its walk, so that all faults find old data.
import { startRunner } from './runner.ts';
import { endingMs } from './seed-endings.ts';
import { isBlank } from './seed-facts.ts';
import { judgeSeed } from './seed-judge.ts';
import { nameOf } from './seed-pairs.ts';
import type { SeedStage } from './seed-stage.ts';

export async function seedBlank(stage: SeedStage): Promise<void> {
  const before = await stage.before();
  if (!isBlank(before.target)) return;
  const job = await stage.begin();
  await startRunner(job.id, endingMs).finish();
  const { kind, text } = await judgeSeed(stage, job.id, before);
  if (kind === 'done') return;
  throw new Error(`${nameOf(stage.pair)} does not come to its end undisturbed: ${text}`);
}
