// The copy to all targets at once. The unit on the donor does it and the targets know what has landed: the runner only watches,
// and after a break it opens what is closed and starts the unit again, which goes on with what is lacking.
import { lossText } from '../../job/lanes.ts';
import { failed } from '../../job/step-end.ts';
import type { StepEnd, StepTools } from '../../job/step-work.ts';
import { isGuarded, whileGuarded } from '../../snapshot/guard.ts';
import type { SeedTools } from './channel.ts';
import { type Moved, moveOnce } from './sending-round.ts';

const guardEveryMs = 10_000;
/** How often a target that was given up, or a unit that died or was forgotten, is tried again from the start. */
export const rounds = 3;
const betweenRoundsMs = 10_000;

export async function copyData(tools: SeedTools): Promise<StepEnd> {
  return await guarding(tools, async (guarded) => {
    const moved = await move(guarded, targetsOf(tools));
    return moved.ok ? endWith(moved.lost) : moved;
  });
}

/** Reading a snapshot, which may overflow; or the files of a server that is down. */
export const guarding = (tools: SeedTools, work: (tools: SeedTools) => Promise<StepEnd>): Promise<StepEnd> =>
  isGuarded(tools.step)
    ? whileGuarded(tools, (guarded) => work({ ...tools, ...guarded }), { nowMs: Date.now, everyMs: guardEveryMs })
    : work(tools);

/** All targets of the job, in the order of the plan. */
export const targetsOf = ({ step }: StepTools): string[] =>
  Array.isArray(step.input.targets) ? step.input.targets.map(String) : [];

export const endWith = (lost: Readonly<Record<string, string>>): StepEnd => ({
  ok: true,
  ...(Object.keys(lost).length > 0 && { lost }),
});

/** Sends what the targets lack, until all have it or it is known of each why not. */
export async function move(tools: SeedTools, targets: readonly string[]): Promise<Moved> {
  let moved = await moveOnce(tools, targets, false);
  for (let round = 2; round <= rounds && moved.ok && Object.keys(moved.lost).length > 0; round++) {
    tools.note(`round ${round} of ${rounds}, for ${lossText(moved.lost)}`);
    await tools.pause(betweenRoundsMs);
    if (tools.signal.aborted) return failed('aborted by the operator');
    moved = await moveOnce(tools, targets, true);
  }
  return moved;
}
