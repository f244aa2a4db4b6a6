// Publishes events in batches: 500 hosts answer a hundred times a second, and a screen is drawn at most four times. The
// effect of a key is drawn at once: it does not come through this store.
import type { StoreApi } from 'zustand/vanilla';
import type { FleetPicture } from '../picture.ts';
import { type FleetEvent, folded } from '../store.ts';

export interface Publisher {
  /** Publishes the first event after a pause at once, the following ones together. */
  publish(event: FleetEvent): void;
  /** Publishes the events that are held back. */
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
    // The timer must not keep the process alive.
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
