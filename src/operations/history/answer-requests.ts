// What other jump hosts ask of this one. It does with its own jobs what its own operator could: by the same checks, with the plan of its own
// journal. Nothing of the request but the job's number and key, and who asks, is used.

import { type AbortRequest, type Answer, giveAnswer, requestsOf, takeRequest } from '../../history/requests.ts';
import type { Sender } from '../../history/write.ts';
import { loadInventory } from '../../inventory/inventory.ts';
import { openJobLog } from '../../job/journal/log-file.ts';
import { isOver } from '../../job/journal/record.ts';
import { abortJob, endedText } from '../jobs/control.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { troubleOf } from '../jobs/job-trouble.ts';
import type { Moments } from './moments.ts';

/** Throws a HistoryTrouble. */
export async function answerRequests(
  store: JobStore,
  { database, jump, key }: Sender,
  inventory: string,
  moments: Moments,
): Promise<void> {
  for (const request of await requestsOf(database, jump, key)) {
    // Taken before it is done: what was withdrawn meanwhile is not done.
    if (!(await takeRequest(database, request.id))) continue;
    const why = whyNot(store, request, moments);
    const done = why === undefined ? await aborted(store, request, inventory) : { isDone: false, text: why };
    await giveAnswer(database, key, { id: request.id, jump }, done);
  }
}

function whyNot({ journal }: JobStore, request: AbortRequest, moments: Moments): string | undefined {
  const { job, key, isSealed } = request;
  if (!isSealed) return 'the request is not sealed by the key that the jump hosts share (history: key)';
  const old = moments.refuses(request);
  if (old !== undefined) return old;
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
    // An unfinished job was agreed to be ended. What a finished one has left is taken back by its own operators only: data could be lost.
    if (isOver(job.state)) return { isDone: false, text: endedText(job) };
    const asked = abortJob(store, job, read.inventory);
    if (!asked.ok) return { isDone: false, text: asked.why };
    openJobLog(store.home.log(id), Date.now).write('', `abort asked for by ${who}`);
    return { isDone: true, text: `job ${id} is asked to end` };
  } catch (error) {
    return { isDone: false, text: troubleOf(store, error).message };
  }
}
