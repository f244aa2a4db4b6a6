// Hosts asked for a verb, with signs of life while they are; what is away is said.
import type { Host } from '../../inventory/settings.ts';
import { type Asked, askTheseHosts, type Heard } from '../../operations/hosts/ask.ts';
import type { Refusal } from '../../operations/result.ts';
import { exitCodes, exitWith, printRefusal } from '../answer.ts';
import { untilSignalled } from '../hosts/signals.ts';
import { type Chosen, chooseHosts, type HostOptions } from '../hosts/targets.ts';
import { maxNamed, waitingFor, waitingLine } from '../hosts/waiting-line.ts';

const maxMs = 30_000;

/** Asks the hosts named, all at once; none named: every host. undefined or none: there is nothing to go on with; it was said why. */
export async function askHosts(names: readonly string[], options: HostOptions): Promise<readonly Asked[] | undefined> {
  const heard = await hearHosts(names, options);
  // One JSON answer: where some host is there to go on with, that is the verb's.
  if (heard) sayAway(heard.away, options.json === true && heard.asked.length === 0);
  return heard?.asked;
}

/** The same, and says nothing of what is away; the exit code is set. */
export async function hearHosts(names: readonly string[], options: HostOptions): Promise<HeardHere | undefined> {
  const chosen = await chooseHosts(names, options);
  if (!chosen) return undefined;
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
  /** Not 0: a signal ended it. */
  readonly code: number;
}

/** Says nothing of what is away. */
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

/** A few by their names, more by their number. */
const namesOf = (hosts: readonly Host[]) =>
  hosts.length > maxNamed ? `${hosts.length} hosts` : hosts.map(({ name }) => name).join(', ');

/** Whether one of them is. */
export function sayAway(away: readonly Refusal[], json = false): boolean {
  const [first, ...further] = away;
  if (first) printRefusal(json, { ...first, further });
  return first !== undefined;
}
