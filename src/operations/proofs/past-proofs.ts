// The proofs of restore, and of rows, that the journal has.
import { existsSync } from 'node:fs';
import { jobHome } from '../../job/journal/home.ts';
import type { JobRecord } from '../../job/journal/record.ts';
import { rowProof } from '../../proofs/rows/plan.ts';
import { rebuildKind } from '../../seed/frame.ts';
import { inJobStore } from '../jobs/job-store.ts';

/** The newest first; a text: why the journal can't be read. Without a journal there is none. */
export const pastProofs = (sinceMs: number): readonly JobRecord[] | string => ofKind('proof', sinceMs);

/** The same, of rows. */
export const pastRowProofs = (sinceMs: number): readonly JobRecord[] | string => ofKind(rowProof, sinceMs);

function ofKind(kind: string, sinceMs: number): readonly JobRecord[] | string {
  if (!existsSync(jobHome(process.env).journal)) return [];
  return inJobStore(({ journal }) => journal.jobsOf(journal.idsOfKind(kind, sinceMs)));
}

/** Those of the last hundred days, for what shows hosts; with the seeds, after which a proof of rows says nothing more. Empty where the journal can't be read: hosts are shown whatever is wrong with it. */
export function knownProofs(nowMs: number): readonly JobRecord[] {
  const sinceMs = nowMs - 100 * 86_400_000;
  const read = (proofs: readonly JobRecord[] | string) => (typeof proofs === 'string' ? [] : proofs);
  const rows = read(pastRowProofs(sinceMs));
  const seeds = rows.length > 0 ? read(ofKind(rebuildKind, sinceMs)) : [];
  return [...read(pastProofs(sinceMs)), ...rows, ...seeds];
}
