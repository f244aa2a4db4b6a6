// The job that a verb names: of this journal, or of another jump host.
import { type OtherName, otherName } from '../../../history/name.ts';
import type { JobRecord } from '../../../job/journal/record.ts';
import type { JobStore } from '../../../operations/jobs/job-store.ts';
import { troubleOf } from '../../../operations/jobs/job-trouble.ts';
import type { Refusal } from '../../../operations/result.ts';
import { exitWith, printRefusal } from '../../answer.ts';
import type { HostOptions } from '../../hosts/targets.ts';
import { openJobStore } from './open-store.ts';

interface Acts {
  readonly own: (store: JobStore, job: JobRecord) => void | Promise<void>;
  /** Of a job of another jump host. Absent: it is done there only. */
  readonly other?: (store: JobStore, name: OtherName) => Promise<void>;
}

/** `id`: its number, or `jump2:4`. What is wrong is printed, and sets the exit code. */
export async function withJob(id: string, options: HostOptions, { own, other }: Acts): Promise<void> {
  const store = openJobStore(options.json);
  if (!store) return;
  try {
    const name = nameThere(store, id);
    const number = typeof name === 'object' ? undefined : name;
    const job = number !== undefined && /^\d{1,9}$/.test(number) ? store.journal.job(Number(number)) : undefined;
    if (job) await own(store, job);
    else if (typeof name === 'object' && other) await other(store, name);
    else if (typeof name === 'object') {
      const message = `job ${id} is one of ${name.host}, and only that jump host does this`;
      refuse(options, { kind: 'refused', message, advice: `log in there; if it is gone: reseed job take-up ${id}` });
    } else refuse(options, { kind: 'usage', message: `there is no job ${id}`, advice: 'reseed jobs lists them' });
  } catch (error) {
    const { message, advice } = troubleOf(store, error);
    refuse(options, { kind: 'failed', message: `job ${id} stays as it is: ${message}`, advice });
  }
  store.journal.close();
}

/** A job of this journal may be named as others name it: `jump1:4` is 4 on jump1. */
function nameThere({ journal }: JobStore, id: string): OtherName | string {
  const name = otherName(id);
  if (!name) return id;
  return name.host === journal.sharing.joined()?.name ? String(name.id) : name;
}

const refuse = ({ json }: HostOptions, refusal: Refusal) => exitWith(printRefusal(json, refusal));
