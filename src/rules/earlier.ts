// What earlier recoveries by rules say about the next one: one at a time, and none again soon. Pure.
import { isOver, type JobRecord } from '../job/journal/record.ts';
import { clockText } from '../text/times.ts';
import type { WhyNot } from './by-itself.ts';

/** A recovery that a rule began, here or on another jump host. */
export interface Earlier {
  /** `job 41`, `jump2:7` */
  readonly name: string;
  readonly job: Pick<JobRecord, 'state' | 'endedMs' | 'createdMs'> & {
    readonly plan: Pick<JobRecord['plan'], 'hosts'>;
  };
}

interface Now {
  readonly host: string;
  /** All hosts of its cluster. */
  readonly cluster: readonly string[];
  readonly againMs: number;
  readonly nowMs: number;
}

/** undefined: none of them forbids it. */
export function whyNotAgain(earlier: readonly Earlier[], { host, cluster, againMs, nowMs }: Now): WhyNot | undefined {
  const open = earlier.find(({ job }) => !isOver(job.state));
  if (open) return { text: `${open.name}, of a rule too, is not over: one recovery at a time`, isPassing: true };
  // One that ended after now was written before the clock was set back.
  const recent = earlier.filter(({ job }) => endOf(job) > nowMs - againMs);
  const same = recent.find(({ job }) => job.plan.hosts.includes(host));
  if (same) return { text: `${endText(same, nowMs)} for ${host}, and that did not last: a person has to look why` };
  const failed = recent.find(
    ({ job }) => job.state !== 'done' && job.plan.hosts.some((name) => cluster.includes(name)),
  );
  return failed && { text: `${endText(failed, nowMs)} in the same cluster: a person has to look why` };
}

const endOf = ({ endedMs, createdMs }: Earlier['job']) => endedMs ?? createdMs;

const endText = ({ name, job }: Earlier, nowMs: number) =>
  `${name} ended ${job.state} at ${clockText(new Date(endOf(job)), new Date(nowMs))}`;
