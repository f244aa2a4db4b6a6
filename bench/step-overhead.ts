// What a job adds to each command that it runs: the journal, synced to the disk before and after, and the log. Needs db1 of the
// practice fleet: npx reseed drill up db1
import { join } from 'node:path';
import { figure, median, tell } from './figures.ts';
import { inside } from './practice.ts';

const steps = 50;
const rounds = 3;

export async function stepOverhead(): Promise<void> {
  const bare: number[] = [];
  const added: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const printed = await inside(process.execPath, join(import.meta.dirname, 'step-cost.ts'), 'db1', String(steps));
    const { bareMs, jobMs } = JSON.parse(printed) as { bareMs: number; jobMs: number };
    bare.push(bareMs);
    added.push(jobMs - bareMs);
  }
  tell('a script asked of a host, no job', figure(median(bare), 'ms', 1));
  tell('what a step of a job adds to it', figure(median(added), 'ms', 1));
}
