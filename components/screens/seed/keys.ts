// The effect of keys on the screen of a seed.

import { draftProposal } from '../../actions.ts';
import type { Move } from '../../base/Viewport.tsx';
import { type Handlers, moveHandlers } from '../../handlers.ts';
import { ask, goBack, propose, replaceScreen, say, unsay } from '../../screen-store.ts';
import type { Services } from '../../services.ts';
import { cursorIndex, cursorMovedBy, whyOnNone } from '../list/cursor.ts';
import { markedThrough, markToggled } from '../list/marks.ts';
import type { SeedOption } from './options.ts';
import { choiceOf, type SeedChoices, type SeedItem, type SeedState, type SeedStore } from './state.ts';

interface SeedKeys {
  readonly services: Pick<Services, 'screens' | 'jobs' | 'fleet' | 'nowMs'>;
  readonly store: SeedStore;
  /** The choices from the stores at the moment of a key. */
  readonly choices: () => SeedChoices;
  /** The choices that are on the screen. */
  readonly drawn: () => SeedChoices;
  /** How many lines of the list are visible. */
  readonly height: number;
}

export const noItem = ({ cursor }: Pick<SeedState, 'cursor'>): string =>
  whyOnNone(cursor, () => 'the row under the cursor');
const busy = 'the hosts are being asked: esc ends that';

export function seedHandlers(keys: SeedKeys): Handlers {
  const { services, store, choices } = keys;
  return {
    ...moveHandlers((how) => () => move(keys, how)),
    'seed.choose': () => {
      const { items } = choices();
      const item = items[cursorIndex(items, store.getState())];
      return item ? choose(keys, item) : noItem(store.getState());
    },
    'mark.range': () => {
      if (store.getState().asking) return busy;
      const { items } = choices();
      const index = cursorIndex(items, store.getState());
      if (items[index]?.kind !== 'target') return 'only targets are marked: space chooses others';
      store.setState(({ marks }) => ({ marks: markedThrough(marks, items, index) }));
      return undefined;
    },
    'seed.plan': () => {
      if (store.getState().asking) return busy;
      // The donor under the cursor is the one that is read below, else the one in the title: it is the one that is planned.
      const { items, chosen } = choices();
      const item = items[cursorIndex(items, store.getState())];
      if (!item) return noItem(store.getState());
      if (item.kind === 'candidate') choose(keys, item);
      else if (chosen?.id !== keys.drawn().chosen?.id)
        return 'another donor is proposed since: read it, then enter plans';
      return plan(keys);
    },
    'screen.back': () => {
      const { asking } = store.getState();
      if (!asking) {
        goBack(services.screens);
        return undefined;
      }
      stopAsking(store);
      return 'the hosts are not asked: nothing was done';
    },
  };
}

export function stopAsking(store: SeedStore): void {
  store.getState().asking?.by.abort();
  store.setState({ asking: undefined });
}

function move({ store, choices, height }: SeedKeys, how: Move): undefined {
  const { items } = choices();
  const cursor = cursorMovedBy(how, items, store.getState(), height);
  if (cursor) store.setState({ cursor });
}

function choose({ services, store }: SeedKeys, item: SeedItem): string | undefined {
  if (store.getState().asking) return busy;
  if (item.kind === 'candidate') store.setState({ chosen: item.candidate.id });
  else if (item.kind === 'option') return change(services, store, item.option);
  else {
    const { name } = item.picture.host;
    if (item.first) return `${name} is the host that is rebuilt: esc goes back`;
    if (item.blocked !== undefined) return `${name}: ${item.blocked}`;
    store.setState(({ marks }) => ({ marks: markToggled(marks, item) }));
  }
  return undefined;
}

function change({ screens }: SeedKeys['services'], store: SeedStore, { change: how }: SeedOption): undefined {
  if (how.by === 'turning') {
    store.setState(({ terms }) => ({ terms: how.next(terms) }));
    return;
  }
  ask(screens, {
    label: how.label,
    hidden: false,
    text: how.text(store.getState().terms),
    onEnd: (typed) => {
      if (typed === undefined) return;
      const read = how.read(typed.trim(), store.getState().terms);
      if (typeof read === 'string') say(screens, read, 'warning');
      else store.setState({ terms: read });
    },
  });
}

/** Asks the hosts and shows the result as a proposal, unless the operator has left the screen by then. */
function plan({ services, store, choices }: SeedKeys): string | undefined {
  const { screens, jobs, nowMs } = services;
  const choice = choiceOf(choices(), store.getState().terms);
  if (!choice) return 'no donor is chosen: space chooses one';
  const by = new AbortController();
  store.setState({ asking: { by, sinceMs: nowMs() } });
  void jobs.draftSeed(choice, by.signal).then((draft) => {
    if (by.signal.aborted) return;
    store.setState({ asking: undefined });
    const { message } = screens.getState();
    if (message?.text === busy) unsay(screens, message);
    const what = `seed ${choice.donor} → ${choice.targets.join(', ')}`;
    const open = (id: number) => replaceScreen(screens, { name: 'job', id });
    propose(screens, draftProposal(services, draft, what, open));
  });
  return undefined;
}
