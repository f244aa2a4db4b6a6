// What a hook reads on its standard input: facts of its job, as JSON. Their form is in docs/hooks.md; a change that a hook can trip over has
// another version. No password, and no path of one, is among them.
import { z } from 'zod';
import type { JobRecord } from '../job/journal/record.ts';
import { lostLanes } from '../job/lanes.ts';
import { stepOf, stepsOf } from '../job/steps-of.ts';
import { catchUp } from '../seed/replica/steps/catch-up.ts';
import { copyData } from '../seed/transfer/steps/copy-data.ts';

const factsVersion = 1;

const text = z.string().nullable();

/** What is known when the job is planned. */
export const plannedFacts = z.strictObject({
  hook: z.strictObject({ name: z.string(), at: z.string(), for: z.array(z.string()), on: z.string() }),
  operator: z.strictObject({ account: z.string(), sudoUser: text, jumpHost: z.string(), from: text }),
  hosts: z.array(
    z.strictObject({
      name: z.string(),
      role: z.enum(['donor', 'target', 'host']),
      address: z.string(),
      mysqlPort: z.number().nullable(),
      cluster: text,
      datacenter: text,
    }),
  ),
  donor: text,
  targets: z.array(z.string()),
  /** What each host is after a job that succeeds. Absent: a plan of an earlier build. */
  ends: z.record(z.string(), z.enum(['replica', 'alone']).nullable()).optional(),
  method: text,
  snapshot: text,
  dataBytes: z.number().nullable(),
});
export type PlannedFacts = z.infer<typeof plannedFacts>;

/** One line of JSON, with what the job is and has done by now. */
export function factsText(planned: PlannedFacts, job: JobRecord): string {
  const { hook, dataBytes, ...rest } = planned;
  const { doneBytes, totalBytes } = stepOf(job, copyData)?.record.progress ?? {};
  const lags = stepsOf(job, catchUp).flatMap(({ planned: { host }, result }) =>
    result?.lagSeconds === undefined ? [] : [[host, result.lagSeconds] as const],
  );
  const facts = JSON.stringify({
    version: factsVersion,
    hook,
    job: { id: job.id, key: job.key, kind: job.plan.kind, title: job.plan.title },
    ...rest,
    bytes: { data: dataBytes, copied: doneBytes ?? null, toCopy: totalBytes ?? null },
    lagSeconds: Object.fromEntries(lags),
    error: job.error ?? null,
    failed: lostLanes(job),
    aborted: job.abortRequested,
  });
  // `read` of a shell fails at a line without an end.
  return `${facts}\n`;
}
