// What is on the screen, in one small store: the stack of screens, the overlay in front, the message line, and the view
// of the fleet. It has no facts about hosts, and knows nothing of SSH.

import { isDeepStrictEqual } from 'node:util';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SortColumn } from '../src/commands/list.ts';
import type { ChosenColumns, ColumnedList } from '../src/commands/list-columns.ts';
import type { Look, Span, Tone } from './base/theme.ts';

export type Screen =
  | { readonly name: 'fleet' }
  | { readonly name: 'host'; readonly host: string }
  | { readonly name: 'processes'; readonly host: string }
  /** `target`: the host to rebuild. `also`: further targets, as they were marked. */
  | { readonly name: 'seed'; readonly target: string; readonly also?: readonly string[] }
  /** `near`: snapshots of this datacenter come first. */
  | { readonly name: 'snapshots'; readonly near?: string }
  | { readonly name: 'jobs' }
  /** A text: of another jump host, `jump2:7`. */
  | { readonly name: 'job'; readonly id: number | string }
  | { readonly name: 'schedules' };

/** One line that the operator types: a filter, a search, a passphrase. */
export interface Entry {
  readonly label: string;
  /** Show typed text as dots. */
  readonly hidden: boolean;
  readonly text: string;
  /** Called at every change, for filters that apply while typing. */
  readonly onChange?: (text: string) => void;
  /** Called by enter with the text, by escape with undefined. */
  readonly onEnd: (text: string | undefined) => void;
}

/** Lines to read, over the whole screen. */
export interface Sheet {
  readonly title: string;
  readonly lines: readonly (readonly Span[])[];
  /** The text that `y` copies. */
  readonly copy?: string;
}

/** Something for the operator to agree to: a plan, an abort. Nothing of it has happened yet. */
export interface Proposal {
  readonly title: string;
  /** What is destroyed or would break, a sentence each. If there are any, `name` has to be typed. */
  readonly grave: readonly string[];
  readonly name: string;
  /** The lines below; `exact`: with the exact commands. */
  readonly body: (exact: boolean, width: number, look: Look) => readonly (readonly Span[])[];
  /** `v` shows the exact commands. */
  readonly hasExact: boolean;
  /** `c` shows what changes on each host, before and after. Absent: nothing is known of that. */
  readonly changes?: (width: number, look: Look) => readonly (readonly Span[])[];
  /** Names of the hosts that it works on. Absent: the opened host alone. */
  readonly hosts?: readonly string[];
  /** Called when the operator agrees; its result is shown as a message. Absent: a refusal, with nothing to agree to. */
  readonly agree?: () => string | undefined;
}

/** The steps, the same with their exact commands, or what changes on the hosts. */
export type ProposalPart = 'steps' | 'exact' | 'changes';

/** First `reading`; after y on a grave proposal the name is `typed`. */
export interface ProposalView {
  readonly kind: 'proposal';
  readonly proposal: Proposal;
  readonly shows: ProposalPart;
  readonly top: number;
  readonly typed: string | undefined;
}

export type Overlay =
  | ProposalView
  | { readonly kind: 'entry'; readonly entry: Entry }
  | { readonly kind: 'sheet'; readonly sheet: Sheet; readonly top: number }
  /** `at`: the item under the cursor. */
  | {
      readonly kind: 'columns';
      readonly list: ColumnedList;
      readonly items: readonly { readonly name: string; readonly on: boolean }[];
      readonly at: number;
    }
  /** `cursor`: on a command by its name; undefined: on the first, before it is drawn. `own`: only commands of the inventory for the host. */
  | { readonly kind: 'palette'; readonly text: string; readonly cursor: ListView['cursor']; readonly own?: true };

export interface ScreenState {
  /** The last one is on the screen. Never empty. */
  readonly stack: readonly Screen[];
  readonly overlay: Overlay | undefined;
  /** Entries that wait until the overlay in front is closed: a prompt must not take keys that are meant for another line. */
  readonly waiting: readonly Entry[];
  /** The first of two keys, which waits for the second. */
  readonly prefix: string | undefined;
  /** The host that was opened last. */
  readonly lastHost: string | undefined;
  /** Donor and targets of the seed that is being chosen, by name; empty: none is. */
  readonly seedHosts: readonly string[];
  readonly message: { readonly text: string; readonly tone: Tone } | undefined;
  /** Names of commands that were chosen in the palette, the last one first. */
  readonly recent: readonly string[];
  readonly columns: ChosenColumns;
  readonly fleet: FleetView;
  readonly snapshots: ListView;
  readonly jobs: ListView;
  readonly schedules: ListView;
  readonly processes: ListView;
}

/** The screens that are lists. Each keeps its view while another screen is over it. */
export const listNames = ['fleet', 'snapshots', 'jobs', 'schedules', 'processes'] as const;
export type ListName = (typeof listNames)[number];

