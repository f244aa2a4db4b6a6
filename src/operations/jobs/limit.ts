// Changes the bandwidth of a running copy, by the command `limit` of one of its steps. The unit on the donor reads the limit between two
// tasks, and four times a second while it is limited; that of a clone, on the target, once a second.
import type { Inventory } from '../../inventory/settings.ts';
import { openJobLog } from '../../job/journal/log-file.ts';
import { isOver, type JobRecord, type StepState } from '../../job/journal/record.ts';
import type { PlannedCommand, PlannedStep } from '../../job/plan/plan.ts';
import { runCommand } from '../../job/runner/run-command.ts';
import { notDone } from '../../job/runner/step-end.ts';
import { stepOf } from '../../job/steps-of.ts';
import { openRemotes } from '../../remote/open.ts';
import type { RemoteTarget } from '../../remote/remote.ts';
import { limitedTo, limitIn } from '../../scripts/seed-way-words.ts';
import { carryData } from '../../seed/methods/own-commands/carry-data.ts';
import { copyData } from '../../seed/transfer/steps/copy-data.ts';
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
  const found = limitedNow(job);
  if ('message' in found) return refused({ kind: 'refused', ...found });
  const { planned, limit, target } = found;
  const remotes = openRemotes({ environment: process.env });
  const remote = remotes.open(target);
  try {
    const log = openJobLog(store.home.log(job.id), Date.now);
    const parts = { journal: store.journal, log, open: () => remote, nowMs: Date.now };
    const answer = await runCommand(job, planned, 'limit', limited(limit, bytesPerSecond), parts, {});
    if (answer.ok) return given(undefined);
    const { message, advice } = notDone(answer);
    return refused({ kind: 'failed', message: `${planned.host}: ${message}`, advice });
  } finally {
    await remote.close();
    await remotes.close();
  }
}

/** Bytes a second, as it is now; 0: none. undefined: the job copies nothing that can be limited now. */
export function limitOf(job: JobRecord, commands: ReturnType<JobStore['journal']['commands']>): number | undefined {
  const found = limitedNow(job);
  if ('message' in found) return undefined;
  const set = commands.findLast(
    ({ key, script, code }) => key === 'limit' && script === found.limit.script && code === 0,
  );
  return limitIn((set ?? found.limit).args);
}

interface Limited {
  readonly planned: PlannedStep;
  readonly limit: PlannedCommand;
  readonly target: RemoteTarget;
}

/** The step whose command sets it, by the journal; or why there is none. */
function limitedNow(job: JobRecord): Limited | { readonly message: string; readonly advice: string } {
  const { id, state } = job;
  const steps = job.plan.steps.flatMap((planned) => limitedStep(job, planned));
  if (steps.length === 0 || isOver(state)) {
    return { message: `job ${id} copies nothing`, advice: 'reseed jobs lists those that run' };
  }
  if (stepOf(job, carryData)) {
    return {
      message: `commands of the inventory carry the data of job ${id}, and reseed does not limit them`,
      advice: 'give the commands a limit of their own (pv -L, for example), and seed again',
    };
  }
  if (steps.every((step) => step.isOver))
    return { message: `job ${id} has copied its data: there is nothing left to limit`, advice: '' };
  if (state === 'releasing') return { message: `job ${id} is ending: it copies nothing any more`, advice: '' };
  const [now] = steps.filter((step) => !step.isOver && !step.isWaiting);
  return (
    now ?? {
      message: `job ${id} begins its copy later`,
      advice: `set the limit then: reseed job show ${id} tells when`,
    }
  );
}

/** A limit can't be set before the step has begun, and is useless after the copy: by that step itself, or by another that copies. */
function limitedStep(job: JobRecord, planned: PlannedStep) {
  const { limit } = planned.commands;
  const target = job.targets.find(({ name }) => name === planned.host);
  if (!limit || !target) return [];
  const stateOf = (name: string): StepState => job.steps.find((step) => step.name === name)?.state ?? 'waiting';
  const own = stateOf(planned.name);
  const copies = stepOf(job, copyData)?.record.state ?? own;
  return [{ planned, limit, target, isWaiting: own === 'waiting', isOver: copies === 'done' }];
}

const limited = (planned: PlannedCommand, bytes: number): PlannedCommand => ({
  ...planned,
  args: limitedTo(planned.args, bytes),
});
