// Finished jobs that could not undo everything: their remains are on hosts, though a restart may have removed their
// locks. Pure.
import type { JobRecord } from '../../../job/journal/record.ts';

export interface HalfUndone {
  readonly job: JobRecord;
  /** Hosts with remains of the job. */
  readonly hosts: readonly string[];
}

/** In the order of the plan; empty for a job that left nothing. */
export function hostsLeft({ plan, resources }: JobRecord): readonly string[] {
  const left = new Set(leftOf(resources).map(({ step }) => step));
  return plan.hosts.filter((host) => plan.steps.some((step) => step.host === host && left.has(step.name)));
}

/** What is left on that host, in the plan's words. */
export function whatIsLeft({ plan, resources }: JobRecord, host: string): readonly string[] {
  const own = new Set(plan.steps.filter((step) => step.host === host).map(({ name }) => name));
  return leftOf(resources)
    .filter(({ step }) => own.has(step))
    .map(({ what }) => what);
}

const leftOf = (resources: JobRecord['resources']) => resources.filter(({ state }) => state === 'left');

export const halfUndoneOn = (host: string, jobs: readonly HalfUndone[]): readonly HalfUndone[] =>
  jobs.filter(({ hosts }) => hosts.includes(host));

export const halfUndoneText = ({ id, plan }: JobRecord): string =>
  `job ${id} (${plan.title}) is half undone here: reseed job show ${id}; reseed job abort ${id} undoes the rest`;

/** For the console, with its keys. The state first, since a row shows only the beginning. */
export const halfUndoneBrief = ({ id, plan }: JobRecord): string =>
  `half undone by job ${id} (${plan.title}): J shows it, a there undoes the rest`;
