// The proofs of restore that the journal has.
import { existsSync } from 'node:fs';
import { jobHome } from '../../job/journal/home.ts';
import type { JobRecord } from '../../job/journal/record.ts';
import { inJobStore } from '../jobs/job-store.ts';

/** The newest first; a text: why the journal can't be read. Without a journal there is none. */
export function pastProofs(sinceMs: number): readonly JobRecord[] | string {
  if (!existsSync(jobHome(process.env).journal)) return [];
  return inJobStore(({ journal }) => journal.jobsOf(journal.idsOfKind('proof', sinceMs)));
}

/** Those of the last hundred days, for what shows hosts. Empty where the journal can't be read: hosts are shown whatever is wrong with it. */
export function knownProofs(nowMs: number): readonly JobRecord[] {
  const proofs = pastProofs(nowMs - 100 * 86_400_000);
  return typeof proofs === 'string' ? [] : proofs;
}
