// Reads the brought logs on the target with its own programs: they must hold what the plan shows, and nothing else. A hostile host may have told otherwise than it
// sent.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { defineStep, noResult } from '../job/plan/step-work.ts';
import { failed, notDone } from '../job/runner/step-end.ts';
import { stagedWords } from '../scripts/salvage-words.ts';
import { runsText } from './gtids.ts';
import { type SalvageJob, vendorSchema } from './job.ts';
import { countText, tailWarnings } from './lines.ts';
import { readTail, type Tail } from './tail.ts';

const deadlineMs = 15 * 60_000;

export const checkLogs = defineStep({
  kind: 'check-logs',
  input: z.strictObject({ vendor: vendorSchema, gtids: z.string(), count: z.number(), digest: z.string() }),
  result: noResult,
  plan: ({ job, from, to, vendor, tail }: SalvageJob) => ({
    name: 'check the logs',
    title: `compare the logs on ${to.name} with this plan: ${countText(tail.count)} of ${from.name}, and nothing else`,
    host: to.name,
    input: { vendor, gtids: runsText(vendor, tail.runs), count: tail.count, digest: digestOfTail(tail) },
    commands: { look: { host: to.name, script: 'salvage-look', args: stagedWords(job), deadlineMs } },
  }),
  run: async ({ run, step, input: { vendor, gtids, count, digest } }) => {
    const answer = await run('look');
    if (!answer.ok) return notDone(answer);
    const tail = readTail(answer.stdout);
    if (!tail) return failed(`${step.host} did not tell what the logs hold, or not in the form of its script`);
    const [trouble] = tailWarnings(tail);
    if (trouble !== undefined) return failed(`the logs on ${step.host}: ${trouble}`, 'nothing was applied');
    const holds = runsText(vendor, tail.runs);
    if (holds === gtids && tail.count === count && digestOfTail(tail) === digest) return { ok: true };
    const what = holds === gtids ? `${gtids}, with other contents` : holds || 'no transaction';
    return failed(
      `the logs on ${step.host} are not those that were planned: they hold ${what}`,
      'nothing was applied; look at them again, and plan again',
    );
  },
});

/** What a tail has, without its places in logs. Which database is the default one depends on the statements before it. */
function digestOfTail({ transactions }: Tail): string {
  const told = transactions.map(({ log: _log, at: _at, databases: _databases, ...one }) => JSON.stringify(one));
  return createHash('sha256').update(told.toSorted().join('\n')).digest('hex');
}
