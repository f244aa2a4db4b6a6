// The effect of keys and pasted text while an overlay is in front: it gets all of them except Ctrl-C.
import type { Context, ListedCommand, RunCommand } from '../../src/commands/list.ts';
import type { Look } from '../base/theme.ts';
import { moved } from '../base/Viewport.tsx';
import { closeOverlay, type Entry, type Overlay, type ScreenStore, showOverlay } from '../screen-store.ts';
import { cursorIn, cursorIndex, cursorMovedBy } from '../screens/list/cursor.ts';
import type { Services } from '../services.ts';
import { pressedInColumns } from './columns.ts';
import { edited, sheetMoves } from './overlay-editing.ts';
import { matching, offered, paletteRows } from './palette.ts';
import { pressedInProposal } from './proposal-keys.ts';

/** The actions that keys of an overlay may call. */
export interface OverlayActions {
  readonly context: () => Context;
  readonly run: (command: ListedCommand | RunCommand) => void;
  readonly copy: (text: string) => void;
  readonly say: (text: string) => void;
  readonly keepColumns: Services['keepColumns'];
  /** The screen's width in cells, and the height of a sheet in lines. */
  readonly size: () => { readonly width: number; readonly height: number };
  readonly look: Look;
}

export function pressedInOverlay(store: ScreenStore, overlay: Overlay, key: string, actions: OverlayActions): void {
  if (overlay.kind === 'entry') pressedInEntry(store, overlay.entry, key);
  else if (overlay.kind === 'palette') pressedInPalette(store, overlay, key, actions);
  else if (overlay.kind === 'columns')
    pressedInColumns(store, overlay, key, { keep: actions.keepColumns, height: actions.size().height });
  else if (overlay.kind === 'proposal') pressedInProposal(store, overlay, key, actions);
  else pressedInSheet(store, overlay, key, actions);
}

function pressedInEntry(store: ScreenStore, entry: Entry, key: string): void {
  if (key === 'enter' || key === 'esc') {
    closeOverlay(store);
    entry.onEnd(key === 'enter' ? entry.text : undefined);
    return;
  }
  changeEntry(store, entry, edited(entry.text, key));
}

function changeEntry(store: ScreenStore, entry: Entry, text: string): void {
  if (text === entry.text) return;
  showOverlay(store, { kind: 'entry', entry: { ...entry, text } });
  entry.onChange?.(text);
}

type Palette = Extract<Overlay, { kind: 'palette' }>;

function pressedInPalette(store: ScreenStore, palette: Palette, key: string, actions: OverlayActions): void {
  const context = actions.context();
  const { recent } = store.getState();
  const found = matching(palette.text, offered(context, palette.own), { context, recent });
  const rows = paletteRows(found);
  const cursor = palette.cursor ?? cursorIn(rows, { cursor: undefined });
  const chosen = found[cursorIndex(rows, { cursor })];
  const move = paletteMoves[key];
  if (key === 'esc' || key === 'enter') {
    closeOverlay(store);
    if (key === 'esc' || found.length === 0) return;
    if (!chosen) {
      actions.say('the command under the cursor is no longer in the list: nothing was done');
      return;
    }
    const others = recent.filter((name) => name !== chosen.name);
    store.setState({ recent: [chosen.name, ...others].slice(0, recentAtMost) });
    actions.run(chosen);
  } else if (move) {
    showOverlay(store, { ...palette, cursor: cursorMovedBy(move, rows, { cursor }, found.length) });
  } else {
    const text = edited(palette.text, key);
    if (text !== palette.text) showOverlay(store, { ...palette, text, cursor: undefined });
  }
}

const recentAtMost = 5;

const paletteMoves: Readonly<Record<string, 'up' | 'down'>> = {
  up: 'up',
  down: 'down',
  'ctrl+p': 'up',
  'ctrl+n': 'down',
  'shift+tab': 'up',
  tab: 'down',
};

type SheetOverlay = Extract<Overlay, { kind: 'sheet' }>;

function pressedInSheet(store: ScreenStore, overlay: SheetOverlay, key: string, actions: OverlayActions): void {
  const { sheet, top } = overlay;
  const move = sheetMoves[key];
  if (['esc', 'q', '?', 'left', 'enter'].includes(key)) {
    closeOverlay(store);
  } else if (key === 'y' && sheet.copy !== undefined) {
    actions.copy(sheet.copy);
  } else if (move) {
    const height = actions.size().height;
    const tops = Math.max(1, sheet.lines.length - (actions.look.linear ? 1 : height) + 1);
    showOverlay(store, { ...overlay, top: moved(top, move, tops, height) });
  }
}

/** Pasted text goes into the typed line; it is never taken for keys. False: no line is being typed. */
export function pastedInOverlay(store: ScreenStore, overlay: Overlay | undefined, pasted: string): boolean {
  const line = [...pasted].filter((character) => character >= ' ' && character !== '\x7f').join('');
  if (overlay?.kind === 'entry') changeEntry(store, overlay.entry, overlay.entry.text + line);
  else if (overlay?.kind === 'palette')
    showOverlay(store, { ...overlay, text: overlay.text + line, cursor: undefined });
  else if (overlay?.kind === 'proposal' && overlay.typed !== undefined) {
    showOverlay(store, { ...overlay, typed: overlay.typed + line });
  } else return false;
  return true;
}
