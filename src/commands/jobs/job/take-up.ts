// reseed job take-up: a job of a jump host that is gone.
import type { OtherName } from '../../../history/name.ts';
import type { JobRecord } from '../../../job/journal/record.ts';
import { readOnlyJob } from '../../../operations/jobs/control.ts';
import type { JobStore } from '../../../operations/jobs/job-store.ts';
import { exitWith, printRefusal } from '../../answer.ts';
import { chooseHosts, type HostOptions } from '../../hosts/targets.ts';
import { refusedYes } from '../agree.ts';
import { type BeginOptions, begin } from '../begin.ts';

type Options = HostOptions & BeginOptions;

/** Sets the exit code. */
export async function takeUpOther(store: JobStore, name: OtherName, options: Options): Promise<void> {
  if (refusedYes(options, `${name.host}:${name.id}`)) return;
  const chosen = await chooseHosts([], options);
  if (!chosen) return;
  const { draftTakingUp } = await import('../../../operations/history/take-up.ts');
  const draft = await draftTakingUp(store, name, chosen.inventory);
  if (draft.ok) await begin(draft.value, options);
  else exitWith(printRefusal(options.json, draft.refusal));
}

/** A job of this jump host is resumed here, by its own plan. */
export async function takeUpOwn(_: JobStore, job: JobRecord, options: Options): Promise<void> {
  const chosen = await chooseHosts([], options);
  if (!chosen) return;
  const message = readOnlyJob(job, chosen.inventory) ?? `job ${job.id} is of this jump host`;
  exitWith(printRefusal(options.json, { kind: 'refused', message, advice: `reseed job resume ${job.id}` }));
}
