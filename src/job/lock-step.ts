// The step every job begins with: one owner at a time for the dangerous work on a host, whichever jump host the work comes from.
import type { PlannedCommand, PlannedStep } from './plan.ts';
import type { Who } from './record.ts';
import type { StepEnd, StepTools } from './step-work.ts';
import { whoLine } from './who.ts';

const deadlineMs = 30_000;

export function lockStep(host: string, job: string, who: Who): PlannedStep {
  const command = (...args: string[]): PlannedCommand => ({ host, script: 'host-lock', args, deadlineMs });
  return {
    name: `lock ${host}`,
    title: `lock ${host}`,
    host,
    volatile: true,
    work: 'lock',
    input: {},
    commands: { take: command('take', job, whoLine(who)), release: command('release', job) },
    acquires: { what: `the lock of ${host}`, release: 'release', whenDone: 'release' },
  };
}

export async function lockHost({ run, step }: StepTools): Promise<StepEnd> {
  const answer = await run('take');
  if (answer.ok) return { ok: true };
  if (answer.kind !== 'exit' || answer.code !== 3) return { ok: false, message: answer.message, advice: answer.advice };
  const [job = '?', owner = '?'] = answer.stderr.trim().split('\n');
  return {
    ok: false,
    message: `${step.host} is being worked on by job ${job} of ${owner}`,
    advice: `wait for it; if it will not come back: reseed unlock ${step.host}`,
  };
}
