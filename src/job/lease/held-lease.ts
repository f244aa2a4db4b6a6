// The lease of a job while its runner works: renewed every few seconds, and checked before anything is done or written.
// A runner whose machine was suspended may wake up after another machine took its job.
import type { Journal } from '../journal/journal.ts';
import { type Holder, renewEveryMs } from './lease.ts';

/** Another runner has the job: this one does and writes nothing more. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

export interface HeldLease {
  /** Throws a LeaseLost. */
  check(): void;
  /** Aborts when the lease is lost. */
  readonly signal: AbortSignal;
  /** Ends the lease: any other runner can resume the job at once. */
  end(): void;
}

/**
 * `onTrouble`: called at the runner's next check with the reason why the lease could not be renewed. If it throws (a
 * full disk takes no log either), the check throws that. A failed renewal alone does not stop the runner.
 */
export function keepLease(
  journal: Journal,
  id: number,
  { key }: Holder,
  onTrouble: (error: unknown) => void,
  everyMs = renewEveryMs,
): HeldLease {
  const lost = new AbortController();
  let untold: { readonly error: unknown } | undefined;
  const timer = setInterval(() => {
    try {
      if (!journal.renewLease(id, key)) lost.abort();
    } catch (error) {
      untold = { error };
    }
  }, everyMs);
  timer.unref();
  return {
    check: () => {
      const trouble = untold;
      untold = undefined;
      if (trouble) onTrouble(trouble.error);
      const holder = journal.leaseHolder(id);
      if (holder?.key === key) return;
      lost.abort();
      const where = holder ? ` on ${holder.machine.name}` : '';
      throw new LeaseLost(`job ${id} was taken up by another runner${where}`);
    },
    signal: lost.signal,
    end: () => {
      clearInterval(timer);
      journal.endLease(id, key);
    },
  };
}
