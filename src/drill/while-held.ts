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
    const done = await settled(() => Promise.race(isAsked ? [ended] : [ended, work(held)]));
    const released = await settled(release);
    if (!done.ok) throw released.ok ? done.error : alsoHeld(done.error, released.error);
    if (!released.ok) throw released.error;
    return done.value;
  } finally {
    for (const name of signals) process.off(name, onSignal);
  }
}

type Settled<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly error: unknown };

const settled = async <Value>(work: () => Promise<Value>): Promise<Settled<Value>> =>
  work().then(
    (value) => ({ ok: true, value }),
    (error: unknown) => ({ ok: false, error }),
  );

/** Neither is left out: what is still held is the more urgent, and the first error its cause. */
function alsoHeld(error: unknown, held: unknown): DrillFailure {
  const words = (one: unknown) => (one instanceof Error ? one.message : String(one));
  const advice = held instanceof DrillFailure ? held.advice : '';
  return new DrillFailure('failed', `${words(error)}; what was held is not let go: ${words(held)}`, advice, {
    cause: error,
  });
}
