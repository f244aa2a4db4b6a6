// The time of day for components that show it. Only the component that asks is drawn again, and only while it asks.
import { useEffect, useState } from 'react';
import { useServices } from './services.ts';

/** Now, in milliseconds since 1970. Updated at each full second while `ticking`, else at each render. */
export function useNow(ticking: boolean): number {
  const { nowMs } = useServices();
  const [, drawAgain] = useState(0);
  useEffect(() => {
    if (!ticking) return undefined;
    let timer: NodeJS.Timeout;
    const wait = () => {
      // A little after the second has begun: an early timer would show the old second for one more.
      timer = setTimeout(tick, 1005 - (nowMs() % 1000));
    };
    const tick = () => {
      drawAgain((count) => count + 1);
      wait();
    };
    wait();
    return () => clearTimeout(timer);
  }, [ticking, nowMs]);
  return nowMs();
}
