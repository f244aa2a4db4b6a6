// What the commands do on a host's screen.
import { type Move, moved } from '../base/Viewport.tsx';
import { type Handlers, moveHandlers } from '../handlers.ts';
import {
  cursorAt,
  cursorMoved,
  entryAt,
  followed,
  found,
  held,
  type LogLook,
  nextSeverity,
  shownPlaces,
  shownView,
} from '../panes/log-state.ts';
import { ask, say } from '../screen-store.ts';
import type { Services } from '../services.ts';
import { changeLog, focusNext, type HostViewStore, liveLog } from './host-view.ts';

export interface HostKeys {
  readonly services: Pick<Services, 'screens' | 'copy'>;
  readonly store: HostViewStore;
  /** Of the pane in focus: lines that it has, lines of it that are seen, and its text. */
  readonly pane: () => { readonly count: number; readonly height: number; readonly text: string };
  /** Lines of the log that are seen. */
  readonly logHeight: () => number;
  readonly page: () => void;
}

export function hostHandlers(keys: HostKeys): Handlers {
  const { store } = keys;
  const change = (how: (look: LogLook) => LogLook) => () => {
    changeLog(store, how);
    return undefined;
  };
  return {
    ...movements(keys),
    ...searches(keys),
    'pane.next': () => {
      focusNext(store, 1);
      return undefined;
    },
    'pane.previous': () => {
      focusNext(store, -1);
      return undefined;
    },
    'log.follow': change(followed),
    'log.pause': () => {
      changeLog(store, (look, live) => (look.held ? followed(look) : held(look, live)));
      return undefined;
    },
    'log.severity': () => {
      changeLog(store, nextSeverity);
      const { least } = store.getState().log;
      return least === 'note' ? 'every line is shown' : `only ${least}s${least === 'warning' ? ' and errors' : ''}`;
    },
    'log.wrap': change((look) => ({ ...look, wrap: !look.wrap })),
    'log.times': change((look) => ({ ...look, times: !look.times })),
    'log.pager': () => {
      if (liveLog(store.getState()).entries.length === 0) return 'there is no line yet';
      keys.page();
      return undefined;
    },
    'text.copy': () => copied(keys),
  };
}

function movements({ store, pane, logHeight }: HostKeys): Handlers {
  const move = (how: Move) => () => {
    const { focused } = store.getState();
    if (focused === 'log') {
      changeLog(store, (look, live) => cursorMoved(look, live, how, logHeight()));
      return undefined;
    }
    const { count, height } = pane();
    const last = Math.max(0, count - height);
    store.setState(({ tops }) => {
      const top = moved(Math.min(tops[focused] ?? 0, last), how, last + 1, height);
      return { tops: { ...tops, [focused]: top } };
    });
    return undefined;
  };
  return moveHandlers(move);
}

function searches({ services: { screens }, store }: HostKeys): Handlers {
  const go = (way: 'down' | 'up', inclusive = false): string | undefined => {
    const view = store.getState();
    if (view.log.search === '') return 'nothing is searched yet: / asks for it';
    const next = found(view.log, liveLog(view), way, inclusive);
    if (!next) return `no line ${way === 'down' ? 'below' : 'above'} has ${view.log.search}`;
    store.setState({ log: next, focused: 'log' });
    return undefined;
  };
  return {
    'log.search': () => {
      const before = store.getState().log.search;
      const search = (text: string) => store.setState(({ log }) => ({ log: { ...log, search: text } }));
      ask(screens, {
        label: 'search',
        hidden: false,
        text: '',
        onChange: search,
        // The newest is nearest to what somebody looks for: upwards, and only then down.
        onEnd: (text) => {
          search(text ?? before);
          if (text && go('up', true) !== undefined && go('down') !== undefined) say(screens, `no line has ${text}`);
        },
      });
      return undefined;
    },
    'log.nextMatch': () => go('down'),
    'log.previousMatch': () => go('up'),
  };
}

function copied({ services: { copy }, store, pane }: HostKeys): string {
  const view = store.getState();
  if (view.focused !== 'log') return copy(pane().text);
  const live = liveLog(view);
  const entry = entryAt(view.log, live, cursorAt(view.log, live));
  return entry ? copy(entry.text) : 'there is no line under the cursor';
}

/** What the pager is given: the lines that are shown. */
export function logText({ log, ...view }: Parameters<typeof liveLog>[0] & { readonly log: LogLook }): string {
  const { entries } = shownView(log, liveLog({ log, ...view }));
  const lines = shownPlaces(entries, log.least).map((index) => {
    const entry = entries[index];
    return entry?.event === undefined ? entry?.text : `-- ${entry.text} --`;
  });
  return `${lines.join('\n')}\n`;
}
