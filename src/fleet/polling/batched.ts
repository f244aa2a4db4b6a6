// Publishes events in batches: 500 hosts answer a hundred times a second, and a screen is drawn at most four times.
// What a key does is drawn at once: it is not told by this store.
import type { StoreApi } from 'zustand/vanilla';
import type { FleetPicture } from '../picture.ts';
import { type FleetEvent, folded } from '../store.ts';

export interface Publisher {
  /** The first event after a pause is published at once, those that follow it together. */
  publish(event: FleetEvent): void;
  /** Publishes what is held back. */
  flush(): void;
}

export function batched(store: StoreApi<FleetPicture>, everyMs = 250): Publisher {
  let held: FleetEvent[] = [];
  let pause: NodeJS.Timeout | undefined;

  const flush = () => {
    const events = held;
    held = [];
    if (events.length > 0) store.setState((picture) => folded(picture, events), true);
  };
  const afterPause = () => {
    pause = undefined;
    if (held.length > 0) open();
  };
  const open = () => {
    flush();
    pause = setTimeout(afterPause, everyMs);
    // The timer does not keep the process alive.
    pause.unref();
  };

  return {
    publish: (event) => {
      held.push(event);
      if (!pause) open();
    },
    flush,
  };
}
