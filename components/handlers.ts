// Where screens say what they do for the commands of src/commands/list.ts.
//
//   useHandlers({ 'log.pause': () => { setPaused(!paused); return undefined; } });
//
// A handler gives back undefined, or one line that is said to the operator: why nothing happened, or what did. It is called
// through dispatch() only, by a key or from the palette, while the component that named it is on the screen.
import { createContext, use, useInsertionEffect, useRef } from 'react';
import type { Handler } from '../src/commands/dispatch.ts';
import type { CommandName } from '../src/commands/list.ts';
import type { Move } from './base/Viewport.tsx';

export type Handlers = Readonly<Partial<Record<CommandName, Handler>>>;

/** The handlers of everything that is mounted; the one mounted last is asked first. */
export type HandlerList = { current: Handlers }[];

export const HandlersContext = createContext<HandlerList>([]);

export function useHandlers(handlers: Handlers): void {
  const list = use(HandlersContext);
  const own = useRef(handlers);
  // While it renders, for an effect at every render makes Ink draw the whole screen, changed or not.
  own.current = handlers;
  // Before any key can arrive.
  useInsertionEffect(() => {
    list.unshift(own);
    return () => {
      list.splice(list.indexOf(own), 1);
    };
  }, [list]);
}

/** The six ways that a cursor or a window moves. */
export function moveHandlers(move: (how: Move) => Handler): Handlers {
  return {
    'move.down': move('down'),
    'move.up': move('up'),
    'move.pageDown': move('pageDown'),
    'move.pageUp': move('pageUp'),
    'move.first': move('first'),
    'move.last': move('last'),
  };
}

export function handlerOf(list: HandlerList, name: CommandName): Handler | undefined {
  return list.find(({ current }) => current[name])?.current[name];
}
