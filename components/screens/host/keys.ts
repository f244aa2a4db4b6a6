// The effect of commands on a host's screen.
import { type Move, moved } from '../../base/Viewport.tsx';
import { type Handlers, moveHandlers } from '../../handlers.ts';
import { copiedLine, logHandlers } from '../../panes/log/keys.ts';
import { cursorMoved } from '../../panes/log/state.ts';
import { changeLog, type LogStore, liveLog } from '../../panes/log/store.ts';
import { goBack } from '../../screen-store.ts';
import type { Services } from '../../services.ts';
import { focusNext, type HostViewStore } from './view.ts';

export interface HostKeys {
  readonly services: Pick<Services, 'screens' | 'copy'>;
  readonly store: HostViewStore;
  readonly log: LogStore;
  /** The pane in focus: its number of lines, how many of them are visible, and its text. */
  readonly pane: () => {
    readonly count: number;
    readonly height: number;
    readonly text: string;
    /** No line is cut, so fewer may be visible: each can be scrolled to. */
    readonly whole: boolean;
  };
  /** How many lines of the log are visible. */
  readonly logHeight: () => number;
  readonly page: () => void;
}

export function hostHandlers(keys: HostKeys): Handlers {
  const { services, store, log } = keys;
  return {
    ...moveHandlers((how) => () => move(keys, how)),
    ...logHandlers({ screens: services.screens, log, onFound: () => store.setState({ focused: 'log' }) }),
    'pane.next': () => {
      focusNext(store, 1);
      return undefined;
    },
    'pane.previous': () => {
      focusNext(store, -1);
      return undefined;
    },
    'pane.zoom': () => {
      store.setState(({ zoomed }) => ({ zoomed: !zoomed }));
      return undefined;
    },
    'screen.back': () => {
      if (store.getState().zoomed) store.setState({ zoomed: false });
      else goBack(services.screens);
      return undefined;
    },
    'log.pager': () => {
      if (liveLog(log.getState()).entries.length === 0) return 'there is no line yet';
      keys.page();
      return undefined;
    },
    'text.copy': () =>
      store.getState().focused === 'log' ? copiedLine(services.copy, log) : services.copy(keys.pane().text),
  };
}

function move({ store, log, pane, logHeight }: HostKeys, how: Move): undefined {
  const { focused } = store.getState();
  if (focused === 'log') {
    changeLog(log, (look, live) => cursorMoved(look, live, how, logHeight()));
    return;
  }
  const { count, height, whole } = pane();
  const last = Math.max(0, count - (whole ? 1 : height));
  store.setState(({ tops }) => {
    const top = moved(Math.min(tops[focused] ?? 0, last), how, last + 1, height);
    return { tops: { ...tops, [focused]: top } };
  });
}
