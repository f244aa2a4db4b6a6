// During the copy and the comparison, asks repeatedly whether the targets' sources still have the logs after the
// snapshot: if a source has purged them, its copy is useless, and ends at once.
import { lanesLeft, lossText } from '../../job/lanes.ts';
import type { StepEnd, StepTools } from '../../job/plan/step-work.ts';
import { pause } from '../../job/runner/pause.ts';
import { whileWatched } from '../../job/runner/while-watched.ts';
import type { AttachTools } from '../replica/input.ts';
import { type AskedSources, attachTools } from '../replica/source/lane-sources.ts';
import { originFor, sourcesTrouble } from '../replica/source/source.ts';

const askEveryMs = 60_000;
const purgedAdvice =
  'its old data is untouched: seed from a newer snapshot, or let the source keep its binary logs for longer';

interface Copying extends AskedSources {
  /** All targets of the job, in the order of the plan. */
  readonly targets: readonly string[];
}

/** Does `work` meanwhile. When no target is left, the work's `signal` aborts; a lost target is added to `lost`. */
export async function whileSourced<Input extends Copying>(
  tools: StepTools<Input>,
  work: (tools: StepTools<Input>) => Promise<StepEnd>,
  everyMs = askEveryMs,
): Promise<StepEnd> {
  const asked = attachTools(tools);
  const lanes = Object.keys(asked);
  if (lanes.length === 0) return await work(tools);
  const lost: Record<string, string> = {};
  const all = () => ({ ...tools.lostLanes(), ...lost });
  const { end, isCalledOff } = await whileWatched({ ...tools, lostLanes: all }, work, async (signal, callOff) => {
    for (;;) {
      await pause(everyMs, signal);
      if (signal.aborted) return;
      for (const lane of lanesLeft(lanes, all())) {
        const trouble = await troubleOf(asked[lane]);
        if (trouble === undefined) continue;
        // The job keeps only this reason for a lost target, so it includes the advice.
        lost[lane] = `${trouble}; ${purgedAdvice}`;
        tools.note(`! ${lane}: ${trouble}`);
      }
      if (lanesLeft(tools.input.targets, all()).length === 0) callOff();
    }
  });
  if (Object.keys(lost).length === 0 || tools.signal.aborted) return end;
  if (isCalledOff) return { ok: false, message: lossText(lost), advice: purgedAdvice, lost };
  return { ...end, lost: { ...end.lost, ...lost } };
}

/** undefined: the source has the logs, or is not known to lack any. */
async function troubleOf(tools: AttachTools | undefined): Promise<string | undefined> {
  const origin = tools && originFor(tools);
  return origin && (await sourcesTrouble(tools, origin));
}
