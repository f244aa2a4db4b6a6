// What other jump hosts ask of this one. It does with its own jobs what its own operator could: by the same checks, with the plan of its own
// journal. Nothing of the request but the job's number and key, and who asks, is used.

import { type AbortRequest, type Answer, giveAnswer, requestsOf, takeRequest } from '../../history/requests.ts';
import type { Sender } from '../../history/write.ts';
import { loadInventory } from '../../inventory/inventory.ts';
import { openJobLog } from '../../job/journal/log-file.ts';
import { abortJob } from '../jobs/control.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { troubleOf } from '../jobs/job-trouble.ts';

/** Throws a HistoryTrouble. */
export async function answerRequests(
  store: JobStore,
  { database, jump, key }: Sender,
  inventory: string,
): Promise<void> {
  for (const request of await requestsOf(database, jump, key)) {
    // Taken before it is done: what was withdrawn meanwhile is not done.
    if (!(await takeRequest(database, request.id))) continue;
    const why = whyNot(store, request);
    const done = why === undefined ? await aborted(store, request, inventory) : { isDone: false, text: why };
    await giveAnswer(database, request.id, done);
  }
}

function whyNot({ journal }: JobStore, { job, key, isSealed }: AbortRequest): string | undefined {
  if (!isSealed) return 'the request is not sealed by the key that the jump hosts share (history: key)';
  const [own] = journal.jobsOf([job]);
  return own?.key === key ? undefined : `there is no such job ${job} any more`;
}

async function aborted(store: JobStore, { job: id, who }: AbortRequest, inventory: string): Promise<Answer> {
  // The inventory says whether its hosts may be changed.
  const read = await loadInventory({ environment: process.env, workingDirectory: '/', flag: inventory });
  if (!read.ok) return { isDone: false, text: `the inventory of its jump host can't be read: ${inventory}` };
  try {
    const [job] = store.journal.jobsOf([id]);
    if (!job) return { isDone: false, text: `there is no such job ${id} any more` };
    const asked = abortJob(store, job, read.inventory);
    if (!asked.ok) return { isDone: false, text: asked.why };
    openJobLog(store.home.log(id), Date.now).write('', `abort asked for by ${who}`);
    return { isDone: true, text: `job ${id} is asked to end` };
  } catch (error) {
    return { isDone: false, text: troubleOf(store, error).message };
  }
}
