// The hosts that a seed is planned from are asked: for the verb that seeds, and for the one that lists the ways.
import { present } from '../../../host/known.ts';
import type { Inventory } from '../../../inventory/settings.ts';
import type { Asked } from '../../../operations/hosts/ask.ts';
import { targetOf } from '../../../operations/hosts/target-of.ts';
import { pastJobs } from '../../../operations/jobs/job-store.ts';
import type { Subject } from '../../../operations/plans/draft.ts';
import { type FurtherRequest, furtherHosts } from '../../../operations/seed/known.ts';
import type { SeedAsking } from '../../../operations/seed/seed.ts';
import { openRemotes } from '../../../remote/open.ts';
import { exitCodes, exitWith } from '../../answer.ts';
import { untilSignalled } from '../../hosts/signals.ts';
import type { Chosen } from '../../hosts/targets.ts';
import { someOf, waitingFor, waitingLine } from '../../hosts/waiting-line.ts';
import { listenTo, sayAway } from '../ask.ts';

/** How long a plan waits for a host that has no part in it. */
const briefMs = 5000;

interface Named {
  readonly donor: string;
  readonly targets: readonly string[];
}

/** The hosts that the seed is planned from; undefined: the reason why there are none was printed, and the exit code is set. */
export async function askKnown(
  { inventory }: Chosen,
  named: Named,
  request: FurtherRequest,
  json: boolean | undefined,
): Promise<readonly Subject[] | undefined> {
  const first = await listenTo(only(inventory, [named.donor, ...named.targets]));
  if (first.code !== exitCodes.done || sayAway(first.away, json)) {
    exitWith(first.code === exitCodes.done ? exitCodes.unreachable : first.code);
    return undefined;
  }
  const { needed, brief } = furtherHosts(inventory.hosts, first.asked, named, request);
  const ask = async (names: readonly string[], deadlineMs?: number) =>
    names.length === 0 ? nothingHeard : await listenTo(only(inventory, names), deadlineMs);
  const further = await Promise.all([ask(needed), ask(brief, briefMs)]);
  const ended = further.find(({ code }) => code !== exitCodes.done);
  if (ended) {
    exitWith(ended.code);
    return undefined;
  }
  const heard: readonly Asked[] = [...first.asked, ...further.flatMap(({ asked }) => asked)];
  const unheard = inventory.hosts
    .filter(({ name }) => brief.includes(name) && !heard.some(({ host }) => host.name === name))
    .map((host) => {
      const away = further.flatMap((some) => some.away).find(({ host: name }) => name === host.name)?.message;
      return { host, report: {}, inventory, target: targetOf(host, inventory), ...present('away', away) };
    });
  return [...heard, ...unheard];
}

const only = (inventory: Inventory, names: readonly string[]): Chosen => ({
  inventory,
  hosts: inventory.hosts.filter(({ name }) => names.includes(name)),
});

const nothingHeard = { asked: [], away: [], code: exitCodes.done } as const;

/**
 * Asks donor and targets for what a seed has to know, with signs of life on the terminal. undefined: a signal ended it,
 * and the exit code is set.
 */
export async function askFurther<T>(
  { donor, targets }: Named,
  known: readonly Subject[],
  drafting: (asking: SeedAsking) => Promise<T>,
): Promise<T | undefined> {
  const remotes = openRemotes({ environment: process.env });
  let drafted: T | undefined;
  const code = await untilSignalled(async (signal) => {
    let waiting = waitingLine(`asking ${someOf([donor, ...targets])} what a seed has to know`, true);
    drafted = await drafting({
      known,
      signal,
      past: pastJobs(),
      open: (target) => remotes.open(target),
      onWaiting: (what, left) => {
        if (what === 'sides') return waiting.show(waitingFor(left));
        waiting.clear();
        waiting = waitingLine('asking the sources whether they still have what the targets need', true);
      },
    });
    waiting.clear();
    return exitCodes.done;
  });
  await remotes.close();
  if (code === exitCodes.done) return drafted;
  exitWith(code);
  return undefined;
}
