// Asks hosts for a verb, with signs of life meanwhile, and prints which did not answer.
import type { Host } from '../../inventory/settings.ts';
import { type Asked, askTheseHosts, type Heard } from '../../operations/hosts/ask.ts';
import type { Refusal } from '../../operations/result.ts';
import { exitCodes, exitWith, printRefusal } from '../answer.ts';
import { untilSignalled } from '../hosts/signals.ts';
import { type Chosen, chooseHosts, type HostOptions } from '../hosts/targets.ts';
import { maxNamed, waitingFor, waitingLine } from '../hosts/waiting-line.ts';

const maxMs = 30_000;

/**
 * Asks the named hosts, or every host, all at once. undefined or empty: there is nothing to work with, and the reason
 * was printed.
 */
export async function askHosts(names: readonly string[], options: HostOptions): Promise<readonly Asked[] | undefined> {
  const chosen = await chooseHosts(names, options);
  return chosen && (await askChosen(chosen, options));
}

/** The same, where the inventory was read already. */
export async function askChosen(chosen: Chosen, options: HostOptions): Promise<readonly Asked[] | undefined> {
  const heard = await hearChosen(chosen);
  // JSON output is a single answer: if some host answered, that is the verb's own.
  if (heard) sayAway(heard.away, options.json === true && heard.asked.length === 0);
  return heard?.asked;
}

/** The same, without printing which hosts did not answer; sets the exit code. */
export async function hearHosts(names: readonly string[], options: HostOptions): Promise<HeardHere | undefined> {
  const chosen = await chooseHosts(names, options);
  return chosen && (await hearChosen(chosen));
}

async function hearChosen(chosen: Chosen): Promise<HeardHere | undefined> {
  const heard = await listenTo(chosen);
  if (heard.code !== exitCodes.done) {
    exitWith(heard.code);
    return undefined;
  }
  exitWith(heard.away.length > 0 ? exitCodes.unreachable : exitCodes.done);
  return heard;
}

interface HeardHere {
  readonly asked: readonly Asked[];
  readonly away: Heard['away'];
  /** Not 0: a signal ended the asking. */
  readonly code: number;
}

/** Does not print which hosts did not answer. */
export async function listenTo({ inventory, hosts }: Chosen, deadlineMs = maxMs): Promise<HeardHere> {
  let heard: Omit<HeardHere, 'code'> = { asked: [], away: [] };
  const code = await untilSignalled(async (signal) => {
    const waiting = waitingLine(`asking ${namesOf(hosts)}`, true);
    const onHeard = (left: readonly string[]) => waiting.show(waitingFor(left));
    heard = await askTheseHosts(inventory, hosts, { deadlineMs, signal, onHeard });
    waiting.clear();
    return exitCodes.done;
  });
  return { ...heard, code };
}

/** A few hosts by their names, more by their number. */
const namesOf = (hosts: readonly Host[]) =>
  hosts.length > maxNamed ? `${hosts.length} hosts` : hosts.map(({ name }) => name).join(', ');

/** Prints the hosts that did not answer. Returns whether there is one. */
export function sayAway(away: readonly Refusal[], json = false): boolean {
  const [first, ...further] = away;
  if (first) printRefusal(json, { ...first, further });
  return first !== undefined;
}
