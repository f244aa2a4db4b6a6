// The hosts that a seed is planned from are asked: for the verb that seeds, and for the one that lists the ways.
import { pastJobs } from '../../../operations/jobs/job-store.ts';
import type { Subject } from '../../../operations/plans/draft.ts';
import { askForSeed } from '../../../operations/seed/ask-known.ts';
import type { FurtherRequest } from '../../../operations/seed/known.ts';
import type { SeedAsking } from '../../../operations/seed/seed.ts';
import { openRemotes } from '../../../remote/open.ts';
import { exitCodes, exitWith } from '../../answer.ts';
import { untilSignalled } from '../../hosts/signals.ts';
import type { Chosen } from '../../hosts/targets.ts';
import { someOf, waitingFor, waitingLine } from '../../hosts/waiting-line.ts';
import { listenTo, sayAway } from '../ask.ts';

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
  let ended: number | undefined;
  const asked = await askForSeed(inventory, named, request, async (hosts, deadlineMs) => {
    const { code, ...heard } = await listenTo({ inventory, hosts }, deadlineMs);
    if (code === exitCodes.done) return heard;
    ended = code;
    return undefined;
  });
  if (asked && !sayAway(asked.away, json)) return asked.known;
  exitWith(ended ?? exitCodes.unreachable);
  return undefined;
}

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
