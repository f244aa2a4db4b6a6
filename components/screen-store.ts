// What is on the screen, in one small store: which screens lie on one another, the overlay in front, the message line, and
// how the fleet is shown. Nothing of a host is in here, and nothing in here knows of SSH.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SortColumn } from '../src/commands/list.ts';
import type { Span, Tone } from './base/theme.ts';

export type Screen = { readonly name: 'fleet' } | { readonly name: 'host'; readonly host: string };

/** One line that the operator types: a filter, a search, a passphrase. */
export interface Entry {
  readonly label: string;
  /** Typed text is shown as dots. */
  readonly hidden: boolean;
  readonly text: string;
  /** At every change, for what filters while it is typed. */
  readonly onChange?: (text: string) => void;
  /** Enter: the text. Escape: undefined. */
  readonly onEnd: (text: string | undefined) => void;
}

/** Lines to read, over the whole screen. */
export interface Sheet {
  readonly title: string;
  readonly lines: readonly (readonly Span[])[];
  /** What `y` copies. */
  readonly copy?: string;
}

export type Overlay =
  | { readonly kind: 'entry'; readonly entry: Entry }
  | { readonly kind: 'sheet'; readonly sheet: Sheet; readonly top: number }
  | { readonly kind: 'palette'; readonly text: string; readonly index: number };

export interface ScreenState {
  /** The last one is shown. Never empty. */
  readonly stack: readonly Screen[];
  readonly overlay: Overlay | undefined;
  /** Entries that wait until the overlay in front is gone: a prompt never takes the keys of what is being typed. */
  readonly waiting: readonly Entry[];
  readonly message: { readonly text: string; readonly tone: Tone } | undefined;
  readonly fleet: FleetView;
}

/** How the fleet is shown; kept while a host is open. */
export interface FleetView {
  /** The row under the cursor, by its identity: it stays there when rows change their order. */
  readonly cursor: { readonly id: string; readonly index: number } | undefined;
  readonly filter: string;
  /** Undefined column: the order of the inventory. */
  readonly sort: { readonly column: SortColumn | undefined; readonly descending: boolean };
  readonly showDiscovered: boolean;
}

export type ScreenStore = StoreApi<ScreenState>;

export function createScreenStore(): ScreenStore {
  return createStore<ScreenState>(() => ({
    stack: [{ name: 'fleet' }],
    overlay: undefined,
    waiting: [],
    message: undefined,
    fleet: {
      cursor: undefined,
      filter: '',
      sort: { column: undefined, descending: false },
      showDiscovered: true,
    },
  }));
}

const home: Screen = { name: 'fleet' };

export const shownScreen = ({ stack }: ScreenState): Screen => stack.at(-1) ?? home;

export function openScreen(store: ScreenStore, screen: Screen): void {
  store.setState(({ stack }) => ({ stack: [...stack, screen] }));
}

export function goBack(store: ScreenStore): void {
  store.setState(({ stack }) => (stack.length > 1 ? { stack: stack.slice(0, -1) } : {}));
}

/** One line to the operator, until the next key. */
export function say(store: ScreenStore, text: string, tone: Tone = 'plain'): void {
  store.setState({ message: { text, tone } });
}

export function changeFleetView(store: ScreenStore, change: Partial<FleetView>): void {
  store.setState(({ fleet }) => ({ fleet: { ...fleet, ...change } }));
}

/** Asks for a line of text; at once, or when the overlay in front is gone. */
export function ask(store: ScreenStore, entry: Entry): void {
  store.setState(({ overlay, waiting }) =>
    overlay ? { waiting: [...waiting, entry] } : { overlay: { kind: 'entry', entry } },
  );
}

export function showOverlay(store: ScreenStore, overlay: Overlay): void {
  store.setState({ overlay });
}

/** Takes the overlay in front away; what waited for that comes up. */
export function closeOverlay(store: ScreenStore): void {
  store.setState(({ waiting: [next, ...waiting] }) => ({
    overlay: next && { kind: 'entry', entry: next },
    waiting,
  }));
}
