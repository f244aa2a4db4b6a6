// Hooks that did not succeed while their job went on. Pure.
import { checkPrograms } from '../../../hooks/check-programs.ts';
import { hookResult } from '../../../hooks/outcome.ts';
import { runHookHere } from '../../../hooks/run-here.ts';
import { runHookOnHost } from '../../../hooks/run-on-host.ts';
import type { JobRecord } from '../../../job/journal/record.ts';
import { everyStep } from '../../../job/plan/plan.ts';

const kinds: readonly string[] = [runHookHere, runHookOnHost, checkPrograms].map(({ kind }) => kind);

/** A sentence each, in the order of the plan; those of the job's end come last. */
export const hookWarnings = ({ plan, steps }: Pick<JobRecord, 'plan' | 'steps'>): readonly string[] =>
  everyStep(plan)
    .filter(({ work }) => kinds.includes(work))
    .flatMap(({ name }) => {
      const result = hookResult.safeParse(steps.find((step) => step.name === name)?.result).data;
      return result?.warning === undefined ? [] : [`! ${result.warning}`];
    });
