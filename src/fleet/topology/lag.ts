// How far a host's replication is behind, and the word for a stopped one. Pure.
import type { ReplicationFacts } from '../../host/facts.ts';

/** Seconds; Infinity for a stopped channel. Undefined where a running one can't tell, or there is none. */
export function lagOf({ channels }: ReplicationFacts): number | undefined {
  const lags = channels.map(({ ioThread, sqlThread, lagSeconds }) =>
    ioThread === 'running' && sqlThread === 'running' ? lagSeconds : Number.POSITIVE_INFINITY,
  );
  const known = lags.filter((lag) => lag !== undefined);
  return known.length < lags.length || known.length === 0 ? undefined : Math.max(...known);
}

/** `Broken` is a channel that stopped by an error. A source that is down may come back by itself. */
export function stoppedWord({ channels }: ReplicationFacts): string {
  const isBroken = channels.some(
    ({ ioThread, sqlThread, error }) => error && (sqlThread === 'stopped' || ioThread === 'stopped'),
  );
  if (isBroken) return 'broken';
  return channels.some(({ ioThread }) => ioThread === 'connecting') ? 'no source' : 'stopped';
}
