// The effect of keys on a followed log of any kind.
import type { Handlers } from '../../handlers.ts';
import { ask, type ScreenStore, say } from '../../screen-store.ts';
import type { Services } from '../../services.ts';
import {
  cursorAt,
  entryAt,
  followed,
  found,
  held,
  type LogLook,
  nextSeverity,
  shownPlaces,
  shownView,
} from './state.ts';
import { changeLog, type HeldLog, type LogStore, liveLog } from './store.ts';

export interface LogKeys {
  readonly screens: ScreenStore;
  readonly log: LogStore;
  /** The cursor moved to a line: keys now go to the log. */
  readonly onFound: () => void;
}

export function logHandlers(keys: LogKeys): Handlers {
  const { log } = keys;
  const change = (how: (look: LogLook) => LogLook) => () => {
    changeLog(log, how);
    return undefined;
  };
  return {
    ...searches(keys),
    'log.follow': change(followed),
    'log.pause': () => {
      changeLog(log, (look, live) => (look.held ? followed(look) : held(look, live)));
      return undefined;
    },
    'log.severity': () => {
      changeLog(log, nextSeverity);
      const { least } = log.getState().log;
      return saidOfLeast[least];
    },
    'log.wrap': change((look) => ({ ...look, wrap: !look.wrap })),
    'log.times': change((look) => ({ ...look, times: !look.times })),
  };
}

const saidOfLeast: Readonly<Record<LogLook['least'], string>> = {
  note: 'every line is shown',
  warning: 'notes are left out: errors, warnings, system lines and lines without a severity are shown',
  error: 'only errors, and lines without a severity',
};

function searches({ screens, log, onFound }: LogKeys): Handlers {
  const go = (way: 'down' | 'up', inclusive = false): string | undefined => {
    const view = log.getState();
    if (view.log.search === '') return 'nothing is searched yet: / asks for it';
    const next = found(view.log, liveLog(view), way, inclusive);
    if (!next) return `no line ${way === 'down' ? 'below' : 'above'} has ${view.log.search}`;
    log.setState({ log: next });
    onFound();
    return undefined;
  };
  return {
    'log.search': () => {
      const before = log.getState().log.search;
      const search = (text: string) => log.setState((view) => ({ log: { ...view.log, search: text } }));
      ask(screens, {
        label: 'search',
        hidden: false,
        text: '',
        onChange: search,
        // The newest match is the likeliest: searches upwards first, then downwards.
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

/** Copies the line under the cursor. */
export function copiedLine(copy: Services['copy'], log: LogStore): string {
  const view = log.getState();
  const live = liveLog(view);
  const entry = entryAt(view.log, live, cursorAt(view.log, live));
  return entry ? copy(entry.text) : 'there is no line under the cursor';
}

/** The shown lines, as text for the pager. */
export function logText(view: HeldLog): string {
  const { entries } = shownView(view.log, liveLog(view));
  const lines = shownPlaces(entries, view.log.least).map((index) => {
    const entry = entries[index];
    return entry?.event === undefined ? entry?.text : `-- ${entry.text} --`;
  });
  return `${lines.join('\n')}\n`;
}
