// What is held on a host for a while, as blocked writes of a primary, is let go also where this process is asked to end.
import { DrillFailure } from './failure.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** `release` runs once `hold` is done, whatever comes. A second signal ends this process at once. */
export async function whileHeld<Held, Result>(
  { hold, release }: { readonly hold: () => Promise<Held>; readonly release: () => Promise<unknown> },
  work: (held: Held) => Promise<Result>,
): Promise<Result> {
  let end: (why: DrillFailure) => void = () => undefined;
  const ended = new Promise<never>((_, reject) => {
    end = reject;
  });
  ended.catch(() => undefined);
  let isAsked = false;
  const onSignal = (name: (typeof signals)[number]) => {
    if (isAsked) process.exit(1);
    isAsked = true;
    end(new DrillFailure('failed', `it was ended (${name}); what it held is let go`));
  };
  for (const name of signals) process.on(name, onSignal);
  try {
    const held = await hold();
    try {
      return await Promise.race([ended, work(held)]);
    } finally {
      await release();
    }
  } finally {
    for (const name of signals) process.off(name, onSignal);
  }
}
