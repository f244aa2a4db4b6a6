// What a replica has done from one look to the next: a single look can't tell a long transaction from a stall, nor a moment from an hour. Pure.
import { channelsOf, type ReplicationState } from './source/replication-state.ts';

/** Alike in two looks: it has applied nothing between them. GTIDs don't tell where it replicates by files, or while one transaction is applied in parts. */
const placesOf = (state: ReplicationState): string =>
  [
    state.server.gtidExecuted,
    state.slaveGtid,
    state.applied?.file,
    ...channelsOf(state).map(({ name, execSourceLogPosition }) => `${name} ${execSourceLogPosition}`),
  ].join('\n');

/** Of each channel, by its name. GTIDs of a server with several don't tell which of them has applied something. */
function placesByChannel(state: ReplicationState): ReadonlyMap<string, string> {
  const channels = channelsOf(state);
  if (channels.length === 1) return new Map(channels.map(({ name }) => [name, placesOf(state)]));
  return new Map(channels.map(({ name, execSourceLogPosition }) => [name, String(execSourceLogPosition)]));
}

/** It applies what it has received, and has not all of it. One whose applier was stopped by hand does not. A server that has nothing to apply says that its lag is 0, if it says anything. */
export const hasWork = (state: ReplicationState): boolean =>
  channelsOf(state).some((channel) => {
    const { name, sqlThread, lagSeconds, sourceLogFile, readSourceLogPosition, execSourceLogPosition } = channel;
    const isInFile = name !== '' || state.applied?.file === sourceLogFile;
    return (
      sqlThread === 'running' && lagSeconds !== 0 && !(isInFile && readSourceLogPosition === execSourceLogPosition)
    );
  });

/** For how long it has applied nothing, in milliseconds. */
export function stillTime(startMs: number): (state: ReplicationState, nowMs: number) => number {
  let last: string | undefined;
  let movedMs = startMs;
  return (state, nowMs) => {
    const places = placesOf(state);
    if (places !== last) movedMs = nowMs;
    last = places;
    return nowMs - movedMs;
  };
}

/** For how long each channel has applied nothing, in milliseconds, by its name. */
export function stillTimes(): (state: ReplicationState, nowMs: number) => ReadonlyMap<string, number> {
  let last: ReadonlyMap<string, { readonly place: string; readonly sinceMs: number }> = new Map();
  return (state, nowMs) => {
    last = new Map(
      [...placesByChannel(state)].map(([name, place]) => {
        const before = last.get(name);
        return [name, before?.place === place ? before : { place, sinceMs: nowMs }];
      }),
    );
    return new Map([...last].map(([name, { sinceMs }]) => [name, nowMs - sinceMs]));
  };
}

/** For how long each channel was seen without one of its threads, in milliseconds, by its name; 0: both run. */
export function downTimes(): (state: ReplicationState, nowMs: number) => ReadonlyMap<string, number> {
  let since: ReadonlyMap<string, number> = new Map();
  return (state, nowMs) => {
    const down = channelsOf(state).filter(
      ({ ioThread, sqlThread }) => ioThread !== 'running' || sqlThread !== 'running',
    );
    since = new Map(down.map(({ name }) => [name, since.get(name) ?? nowMs]));
    return new Map([...since].map(([name, fromMs]) => [name, nowMs - fromMs]));
  };
}