export interface ListView {
  /** The row under the cursor, by id: the cursor follows it when rows change their order. */
  readonly cursor: { readonly id: string; readonly index: number } | undefined;
  readonly filter: string;
  /** The words of the last filter: n and N look for them, also when all rows are shown again. */
  readonly search: string;
  /** In the order in which they were made. */
  readonly marks: readonly Mark[];
}

/** Of a thing in a list, by the id of its row. `name`: as sentences have it, also while the row is hidden. */
export interface Mark {
  readonly id: string;
  readonly name: string;
}

export interface FleetView extends ListView {
  /** Undefined column: the inventory's order. By alert: the worst first, causes before effects. */
  readonly sort: { readonly column: SortColumn | undefined; readonly descending: boolean };
  readonly showDiscovered: boolean;
  /** Replicas below their sources. */
  readonly tree: boolean;
  /** Only hosts with an alert. */
  readonly onlyTrouble: boolean;
}

export const worstFirst: FleetView['sort'] = { column: 'alert', descending: true };
export const inventoryOrder: FleetView['sort'] = { column: undefined, descending: false };

export type ScreenStore = StoreApi<ScreenState>;

const firstView: ListView = { cursor: undefined, filter: '', search: '', marks: [] };

/** `columns`: of the operator's settings. */
export function createScreenStore(columns: ChosenColumns = {}): ScreenStore {
  return createStore<ScreenState>(() => ({
    stack: [{ name: 'fleet' }],
    overlay: undefined,
    waiting: [],
    prefix: undefined,
    lastHost: undefined,
    seedHosts: [],
    message: undefined,
    recent: [],
    columns,
    snapshots: firstView,
    jobs: firstView,
    schedules: firstView,
    processes: firstView,
    fleet: {
      ...firstView,
      sort: worstFirst,
      showDiscovered: true,
      tree: false,
      onlyTrouble: false,
    },
  }));
}

const home: Screen = { name: 'fleet' };

export const shownScreen = ({ stack }: ScreenState): Screen => stack.at(-1) ?? home;

/** A list that is opened anew has its cursor on the first row, and no marks, whatever was read there before. */
export function openScreen(store: ScreenStore, screen: Screen): void {
  const list = listNames.find((name) => name === screen.name);
  if (list) changeList(store, list, { cursor: undefined, marks: [] });
  store.setState(({ stack, lastHost }) => ({
    stack: [...wayTo(stack, screen), screen],
    lastHost: screen.name === 'host' ? screen.host : lastHost,
  }));
}

/** A screen that esc would lead back to is gone back to: no way leads twice through it. */
function wayTo(stack: readonly Screen[], screen: Screen): readonly Screen[] {
  const at = stack.findIndex((one) => isDeepStrictEqual(one, screen));
  return at === -1 ? stack : stack.slice(0, at);
}

/** For when the present screen is no longer useful: no key leads back to it. */
export function replaceScreen(store: ScreenStore, screen: Screen): void {
  store.setState(({ stack }) => ({ stack: [...stack.slice(0, -1), screen] }));
}

export function goHome(store: ScreenStore): void {
  store.setState({ stack: [home] });
}

export function goBack(store: ScreenStore): void {
  store.setState(({ stack }) => (stack.length > 1 ? { stack: stack.slice(0, -1) } : {}));
}

/** Shows one line to the operator, until the next key, and for some seconds at most (Footer.tsx). */
export function say(store: ScreenStore, text: string, tone: Tone = 'plain'): void {
  store.setState({ message: { text, tone } });
}

/** Removes the message, unless another one is shown by now. */
export function unsay(store: ScreenStore, message: ScreenState['message']): void {
  if (store.getState().message === message) store.setState({ message: undefined });
}

export function changeFleetView(store: ScreenStore, change: Partial<FleetView>): void {
  store.setState(({ fleet }) => ({ fleet: { ...fleet, ...change } }));
}

export function changeList(store: ScreenStore, list: ListName, change: Partial<ListView>): void {
  store.setState((state) => ({ [list]: { ...state[list], ...change } }));
}

/** Asks for a line of text, at once or when the overlay in front is closed. */
export function ask(store: ScreenStore, entry: Entry): void {
  store.setState(({ overlay, waiting }) =>
    overlay ? { waiting: [...waiting, entry] } : { overlay: { kind: 'entry', entry } },
  );
}

export function propose(store: ScreenStore, proposal: Proposal): void {
  showOverlay(store, { kind: 'proposal', proposal, shows: 'steps', top: 0, typed: undefined });
}

export function showOverlay(store: ScreenStore, overlay: Overlay): void {
  store.setState({ overlay });
}

/** Closes the overlay in front; a waiting entry then opens. */
export function closeOverlay(store: ScreenStore): void {
  store.setState(({ waiting: [next, ...waiting] }) => ({
    overlay: next && { kind: 'entry', entry: next },
    waiting,
  }));
}
