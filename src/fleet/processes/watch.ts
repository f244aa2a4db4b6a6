// The sessions of a host's server in a store of their own, while a screen shows them.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ProcessList } from '../../host/server/processes.ts';
import type { Trouble } from '../../remote/failure.ts';
import { pause } from '../log/batches.ts';
import type { ProcessAnswer } from './ask.ts';

export interface ProcessesView {
  /** The last answer; absent: none has come yet. */
  readonly list?: ProcessList;
  /** When it came, in milliseconds since 1970. */
  readonly atMs?: number;
  /** Why the last question had no answer. */
  readonly failure?: Trouble;
}

export interface ProcessesWatch {
  readonly view: StoreApi<ProcessesView>;
  /** No question is on its way after it. */
  close(): Promise<void>;
}

/** From an answer to the next question: a slow host is asked more rarely. */
const restMs = 2000;

/** From then on an answer is old: two questions have had none. */
export const oldAfterMs = 10_000;

interface Watched {
  readonly ask: (signal: AbortSignal) => Promise<ProcessAnswer>;
  readonly nowMs: () => number;
  /** Milliseconds between an answer and the next question. */
  readonly rest?: number;
}

/** Asks at once, and again after each answer. */
export function watchProcesses({ ask, nowMs, rest = restMs }: Watched): ProcessesWatch {
  const view = createStore<ProcessesView>(() => ({}));
  const closing = new AbortController();
  const { signal } = closing;
  const asking = async () => {
    while (!signal.aborted) {
      const answer = await ask(signal);
      if (signal.aborted) return;
      if (answer.ok) view.setState({ list: answer.list, atMs: nowMs() }, true);
      else view.setState({ failure: answer.trouble });
      await pause(rest, signal);
    }
  };
  const ended = asking();
  return {
    view,
    close: async () => {
      closing.abort();
      await ended;
    },
  };
}
