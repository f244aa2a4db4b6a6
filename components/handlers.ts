// Where screens register their handlers for the commands of src/commands/list.ts.
//
//   useHandlers({ 'log.pause': () => { setPaused(!paused); return undefined; } });
//
// A handler returns undefined, or one line for the operator: what happened, or why nothing did. Only dispatch() calls
// it, for a key or the palette, while the component that registered it is on the screen.
import { createContext, use, useInsertionEffect, useRef } from 'react';
import type { Handler } from '../src/commands/dispatch.ts';
import type { CommandName } from '../src/commands/list.ts';
import type { Move } from './base/Viewport.tsx';

export type Handlers = Readonly<Partial<Record<CommandName, Handler>>>;

/** The handlers of all mounted components; the one mounted last is asked first. */
export type HandlerList = { current: Handlers }[];

export const HandlersContext = createContext<HandlerList>([]);

export function useHandlers(handlers: Handlers): void {
  const list = use(HandlersContext);
  const own = useRef(handlers);
  // Set while it renders: an effect at every render would make Ink draw the whole screen, changed or not.
  own.current = handlers;
  // Registered before any key can arrive.
  useInsertionEffect(() => {
    list.unshift(own);
    return () => {
      list.splice(list.indexOf(own), 1);
    };
  }, [list]);
}

/** The moves of a cursor or a window. */
export function moveHandlers(move: (how: Move) => Handler): Handlers {
  return {
    'move.down': move('down'),
    'move.up': move('up'),
    'move.pageDown': move('pageDown'),
    'text.pageDown': move('pageDown'),
    'move.pageUp': move('pageUp'),
    'move.first': move('first'),
    'move.last': move('last'),
  };
}

export function handlerOf(list: HandlerList, name: CommandName): Handler | undefined {
  return list.find(({ current }) => current[name])?.current[name];
}
