// Sends to all targets at once what they lack. The unit on the donor sends, and the targets know what has landed: the
// runner only watches. After a break it opens closed channels and starts the unit again, which sends the rest.

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
/** How often a lost target, or a unit that died or was forgotten, is tried again from the start. */
export const rounds = 3;
const betweenRoundsMs = 10_000;

/** Watches the snapshot, which may overflow, or the files of a stopped server; and the sources, which may purge needed logs. */
export const guarding = (tools: MovingTools, work: (tools: MovingTools) => Promise<StepEnd>): Promise<StepEnd> =>
  whileSourced(tools, (sourced) =>
    isGuarded(tools.step)
      ? whileGuarded(sourced, work, {
          nowMs: Date.now,
          everyMs: guardEveryMs,
        })
      : work(sourced),
  );

/** A step that succeeded for no target has failed. */
export function endWith(tools: MovingTools, lost: Readonly<Record<string, string>>): StepEnd {
  if (Object.keys(lost).length === 0) return { ok: true };
  const left = lanesLeft(tools.input.targets, { ...tools.lostLanes(), ...lost });
  return left.length > 0 ? { ok: true, lost } : { ...failed(lossText(lost)), lost };
}

/** Sends what the targets lack, until each has everything or has a reason why not. */
export async function move(tools: MovingTools, targets: readonly string[]): Promise<Moved> {
  const tried = tryingTools(tools);
  let moved = await moveOnce(tried.tools, targets, { again: false, isLast: false, watch: tried.watch });
  for (let round = 2; round <= rounds && moved.ok && Object.keys(moved.lost).length > 0 && !moved.isFinal; round++) {
    const lastError = lossText(moved.lost);
    tools.note(`try ${round} of ${rounds}, for ${lastError}`);
    tried.begin(round, lastError);
    await tools.pause(betweenRoundsMs);
    if (tools.signal.aborted) return failed(abortWords);
    moved = await moveOnce(tried.tools, targets, {
      again: true,
      isLast: round === rounds,
      watch: tried.watch,
    });
  }
  return moved;
}

/** The progress of a try has its number, why the previous one failed, and for how long no byte came over all tries. */
function tryingTools(tools: MovingTools) {
  const watch: StallWatch = { looks: [], still: false, stillLanes: new Set(), full: new Map() };
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
