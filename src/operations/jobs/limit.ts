// Changes the bandwidth of a running copy. The unit on the donor reads the limit between two tasks, and four times a
// second while it is limited.
import type { Inventory } from '../../inventory/settings.ts';
import { openJobLog } from '../../job/journal/log-file.ts';
import { isOver, type JobRecord, type StepState } from '../../job/journal/record.ts';
import type { PlannedCommand } from '../../job/plan/plan.ts';
import { runCommand } from '../../job/runner/run-command.ts';
import { notDone } from '../../job/runner/step-end.ts';
import { stepOf } from '../../job/steps-of.ts';
import { openRemotes } from '../../remote/open.ts';
import { limitedTo } from '../../scripts/seed-way-words.ts';
import { copyData } from '../../seed/transfer/steps/copy-data.ts';
import { listData } from '../../seed/transfer/steps/list-data.ts';
import { given, type Result, refused } from '../result.ts';
import { readOnlyJob } from './control.ts';
import type { JobStore } from './job-store.ts';

/** `bytesPerSecond`: all bytes that leave the donor, on the wire; 0: no limit. */
export async function limitJob(
  store: JobStore,
  job: JobRecord,
  bytesPerSecond: number,
  inventory: Pick<Inventory, 'hosts'>,
): Promise<Result<undefined>> {
  const readOnly = readOnlyJob(job, inventory);
  if (readOnly !== undefined) return refused({ kind: 'refused', message: readOnly, advice: '' });
  const listing = stepOf(job, listData);
  const limit = listing?.planned.commands.limit;
  const target = job.targets.find(({ name }) => name === listing?.planned.host);
  if (!listing || !limit || !target || isOver(job.state)) {
    return refused({
      kind: 'refused',
      message: `job ${job.id} copies nothing`,
      advice: 'reseed jobs lists those that run',
    });
  }
  const notNow = whyNotNow(job, listing.record.state);
  if (notNow) return refused({ kind: 'refused', ...notNow });
  const remotes = openRemotes({ environment: process.env });
  const remote = remotes.open(target);
  try {
    const log = openJobLog(store.home.log(job.id), Date.now);
    const parts = { journal: store.journal, log, open: () => remote, nowMs: Date.now };
    const answer = await runCommand(job, listing.planned, 'limit', limited(limit, bytesPerSecond), parts, {});
    if (answer.ok) return given(undefined);
    const { message, advice } = notDone(answer);
    return refused({ kind: 'failed', message: `${listing.planned.host}: ${message}`, advice });
  } finally {
    await remote.close();
    await remotes.close();
  }
}

/** By the journal: a limit can't be set before the donor has listed its files, and is useless after the copy. */
function whyNotNow(job: JobRecord, listed: StepState) {
  const { id, state } = job;
  const copy = stepOf(job, copyData);
  if (copy?.record.state === 'done')
    return { message: `job ${id} has copied its data: there is nothing left to limit`, advice: '' };
  if (state === 'releasing') return { message: `job ${id} is ending: it copies nothing any more`, advice: '' };
  if (copy && listed === 'waiting')
    return {
      message: `job ${id} begins its copy later`,
      advice: `set the limit then: reseed job show ${id} tells when`,
    };
  return undefined;
}

const limited = (planned: PlannedCommand, bytes: number): PlannedCommand => ({
  ...planned,
  args: limitedTo(planned.args, bytes),
});
