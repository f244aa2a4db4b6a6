// The view of a log: cursor, pause, search, filter. Pure; lines come in as they are kept (LogView). A paused view keeps
// the lines of that moment, whatever comes in or is dropped later.
import type { LogView } from '../../../src/fleet/log/follow.ts';
import { isShownAt } from '../../../src/fleet/log/severity.ts';
import type { LogEntry } from '../../../src/fleet/log/view.ts';
import { type Move, moved } from '../../base/Viewport.tsx';

/** The levels that `log.severity` cycles through. */
export const leasts = ['note', 'warning', 'error'] as const;

/** What is shown at each level, as the title of the log has it. System lines of MySQL are among warnings, and lines without a severity always shown. */
export const leastTexts: Readonly<Record<(typeof leasts)[number], string>> = {
  note: 'all lines',
  warning: 'without notes',
  error: 'errors only',
};

export interface LogLook {
  /** The lines at the moment of the pause; undefined while it follows. */
  readonly held: LogView | undefined;
  /** The number of the entry under the cursor, counted from the log's first; without meaning while it follows. */
  readonly cursor: number;
  readonly search: string;
  readonly least: (typeof leasts)[number];
  readonly wrap: boolean;
  readonly times: boolean;
}

export const firstLook: LogLook = {
  held: undefined,
  cursor: 0,
  search: '',
  least: 'note',
  wrap: false,
  times: true,
};

export const shownView = (look: LogLook, live: LogView): LogView => look.held ?? live;

/** Entries are never changed, so the same list is filtered once for a severity. */
const filtered = new WeakMap<
  readonly LogEntry[],
  { readonly least: LogLook['least']; readonly at: readonly number[] }
>();

/** The indices in `entries` of the shown ones. */
export function shownPlaces(entries: readonly LogEntry[], least: LogLook['least']): readonly number[] {
  const known = filtered.get(entries);
  if (known?.least === least) return known.at;
  const at = [...entries.keys()].filter((index) => isShownAt(least, entries[index] ?? { text: '' }));
  filtered.set(entries, { least, at });
  return at;
}

/** The cursor as an index into the result of `shownPlaces`: its entry, or the next shown one. -1: none. */
export function cursorAt(look: LogLook, live: LogView): number {
  const { entries, firstIndex } = shownView(look, live);
  const places = shownPlaces(entries, look.least);
  if (!look.held) return places.length - 1;
  const wanted = look.cursor - firstIndex;
  const next = lowerBound(places, wanted);
  return Math.min(next, places.length - 1);
}

/** The first index whose value is not below `wanted`. */
function lowerBound(places: readonly number[], wanted: number): number {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

export const entryAt = (look: LogLook, live: LogView, index: number): LogEntry | undefined => {
  const { entries } = shownView(look, live);
  return entries[shownPlaces(entries, look.least)[index] ?? -1];
};

/** Paused, with the cursor where it is seen now. */
export function held(look: LogLook, live: LogView): LogLook {
  return look.held ? look : withCursor({ ...look, held: live }, live, cursorAt(look, live));
}

export const followed = (look: LogLook): LogLook => ({ ...look, held: undefined });

function withCursor(look: LogLook, live: LogView, index: number): LogLook {
  const { entries, firstIndex } = shownView(look, live);
  return { ...look, cursor: firstIndex + (shownPlaces(entries, look.least)[index] ?? entries.length - 1) };
}

/** Moving up pauses the log, since the operator wants to read. Moving to the end follows it again. */
export function cursorMoved(look: LogLook, live: LogView, move: Move, height: number): LogLook {
  if (move === 'last') return followed(look);
  if (!look.held && (move === 'down' || move === 'pageDown')) return look;
  const still = held(look, live);
  const { entries } = shownView(still, live);
  const index = moved(cursorAt(still, live), move, shownPlaces(entries, still.least).length, height);
  return withCursor(still, live, index);
}

/** The next level of severity; the cursor stays near its place. */
export function nextSeverity(look: LogLook): LogLook {
  const next = leasts[(leasts.indexOf(look.least) + 1) % leasts.length];
  return { ...look, least: next ?? 'note' };
}

/** Case matters if the search has a capital letter. */
export function matcherOf(search: string): RegExp | undefined {
  if (search === '') return undefined;
  const words = search.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(words, search === search.toLowerCase() ? 'giu' : 'gu');
}

const matches = ({ text }: LogEntry, pattern: RegExp): boolean => text.search(pattern) >= 0;

/** Pauses the log at the next match. Undefined: no match in that direction. `inclusive`: the cursor's own line counts. */
export function found(look: LogLook, live: LogView, way: 'down' | 'up', inclusive = false): LogLook | undefined {
  const pattern = matcherOf(look.search);
  if (!pattern) return undefined;
  const still = held(look, live);
  const { entries } = shownView(still, live);
  const places = shownPlaces(entries, still.least);
  const step = way === 'down' ? 1 : -1;
  for (let index = cursorAt(still, live) + (inclusive ? 0 : step); index >= 0 && index < places.length; index += step) {
    const entry = entries[places[index] ?? -1];
    if (entry && matches(entry, pattern)) return withCursor(still, live, index);
  }
  return undefined;
}

/** How many entries came since the pause. */
export function newSince({ held: still }: LogLook, live: LogView): number {
  return still ? live.firstIndex + live.entries.length - (still.firstIndex + still.entries.length) : 0;
}
