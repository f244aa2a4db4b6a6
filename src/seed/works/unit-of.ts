// A unit's report, from a command of the plan.
import type { RunOptions, StepTools } from '../../job/step-work.ts';
import type { RemoteFailure } from '../../remote/failure.ts';
import { readUnitReport, type UnitReport } from '../../remote/unit.ts';

export type Polled = UnitReport | { readonly ok: false; readonly failure: RemoteFailure | undefined };

/** A failure of the line says nothing of the unit: `failure` is undefined where the answer was not understood. */
export async function pollUnit(
  { run }: Pick<StepTools, 'run'>,
  key: string,
  options: RunOptions = { again: true },
): Promise<Polled> {
  const answer = await run(key, options);
  if (!answer.ok) return { ok: false, failure: answer };
  return readUnitReport(answer.stdout) ?? { ok: false, failure: undefined };
}

/** What the unit's log has to say, in lines. */
export const linesOf = ({ log }: UnitReport): string[] =>
  log
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
