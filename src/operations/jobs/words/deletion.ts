// Whether a seed deleted a target's old data, as far as its journal knows. Pure.
import type { CommandRecord, JobRecord } from '../../../job/journal/record.ts';

export type Ran = readonly Pick<CommandRecord, 'step' | 'key' | 'code' | 'said'>[];

/** `begun`: the step runs, failed, or its runner died: its command may have deleted all, some or nothing. */
export type Deletion = 'no' | 'begun' | 'done';

/** `what`: the step that deletes (target-steps.ts): `clear` makes room before the copy, `drop` ends a seed. */
export function deletionBy(job: JobRecord, commands: Ran, what: 'clear' | 'drop', host: string): Deletion {
  const name = `${what} ${host}`;
  const state = job.steps.find((step) => step.name === name)?.state ?? 'waiting';
  const succeeded = commands.some(({ step, key, code }) => step === name && key === 'run' && code === 0);
  if (state === 'done' || succeeded) return 'done';
  return state === 'running' || state === 'failed' ? 'begun' : 'no';
}
