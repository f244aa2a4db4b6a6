// A seed whose console is killed while each of its steps runs, with its whole process group, as a closed terminal does:
// first the console that requested it, then those that were attached to it.
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { isOver, type JobRecord } from '../../src/job/journal/record.ts';
import { sendSignal } from '../../src/process/signal.ts';
import { reseedWords } from '../fleet/fleet.ts';
import type { Outcome } from './cell.ts';
import { judgeSeed } from './seed-judge.ts';
import { verbOf } from './seed-pairs.ts';
import { plainName } from './seed-place.ts';
import type { SeedStage } from './seed-stage.ts';

export const consoleKilled = 'console killed';

const lookEveryMs = 100;
const limitMs = 20 * 60_000;

/** By the steps during which one was killed. */
export async function withoutConsoles(stage: SeedStage): Promise<{ steps: readonly string[]; outcome: Outcome }> {
  const { pair } = stage;
  const before = await stage.before();
  const known = newest(stage)?.id ?? 0;
  let console = started(...verbOf(pair));
  const steps: string[] = [];
  for (const endMs = Date.now() + limitMs; Date.now() < endMs; await sleep(lookEveryMs)) {
    const job = newest(stage);
    if (!job || job.id <= known) continue;
    if (isOver(job.state)) break;
    const under = plainName(job.steps.find(({ state }) => state === 'running')?.name ?? '');
    if (under === '' || steps.includes(under)) continue;
    steps.push(under);
    console.kill();
    console = started('job', 'attach', String(job.id));
  }
  console.kill();
  const job = newest(stage);
  if (!job || job.id <= known) return { steps, outcome: { kind: 'neither', text: 'no job was begun' } };
  return { steps, outcome: await judgeSeed(stage, job.id, before) };
}

const newest = ({ store }: SeedStage): JobRecord | undefined => store.journal.jobs(1)[0];

function started(...verb: string[]): { kill(): void } {
  const [node, script] = reseedWords;
  const child = execa(node, [script, ...verb], { detached: true, reject: false, stdin: 'ignore' });
  let runs = true;
  void child.then(() => {
    runs = false;
  });
  return {
    kill: () => {
      if (runs && child.pid !== undefined) sendSignal(-child.pid, 'SIGKILL');
    },
  };
}
