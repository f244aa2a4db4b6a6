// The time of day for what shows it. Only the component that asks is drawn again, and only while it asks.
import { useEffect, useState } from 'react';
import { useServices } from './services.ts';

/** Now, in milliseconds since 1970; anew at each full second while `ticking`, else as of the last render. */
export function useNow(ticking: boolean): number {
  const { nowMs } = useServices();
  const [, drawAgain] = useState(0);
  useEffect(() => {
    if (!ticking) return undefined;
    let timer: NodeJS.Timeout;
    const wait = () => {
      // A little after the second has begun: a timer that is early would show the old one for a second more.
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
