// A job whose steps have misleading names: each has the name of the step before it.
import type { CommandRecord, JobRecord } from '../../src/job/journal/record.ts';

export function misnamed(job: JobRecord): JobRecord {
  const now = otherName(job);
  return {
    ...job,
    plan: {
      ...job.plan,
      steps: job.plan.steps.map((step) => ({ ...step, name: now(step.name), title: now(step.name) })),
    },
    steps: job.steps.map((step) => ({ ...step, name: now(step.name) })),
    resources: job.resources.map((resource) => ({ ...resource, step: now(resource.step) })),
  };
}

export const misnamedIn = (job: JobRecord, commands: readonly CommandRecord[]): CommandRecord[] =>
  commands.map((command) => ({ ...command, step: otherName(job)(command.step) }));

function otherName({ plan }: JobRecord): (name: string) => string {
  const names = plan.steps.map(({ name }) => name);
  return (name) => names.at(names.indexOf(name) - 1) ?? name;
}
