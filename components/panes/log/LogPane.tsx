// A growing log, of a server or a job: its visible lines, and the state of the connection. Its keys are in keys.ts.
import { type ReactNode, useEffect, useRef } from 'react';
import type { LogView } from '../../../src/fleet/log/follow.ts';
import type { LogEntry } from '../../../src/fleet/log/view.ts';
import { shortDuration } from '../../../src/text/amounts.ts';
import { wrapped } from '../../../src/text/wrap.ts';
import { useColumns } from '../../base/columns.ts';
import { Frame } from '../../base/Frame.tsx';
import { type Look, type Span, useLook } from '../../base/theme.ts';
import { Viewport } from '../../base/Viewport.tsx';
import { joined } from '../fields.ts';
import { entryRows, type RowStyle, rowCount, windowTop } from './rows.ts';
import { cursorAt, entryAt, type LogLook, leastTexts, matcherOf, newSince, shownPlaces, shownView } from './state.ts';

interface LogPaneProps {
  /** `error log`. */
  readonly title: string;
  /** The log as it comes in; the pane may show a paused view. */
  readonly live: LogView;
  readonly how: LogLook;
  readonly focused: boolean;
  readonly width: number;
  /** Height in lines of the screen, with the title. */
  readonly height: number;
  readonly nowMs: number;
  /** Called with the errors that are on the screen. */
  readonly onShown?: (entries: readonly LogEntry[]) => void;
}

export function LogPane({ title, live, how, focused, width, height, nowMs, onShown }: LogPaneProps): ReactNode {
  const look = useLook();
  const top = useRef(0);
  const room = Math.max(0, height - 1);
  const columns = useColumns();
  // For a screen reader lines are broken, and never cut.
  const shape = look.linear ? { how: { ...how, wrap: true }, width: columns } : { how, width };
  const { rows, entries } = logRows({ live, ...shape, height: room, look, focused }, top);
  useShown(entries, onShown);
  const shown = rows.length > 0 ? rows : standing(title, live, width).slice(0, room);
  return (
    <Frame title={title} right={logTitle(live, how, nowMs, look)} width={width} focused={focused}>
      <Viewport count={shown.length} top={0} height={room} lineAt={(index) => shown[index] ?? []} />
    </Frame>
  );
}

interface Seen {
  readonly live: LogView;
  readonly how: LogLook;
  readonly width: number;
  readonly height: number;
  readonly look: Look;
  readonly focused: boolean;
}

function logRows({ live, how, width, height, look, focused }: Seen, top: { current: number }) {
  const { entries } = shownView(how, live);
  const count = shownPlaces(entries, how.least).length;
  const cursor = cursorAt(how, live);
  const style: RowStyle = { width, wrap: how.wrap, times: how.times, pattern: matcherOf(how.search), look };
  const rowsAt = (index: number) => {
    const entry = entryAt(how, live, index);
    return entry ? rowCount(entry, style) : 1;
  };
  top.current = windowTop({ count, height, cursor, top: how.held ? top.current : count, rowsAt });
  const rows: (readonly Span[])[] = [];
  const shown: LogEntry[] = [];
  for (let index = top.current; index < count && rows.length < height; index++) {
    const entry = entryAt(how, live, index);
    if (!entry) continue;
    rows.push(...entryRows(entry, index === cursor && (focused || how.held !== undefined), style));
    shown.push(entry);
  }
  return { rows: rows.slice(0, height), entries: shown };
}

/** An effect at every render would make Ink draw the whole screen. */
function useShown(entries: readonly LogEntry[], onShown: LogPaneProps['onShown']): void {
  const errors = entries.filter(({ severity }) => severity === 'error');
  const last = useRef(errors);
  last.current = errors;
  const key = errors.map(({ text }) => text).join('\n');
  useEffect(() => {
    if (key !== '') onShown?.(last.current);
  }, [key, onShown]);
}

/** The text shown while there is no line. */
function standing(title: string, { state, failure, path }: LogView, width: number): readonly (readonly Span[])[] {
  const row = (text: string, tone: Span['tone'] = 'dim') =>
    wrapped(text, Math.max(10, width - 2)).map((line): readonly Span[] => [
      { text: ` ${line}`, ...(tone && { tone }) },
    ]);
  if (failure) return [...row(failure.message, 'warning'), ...(failure.advice ? row(failure.advice) : [])];
  if (state === 'opening') return row(`opening the ${title}`);
  return state === 'ended' ? row('it is not followed any more') : row(`${path ?? 'the log'} is empty`);
}

/** `/var/log/mysql/error.log · follow · 214 lines`. */
function logTitle(live: LogView, how: LogLook, nowMs: number, look: Look): string {
  const { entries } = shownView(how, live);
  const lines = entries.length.toLocaleString('en');
  const fresh = newSince(how, live).toLocaleString('en');
  return joined(
    look,
    live.path,
    how.held ? `paused, ${fresh} new` : stateText(live, nowMs),
    how.least !== 'note' && leastTexts[how.least],
    how.search !== '' && `/${how.search}`,
    `${lines} lines`,
    live.droppedLines > 0 && `${live.droppedLines.toLocaleString('en')} left out`,
  );
}

function stateText({ state, retryAtMs }: LogView, nowMs: number): string {
  if (state === 'following') return 'follow';
  if (state !== 'failed') return state;
  return retryAtMs === undefined ? 'failed' : `lost, next try in ${shortDuration(Math.max(0, retryAtMs - nowMs))}`;
}
