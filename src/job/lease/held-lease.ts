// The lease of a job while its runner works: renewed every few seconds, and looked at before anything is done or written. A runner whose
// machine was suspended may wake after its job was taken up elsewhere.
import type { Journal } from '../journal/journal.ts';
import { type Holder, renewEveryMs } from './lease.ts';

/** Another runner runs the job: this one does and writes nothing more. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

export interface HeldLease {
  /** Throws a LeaseLost. */
  check(): void;
  /** Ends when it is lost. */
  readonly signal: AbortSignal;
  /** The runner ends: its job can be resumed by any other at once. */
  end(): void;
}

/**
 * `onTrouble`: why it could not be renewed, told at the runner's next look: what it throws, as where a full disk takes no log either, is
 * thrown there. That alone takes nothing from the runner.
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
