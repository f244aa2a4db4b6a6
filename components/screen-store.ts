// What is on the screen, in one small store: which screens lie on one another, the overlay in front, the message line, and
// how the fleet is shown. Nothing of a host is in here, and nothing in here knows of SSH.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SortColumn } from '../src/commands/list.ts';
import type { Look, Span, Tone } from './base/theme.ts';

export type Screen =
  | { readonly name: 'fleet' }
  | { readonly name: 'host'; readonly host: string }
  /** `target`: the host that is to be rebuilt. */
  | { readonly name: 'seed'; readonly target: string }
  /** `near`: the datacenter whose snapshots come first. */
  | { readonly name: 'snapshots'; readonly near?: string }
  | { readonly name: 'jobs' }
  | { readonly name: 'job'; readonly id: number };

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

/** What is to be agreed to: a plan, an abort. Nothing of it has happened yet. */
export interface Proposal {
  readonly title: string;
  /** What is destroyed or would break, a sentence each; with any, `name` has to be typed. */
  readonly grave: readonly string[];
  readonly name: string;
  /** Lines below them; `exact`: with the commands to the last byte. */
  readonly body: (exact: boolean, width: number, look: Look) => readonly (readonly Span[])[];
  /** There is more to be seen with `v`. */
  readonly hasExact: boolean;
  /** The operator agrees. What comes back is said. Absent: it is refused, and there is nothing to agree to. */
  readonly agree?: () => string | undefined;
}

/** `reading`, until a grave one is taken up: then the name is `typed`. */
export interface ProposalView {
  readonly kind: 'proposal';
  readonly proposal: Proposal;
  readonly exact: boolean;
  readonly top: number;
  readonly typed: string | undefined;
}

export type Overlay =
  | ProposalView
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
  readonly snapshots: ListView;
  readonly jobs: ListView;
}

/** The screens that are lists; how each is shown is kept while another screen lies on it. */
export const listNames = ['fleet', 'snapshots', 'jobs'] as const;
export type ListName = (typeof listNames)[number];

export interface ListView {
  /** The row under the cursor, by its identity: it stays there when rows change their order. */
  readonly cursor: { readonly id: string; readonly index: number } | undefined;
  readonly filter: string;
}

export interface FleetView extends ListView {
  /** Undefined column: the order of the inventory. */
  readonly sort: { readonly column: SortColumn | undefined; readonly descending: boolean };
  readonly showDiscovered: boolean;
}

export type ScreenStore = StoreApi<ScreenState>;

const firstView: ListView = { cursor: undefined, filter: '' };

export function createScreenStore(): ScreenStore {
  return createStore<ScreenState>(() => ({
    stack: [{ name: 'fleet' }],
    overlay: undefined,
    waiting: [],
    message: undefined,
    snapshots: firstView,
    jobs: firstView,
    fleet: {
      ...firstView,
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

/** Where the screen that is shown has had its day: no key goes back to it. */
export function replaceScreen(store: ScreenStore, screen: Screen): void {
  store.setState(({ stack }) => ({ stack: [...stack.slice(0, -1), screen] }));
}

export function goBack(store: ScreenStore): void {
  store.setState(({ stack }) => (stack.length > 1 ? { stack: stack.slice(0, -1) } : {}));
}

/** One line to the operator, until the next key, and for some seconds (Footer.tsx). */
export function say(store: ScreenStore, text: string, tone: Tone = 'plain'): void {
  store.setState({ message: { text, tone } });
}

/** Nothing, where something else is said by now. */
export function unsay(store: ScreenStore, message: ScreenState['message']): void {
  if (store.getState().message === message) store.setState({ message: undefined });
}

export function changeFleetView(store: ScreenStore, change: Partial<FleetView>): void {
  store.setState(({ fleet }) => ({ fleet: { ...fleet, ...change } }));
}

export function changeList(store: ScreenStore, list: ListName, change: Partial<ListView>): void {
  store.setState((state) => ({ [list]: { ...state[list], ...change } }));
}

/** Asks for a line of text; at once, or when the overlay in front is gone. */
export function ask(store: ScreenStore, entry: Entry): void {
  store.setState(({ overlay, waiting }) =>
    overlay ? { waiting: [...waiting, entry] } : { overlay: { kind: 'entry', entry } },
  );
}

export function propose(store: ScreenStore, proposal: Proposal): void {
  showOverlay(store, { kind: 'proposal', proposal, exact: false, top: 0, typed: undefined });
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
