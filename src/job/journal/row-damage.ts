// A job whose record in the journal can't be read: which column is damaged, and what is still known of the job.
import { cleanLine } from '../../text/clean.ts';
import type { Lease } from '../lease/lease.ts';
import type { ProcessId } from '../lease/process-id.ts';
import { isOver, type JobState } from './record.ts';

/** Where a value of the journal is. */
export interface Column {
  readonly job: number;
  readonly table: 'job' | 'step' | 'resource' | 'command' | 'lease' | 'sample';
  readonly column: string;
}

/** Thrown where a row of a job is read. Its message names job and column. */
export class RowDamage extends Error {
  override readonly name = 'RowDamage';
  readonly at: Column;
  readonly why: string;

  /** `why`: `not JSON`. */
  constructor(at: Column, why: string) {
    super(cleanLine(damageText(at, why)));
    this.at = at;
    this.why = why;
  }
}

const damageText = ({ job, table, column }: Column, why: string): string =>
  `the record of job ${job} in the journal is damaged: column ${column} of table ${table} (${why})`;

export interface DamagedJob {
  readonly id: number;
  readonly key: string;
  /** undefined: it can't be read either. */
  readonly state: JobState | undefined;
  /** Of its plan, where that can be read. */
  readonly title?: string;
  readonly hosts: readonly string[];
  readonly createdMs?: number;
  readonly lease?: Lease;
  readonly runner?: ProcessId;
  readonly damage: RowDamage;
}

/** Whether it may still have a part of its work to do. */
export const mayBeOpen = ({ state }: Pick<DamagedJob, 'state'>): boolean => state === undefined || !isOver(state);

type Left = Pick<DamagedJob, 'state' | 'hosts'>;

/** Whether it may have left something on hosts. */
const mayHold = (job: Left): boolean => mayBeOpen(job) || job.state === 'cleanup-needed';

/** What an operator can do about it. */
export function damageAdvice(job: Left, journal: string, log: string): string {
  const copy = `put back a copy of ${journal} to read it`;
  const hosts = job.hosts.length > 0 ? job.hosts : ['HOST'];
  const clean = hosts.map((host) => `reseed clean ${host}`).join(', ');
  return mayHold(job)
    ? `${copy}. Without one: ${log} tells what it did; ${clean} takes away what it left, or names it`
    : `${copy}. The job is over; ${log} tells what it did`;
}
