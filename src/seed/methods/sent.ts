// What the unit of the donor that sends a stream says in its log, for the steps that make data of the stream.
import type { StepTools } from '../../job/plan/step-work.ts';
import { linesOf, pollUnit } from '../../job/unit/watch-unit.ts';

/** By the command `sent` of the step; none where the donor does not answer. */
export async function sentLines(tools: Pick<StepTools, 'run'>): Promise<readonly string[]> {
  const report = await pollUnit(tools, 'sent');
  return report ? linesOf(report) : [];
}

/** For how long the donor's program blocked writes. */
export function blockedMs(sent: readonly string[]): number | undefined {
  const [hundredths] = sent.flatMap((line) => /^blocked (\d{1,9})$/.exec(line)?.[1] ?? []);
  return hundredths === undefined ? undefined : Number(hundredths) * 10;
}
