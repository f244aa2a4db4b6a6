// reseed job limit: changes the bandwidth of a running copy.
import type { Inventory } from '../../../inventory/settings.ts';
import type { JobRecord } from '../../../job/journal/record.ts';
import type { JobStore } from '../../../operations/jobs/job-store.ts';
import { limitJob } from '../../../operations/jobs/limit.ts';
import { bytesIn, limitText } from '../../../text/amounts.ts';
import { exitWith, printJson, printLine, printRefusal } from '../../answer.ts';

/** `word`: `20M`, bytes per second that leave the donor on the wire; or `none`. Sets the exit code. */
export async function limit(
  store: JobStore,
  job: JobRecord,
  word: string,
  { inventory, json }: { readonly inventory: Pick<Inventory, 'hosts'>; readonly json: boolean | undefined },
): Promise<void> {
  const bytes = word === 'none' ? 0 : bytesIn(word);
  if (bytes === undefined) {
    const advice = 'write bytes a second with their unit, 20M or 1.5G; or none';
    return exitWith(printRefusal(json, { kind: 'usage', message: `'${word}' is no bandwidth`, advice }));
  }
  const done = await limitJob(store, job, bytes, inventory);
  if (!done.ok) return exitWith(printRefusal(json, done.refusal));
  if (json) printJson('limit', { id: job.id, bytesPerSecond: bytes === 0 ? null : bytes });
  else printLine(`job ${job.id} copies ${bytes === 0 ? 'as fast as it can' : `with at most ${limitText(bytes)}`}`);
}
