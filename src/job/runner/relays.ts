// The relays through this machine that a runner keeps, for targets that the donor can't reach. They end with the
// runner; the next one makes them again.
import type { Outcome } from '../../remote/failure.ts';
import type { Relay } from '../../remote/openssh/relay.ts';

/** For a runner whose steps need none. */
export const noRelays = (): Relays => keptRelays(() => Promise.reject(new Error('this runner keeps no relays')));

export interface Relays {
  /** The port of the donor's loopback that leads to `port` of the target's. An open relay is used again. */
  through(donor: string, target: string, port: number): Promise<Outcome<number>>;
  /** Whether a relay to the target is open, as far as is known. */
  stands(target: string): boolean;
  /** Closes all of them. */
  close(): Promise<void>;
}

type OpenRelay = (donor: string, target: string, toPort: number) => Promise<Outcome<Relay>>;

export function keptRelays(open: OpenRelay): Relays {
  const kept = new Map<string, { relay: Relay; toPort: number }>();
  const stands = (target: string) => kept.get(target)?.relay.isOver() === false;
  return {
    stands,
    through: async (donor, target, toPort) => {
      const before = kept.get(target);
      if (before && before.toPort === toPort && stands(target)) return { ok: true, value: before.relay.port };
      kept.delete(target);
      await before?.relay.close();
      const opened = await open(donor, target, toPort);
      if (!opened.ok) return opened;
      kept.set(target, { relay: opened.value, toPort });
      return { ok: true, value: opened.value.port };
    },
    close: async () => {
      const all = [...kept.values()];
      kept.clear();
      await Promise.all(all.map(({ relay }) => relay.close()));
    },
  };
}
