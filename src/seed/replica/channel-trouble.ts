// What keeps a channel from replicating: whether it ends a seed, or is waited for. Pure.
import type { ReplicationChannel } from '../../host/facts.ts';
import { usualNumber } from '../../host/server/replication-errors.ts';

/** Errors that no retry can change: Access denied, a fatal error of the source (1236), equal ids (1593), a relay log that can't be read (1594), a login that needs TLS. */
const hopeless = new Set([1045, 1236, 1593, 1594, 2059, 2061]);

/**
 * A source that is restarted, an address that moves, a DBA or a backup that stops the replica for a while: it goes on by itself, and an
 * undo would give up hours of copying.
 */
export const patienceMs = 60 * 60_000;
/** Threads that are only just starting are no trouble. */
const startingMs = 15_000;

/** For how long each channel has not run, and has applied nothing, by its name (movement.ts). */
export interface Down {
  readonly downMs: ReadonlyMap<string, number>;
  readonly stillMs: ReadonlyMap<string, number>;
}

/** Clean words. */
export interface Failed {
  readonly kind: 'failed';
  readonly why: string;
  readonly advice: string;
}

export const failed = (why: string, advice = ''): Failed => ({ kind: 'failed', why, advice });

type Trouble = Failed | { readonly kind: 'waits'; readonly why: string };

export function troubleOf(
  { name, ioThread, sqlThread, error, errorNumber, applierError }: ReplicationChannel,
  { downMs, stillMs }: Down,
): Trouble | undefined {
  if (applierError !== undefined && sqlThread === 'stopped') {
    return failed(`applying stopped with ${errorNumber}: ${applierError}`);
  }
  const forMs = downMs.get(name) ?? 0;
  const wait = (why: string, advice: string): Trouble | undefined => {
    // What it has received already, it applies meanwhile.
    if (Math.min(forMs, stillMs.get(name) ?? 0) > patienceMs) return failed(why, advice);
    return forMs > startingMs ? { kind: 'waits', why } : undefined;
  };
  if (error !== undefined && ioThread !== 'running') {
    const why = `it gets nothing from its source: ${errorNumber}: ${error}`;
    const isEnd = hopeless.has(usualNumber(errorNumber ?? 0)) || ioThread === 'stopped';
    return isEnd ? failed(why, adviceFor(errorNumber)) : wait(why, adviceFor(errorNumber));
  }
  if (ioThread !== 'stopped' && sqlThread === 'running') return undefined;
  return wait('its replication was stopped by others', 'seed again, and let it replicate until it has caught up');
}

function adviceFor(errorNumber: number | undefined): string {
  if (errorNumber === 1045) return 'the source does not know this account: name a file with another one';
  if (errorNumber === 2061) return 'the account wants TLS';
  return '';
}
