// The time of day for components that show it. Only the component that asks is drawn again, and only while it asks.
import { useEffect, useState } from 'react';
import { useServices } from './services.ts';

/** Now, in milliseconds since 1970. Updated at each full second while `ticking`, else at each render; and at each jump of a replay. */
export function useNow(ticking: boolean): number {
  const { nowMs, replay } = useServices();
  const [, drawAgain] = useState(0);
  useEffect(() => {
    let timer: NodeJS.Timeout;
    const wait = () => {
      clearTimeout(timer);
      const { playing, speed } = replay?.store.getState() ?? { playing: true, speed: 1 };
      if (!ticking || !playing) return;
      // A little after the second has begun: an early timer would show the old second for one more.
      timer = setTimeout(tick, Math.max(1005 / mostPerSecond, (1005 - (nowMs() % 1000)) / speed));
    };
    const tick = () => {
      drawAgain((count) => count + 1);
      wait();
    };
    wait();
    const leave = replay?.store.subscribe(tick);
    return () => {
      leave?.();
      clearTimeout(timer);
    };
  }, [ticking, nowMs, replay]);
  return nowMs();
}

/** A fast replay has more seconds in one than a screen is drawn. */
const mostPerSecond = 4;
