// A transport that is chosen at its first use. It may be chosen once more, when ssh2 turns out not to reach the host.
import type { OwnWait } from './deadline.ts';
import { bad, type Outcome, refused } from './failure.ts';
import type { Channel, Transport } from './transport.ts';

export interface Choice {
  readonly first: () => Promise<Outcome<Transport>>;
  /** Makes the other transport, for a server that shares no algorithm with the first. No configuration tells that beforehand. */
  readonly instead?: () => Promise<Outcome<Transport>>;
  /** Counts the time that choosing takes, and the time that the chosen transport waits for its turn. */
  readonly wait: OwnWait;
}

export function chosenTransport({ first, instead, wait }: Choice): Transport {
  let choosing: Promise<Outcome<Transport>> | undefined;
  let chosen: Transport | undefined;
  let closed = false;

  const choose = async (make: () => Promise<Outcome<Transport>>) => {
    const endWait = wait.begin();
    const made = await make().finally(endWait);
    if (made.ok) chosen = made.value;
    // The next call chooses again: the error (an unreadable configuration, say) may be gone by then.
    else choosing = undefined;
    return made;
  };

  const open = async (commandLine: string): Promise<Outcome<Channel>> => {
    if (closed) return bad(refused('the connection was closed here', ''));
    choosing ??= choose(first);
    const before = choosing;
    const transport = await before;
    if (!transport.ok) return transport;
    const opened = await transport.value.open(commandLine);
    const noWay = !opened.ok && opened.trouble.kind === 'unreachable' && opened.trouble.opensshMay;
    if (!noWay || !instead) return opened;
    // Several commands may find out at the same time; the first one switches for all.
    if (choosing === before) {
      choosing = choose(instead);
      await transport.value.close();
    }
    const other = await choosing;
    return other?.ok ? await other.value.open(commandLine) : opened;
  };

  return {
    get name() {
      return chosen?.name;
    },
    waitedHereMs: wait.ms,
    open,
    close: async () => {
      closed = true;
      await chosen?.close();
    },
  };
}
