// The jobs of this journal that are not over, for whoever looks at their hosts.
import { existsSync } from 'node:fs';
import { jobHome } from '../../job/home.ts';
import type { JobRecord } from '../../job/record.ts';
import { isAbandoned, tryDesk } from './desk.ts';

export interface JobAtWork {
  readonly job: JobRecord;
  /** Its runner has ended: it holds what it holds, and does nothing. */
  readonly abandoned: boolean;
}

/** The oldest first. None where there is no journal that can be read: which it is, is said by every verb at its end. */
export function jobsAtWork(): readonly JobAtWork[] {
  const desk = existsSync(jobHome(process.env).journal) ? tryDesk() : undefined;
  if (desk === undefined || typeof desk === 'string') return [];
  try {
    return desk.journal
      .openJobs()
      .map((job) => ({ job, abandoned: isAbandoned(desk, job) }))
      .toReversed();
  } finally {
    desk.journal.close();
  }
}
