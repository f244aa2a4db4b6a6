// One seed with a fault at one place after the other; and its result. If it does not come to its end, another seed
// follows, until every place had its fault.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome } from './cell.ts';
import { type Runner, startRunner } from './runner.ts';
import { marchMs, type Survivable } from './seed-faults.ts';
import { judgeSeed } from './seed-judge.ts';
import { type Place, plainName, whereOf } from './seed-place.ts';
import type { SeedStage } from './seed-stage.ts';

/** A fault at a place. */
export interface Turn {
  readonly place: Place;
  readonly name: string;
  readonly fault: Survivable['fault'];
}

type Told = (place: Place, fault: string, outcome: Outcome) => Promise<void>;

/** `turns` in any order, each once. */
export async function march(stage: SeedStage, turns: readonly Turn[], tell: Told): Promise<void> {
  let left = [...turns];
  while (left.length > 0) {
    const taken = await marchOnce(stage, left, tell);
    if (taken.length === 0) throw new Error(`no seed comes to ${left.map(({ place }) => place.at).join(', ')}`);
    left = left.filter((turn) => !taken.includes(turn));
  }
}

/** Those that had their turn. */
async function marchOnce(stage: SeedStage, turns: readonly Turn[], tell: Told): Promise<Turn[]> {
  const before = await stage.before();
  const job = await stage.begin();
  const taken: Turn[] = [];
  let runner = startRunner(job.id, marchMs);
  let trouble: Outcome | undefined;
  try {
    for (let at = await placeOf(runner); at !== undefined; at = await placeOf(runner)) {
      const turn = turns.find((one) => one.place.at === at && !taken.includes(one));
      if (!turn) {
        runner.go();
        continue;
      }
      taken.push(turn);
      process.stderr.write(`job ${job.id} · ${turn.place.step}: ${whereOf(turn.place)} · ${turn.name}\n`);
      runner = await turn.fault({ stage, job, place: turn.place, runner });
    }
  } catch (error) {
    trouble = { kind: 'neither', text: `job ${job.id}: ${error instanceof Error ? error.message : error}` };
    await runner.kill();
  }
  const outcome = trouble ?? (await judgeSeed(stage, job.id, before));
  // The last fault caused the result: the seed survived those before.
  for (const { place, name } of taken.slice(0, -1)) await tell(place, name, { kind: 'done', text: '' });
  const last = taken.at(-1);
  if (last) await tell(last.place, last.name, outcome);
  return taken;
}

/** A host that is away is waited for, but not for so long. */
const hangMs = 15 * 60_000;

/** The next place where it stops; undefined: it has ended. */
export async function placeOf(runner: Runner): Promise<string | undefined> {
  const over = new AbortController();
  const hangs = sleep(hangMs, 'hangs' as const, { signal: over.signal }).catch(() => 'over' as const);
  const next = await Promise.race([runner.next().then((at) => ({ at })), hangs]);
  over.abort();
  if (typeof next === 'string') throw new Error(`its runner has done nothing for ${hangMs / 60_000} min`);
  return next.at === undefined ? undefined : plainName(next.at);
}
