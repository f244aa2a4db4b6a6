// Sends to all targets at once what they lack. The unit on the donor does it and the targets know what has landed: the runner only watches,
// and after a break it opens what is closed and starts the unit again, which goes on with what is lacking.

import type { StepProgress } from '../../job/journal/record.ts';
import { lanesLeft, lossText } from '../../job/lanes.ts';
import type { StepEnd, StepTools } from '../../job/plan/step-work.ts';
import { abortWords } from '../../job/runner/abort.ts';
import { failed } from '../../job/runner/step-end.ts';
import { isGuarded, whileGuarded } from '../../snapshot/guard.ts';
import type { MovingInput } from './moving-plan.ts';
import { type Moved, moveOnce, type StallWatch, stillFor } from './sending-round.ts';
import { whileSourced } from './source-watch.ts';

export type MovingTools = StepTools<MovingInput>;

const guardEveryMs = 10_000;
/** How often a target that was given up, or a unit that died or was forgotten, is tried again from the start. */
export const rounds = 3;
const betweenRoundsMs = 10_000;

/** Reading a snapshot, which may overflow; or the files of a server that is down. And while sources may purge what comes after it. */
export const guarding = (tools: MovingTools, work: (tools: MovingTools) => Promise<StepEnd>): Promise<StepEnd> =>
  whileSourced(tools, (sourced) =>
    isGuarded(tools.step)
      ? whileGuarded(sourced, work, {
          nowMs: Date.now,
          everyMs: guardEveryMs,
        })
      : work(sourced),
  );

/** A step that did its work for no target has failed, whatever the reasons are. */
export function endWith(tools: MovingTools, lost: Readonly<Record<string, string>>): StepEnd {
  if (Object.keys(lost).length === 0) return { ok: true };
  const left = lanesLeft(tools.input.targets, { ...tools.lostLanes(), ...lost });
  return left.length > 0 ? { ok: true, lost } : { ...failed(lossText(lost)), lost };
}

/** Sends what the targets lack, until all have it or it is known of each why not. */
export async function move(tools: MovingTools, targets: readonly string[]): Promise<Moved> {
  const tried = tryingTools(tools);
  let moved = await moveOnce(tried.tools, targets, { again: false, watch: tried.watch });
  for (let round = 2; round <= rounds && moved.ok && Object.keys(moved.lost).length > 0; round++) {
    const lastError = lossText(moved.lost);
    tools.note(`try ${round} of ${rounds}, for ${lastError}`);
    tried.begin(round, lastError);
    await tools.pause(betweenRoundsMs);
    if (tools.signal.aborted) return failed(abortWords);
    moved = await moveOnce(tried.tools, targets, { again: true, watch: tried.watch });
  }
  return moved;
}

/** What is told of a try has its number, why the one before it failed, and for how long no byte came, over all of them. */
function tryingTools(tools: MovingTools) {
  const watch: StallWatch = { looks: [], still: false };
  let about: Pick<StepProgress, 'try' | 'lastError'> = {};
  const progress: MovingTools['progress'] = (told) => tools.progress({ ...told, ...about });
  return {
    watch,
    tools: { ...tools, progress },
    begin: (number: number, lastError: string) => {
      about = { try: { number, of: rounds }, lastError };
      progress({ text: 'the channels are opened again', ...stillFor(watch) });
    },
  };
}
