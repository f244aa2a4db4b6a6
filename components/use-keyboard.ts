// Turns keys and pasted text into commands. The only place that reads the keyboard.
import { useInput, usePaste } from 'ink';
import { useRef } from 'react';
import { dispatch, type Handler } from '../src/commands/dispatch.ts';
import { type Context, commandOf, commandsAfter, type ListedCommand, type RunCommand } from '../src/commands/list.ts';
import { proposeJobs } from './actions.ts';
import type { Look } from './base/theme.ts';
import { type HandlerList, handlerOf } from './handlers.ts';
import { keysOf } from './keys.ts';
import { pastedInOverlay, pressedInOverlay } from './overlays/overlay-keys.ts';
import { say, shownScreen } from './screen-store.ts';
import type { Services } from './services.ts';

interface Keyboard {
  readonly services: Services;
  readonly handlers: HandlerList;
  readonly context: () => Context;
  /** The screen's width in cells, and its lines between header and footer. */
  readonly space: () => { readonly width: number; readonly height: number };
  readonly look: Look;
}

export function useKeyboard({ services, handlers, context, space, look }: Keyboard): void {
  const { screens, quit, copy } = services;
  const pending = useRef<string[]>([]);

  const handlerFor = (command: ListedCommand | RunCommand): Handler | undefined => {
    if (!('runs' in command)) return handlerOf(handlers, command.name);
    return ({ on, left }) =>
      proposeJobs(
        services,
        on.flatMap(({ host, row }) => {
          const wanted = { request: { verb: 'run', command: command.runs } as const, rows: row ? [row.id] : [] };
          return host ? [{ ...wanted, host: host.name }] : [];
        }),
        left,
      );
  };
  const run = (command: ListedCommand | RunCommand) => {
    const now = context();
    const done = dispatch(command, now, handlerFor(command));
    if (!done.done) say(screens, done.why, 'warning');
    else if (done.said !== undefined) say(screens, done.said);
  };

  const press = (key: string) => {
    const { overlay, message } = screens.getState();
    if (message) screens.setState({ message: undefined });
    if (key === 'ctrl+c') return quit(130);
    if (overlay) {
      pressedInOverlay(screens, overlay, key, {
        context,
        run,
        copy: (text) => say(screens, copy(text)),
        say: (text) => say(screens, text),
        size: () => ({ width: space().width, height: space().height - 1 }),
        look,
      });
      return;
    }
    const { prefix } = screens.getState();
    if (prefix === undefined) pressedFirst(key);
    else pressedSecond(prefix, key);
  };

  const doesNothing = (key: string) => say(screens, `${key} does nothing here (? for help)`, 'dim');

  const pressedFirst = (key: string) => {
    const { name } = shownScreen(screens.getState());
    const command = commandOf(key, name);
    if (command) run(command);
    else if (commandsAfter(key, name).length > 0) screens.setState({ prefix: key });
    else if ([...key].length === 1) doesNothing(key);
  };

  const pressedSecond = (prefix: string, key: string) => {
    screens.setState({ prefix: undefined });
    const command = commandOf(`${prefix} ${key.toLowerCase()}`, shownScreen(screens.getState()).name);
    if (command) run(command);
    else if (key !== 'esc') doesNothing(`${prefix} ${key}`);
  };

  const work = () => {
    for (let key = pending.current.shift(); key !== undefined; key = pending.current.shift()) {
      const { stack } = screens.getState();
      press(key);
      if (screens.getState().stack !== stack && pending.current.length > 0) {
        // The following keys are for the screen that opens now, so it has to be mounted first.
        setImmediate(work);
        return;
      }
    }
  };

  useInput((input, key) => {
    const idle = pending.current.length === 0;
    pending.current.push(...keysOf(input, key));
    if (idle) work();
  });
  usePaste((text) => {
    if (!pastedInOverlay(screens, screens.getState().overlay, text)) {
      say(screens, 'pasted text is not taken for keys; type /, or : first', 'warning');
    }
  });
}
