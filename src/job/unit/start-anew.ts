// Starts a step's unit, unless it runs: what a power cut, or an earlier try, has left of it begins anew.
import type { FailedStep, StepTools } from '../plan/step-work.ts';
import { abortWords } from '../runner/abort.ts';
import { failed, notDone } from '../runner/step-end.ts';
import { pollUnit } from './watch-unit.ts';

/** While it does not answer, whether it runs is unknown: to end it then could throw hours of work away. */
const looks = 30;
const everyMs = 10_000;

type Tools = Pick<StepTools, 'run' | 'pause' | 'signal' | 'step'>;

interface Anew {
  /** One that ended while no runner watched is read, and not begun anew. */
  readonly readsEnded?: boolean;
  /** Commands of the step that make what it needs, before it starts. */
  readonly prepare?: readonly string[];
}

/** By the commands `poll`, `end` and `start` of the step. undefined: it runs, or has ended and is to be read. */
export async function startAnew(
  tools: Tools,
  { readsEnded = false, prepare = [] }: Anew = {},
): Promise<FailedStep | undefined> {
  const found = await firstAnswer(tools);
  if (!found) {
    if (tools.signal.aborted) return failed(abortWords);
    return failed(
      `${tools.step.host} does not tell whether the unit of this step runs`,
      'resume the job when it answers',
    );
  }
  const { kind } = found.state;
  if (kind === 'running' || (readsEnded && kind === 'ended')) return undefined;
  for (const key of ['end', ...prepare, 'start']) {
    const answer = await tools.run(key);
    if (!answer.ok) return notDone(answer);
  }
  return undefined;
}

async function firstAnswer(tools: Tools) {
  for (let look = 0; look < looks && !tools.signal.aborted; look++) {
    const found = await pollUnit(tools, 'poll');
    if (found) return found;
    await tools.pause(everyMs);
  }
  return undefined;
}
