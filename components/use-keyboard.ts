// Turns keys, pasted text and the mouse into commands. The only place that reads them.
import { useInput, usePaste } from 'ink';
import { use, useEffect, useEffectEvent, useRef } from 'react';
import { dispatch, type Handler } from '../src/commands/dispatch.ts';
import {
  boundCommands,
  type Context,
  commandOf,
  commandsAfter,
  hasKeysOn,
  type ListedCommand,
  type RunCommand,
} from '../src/commands/list.ts';
import { proposeJobs } from './actions.ts';
import type { Look } from './base/theme.ts';
import { type HandlerList, handlerOf } from './handlers.ts';
import { keysOf } from './keys.ts';
import { ClicksContext } from './mouse/clicks.ts';
import { pastedInOverlay, pressedInOverlay } from './overlays/overlay-keys.ts';
import { type Overlay, say, shownScreen } from './screen-store.ts';
import type { MouseEvent, Services } from './services.ts';

interface Keyboard {
  readonly services: Services;
  readonly handlers: HandlerList;
  readonly context: () => Context;
  /** The screen's width in cells, and its lines between header and footer. */
  readonly space: () => { readonly width: number; readonly height: number };
  readonly look: Look;
}

/** As other programs scroll at a notch of the wheel. */
const wheelLines = 3;
const headerLines = 1;
const doubleClickMs = 400;
/** What enter does in a list. */
const opening: readonly string[] = ['host.open', 'job.open'] satisfies readonly ListedCommand['name'][];

export function useKeyboard({ services, handlers, context, space, look }: Keyboard): void {
  const { screens, quit, copy, keepColumns, onMouse } = services;
  const pending = useRef<(string | MouseEvent)[]>([]);
  const clicks = use(ClicksContext);
  const lastClick = useRef<{ readonly row: string; readonly atMs: number }>(undefined);

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
      pressedOver(overlay, key);
      return;
    }
    const { prefix } = screens.getState();
    if (prefix === undefined) pressedFirst(key);
    else pressedSecond(prefix, key);
  };

  const pressedOver = (overlay: Overlay, key: string) =>
    pressedInOverlay(screens, overlay, key, {
      context,
      run,
      copy: (text) => say(screens, copy(text)),
      say: (text) => say(screens, text),
      keepColumns,
      size: () => ({ width: space().width, height: space().height - 1 }),
      look,
    });

  const pointed = (event: MouseEvent) => {
    if (event.kind === 'press') clicked(event);
    else for (let line = 0; line < wheelLines; line++) scrolled(event.kind === 'wheelUp' ? 'up' : 'down');
  };

  const scrolled = (way: 'up' | 'down') => {
    const { overlay } = screens.getState();
    const move = boundCommands().find(({ name }) => name === `move.${way}`);
    if (overlay) pressedOver(overlay, way);
    else if (move) run(move);
  };

  /** A click never does more than enter does. */
  const clicked = ({ line, atMs }: MouseEvent) => {
    if (screens.getState().overlay) return;
    screens.setState({ prefix: undefined, message: undefined });
    const row = clicks.current?.(line - headerLines);
    const last = lastClick.current;
    const isSecond = row !== undefined && last?.row === row && atMs - last.atMs <= doubleClickMs;
    lastClick.current = row === undefined || isSecond ? undefined : { row, atMs };
    const { name: screen } = shownScreen(screens.getState());
    const open = boundCommands().find((command) => opening.includes(command.name) && hasKeysOn(command, screen));
    if (isSecond && open) run(open);
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
      if (typeof key === 'string') press(key);
      else pointed(key);
      if (screens.getState().stack !== stack && pending.current.length > 0) {
        // The following keys are for the screen that opens now, so it has to be mounted first.
        setImmediate(work);
        return;
      }
    }
  };

  const take = (input: readonly (string | MouseEvent)[]) => {
    const idle = pending.current.length === 0;
    pending.current.push(...input);
    if (idle) work();
  };
  useInput((input, key) => take(keysOf(input, key)));
  const takeMouse = useEffectEvent((event: MouseEvent) => take([event]));
  useEffect(() => onMouse((event) => takeMouse(event)), [onMouse]);
  usePaste((text) => {
    if (!pastedInOverlay(screens, screens.getState().overlay, text)) {
      say(screens, 'pasted text is not taken for keys; type /, or : first', 'warning');
    }
  });
}
