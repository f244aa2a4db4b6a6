// Applies the brought logs, as a unit on the target: it goes on without a runner. Each transaction keeps its GTID, so what is applied is known whatever ends it.
import { z } from 'zod';
import type { PlannedStep } from '../job/plan/plan.ts';
import { defineStep, noInput, noResult, type StepEnd, type StepTools } from '../job/plan/step-work.ts';
import { failed, notDone } from '../job/runner/step-end.ts';
import { unitCommands } from '../job/unit/unit-commands.ts';
import { linesOf, untilEnded } from '../job/unit/watch-unit.ts';
import type { UnitReport } from '../remote/unit.ts';
import { applyWords } from '../scripts/salvage-words.ts';
import { cleanLine } from '../text/clean.ts';
import { lackedCount } from './gtids.ts';
import { type SalvageJob, vendorSchema } from './job.ts';
import { countText } from './lines.ts';

const unitOf = ({ job, to, vendor, before }: SalvageJob) =>
  unitCommands({
    host: to.name,
    job,
    role: 'salvage',
    background: false,
    script: 'salvage-apply',
    args: applyWords(job, to.login, vendor, before),
  });

/** Said twice, it is started once: the unit is there already. After a power cut of the target it is not; a MariaDB, which does not skip what it has, is compared again. */
export const applyLogs = defineStep({
  kind: 'apply-logs',
  input: noInput,
  result: noResult,
  plan: (salvage: SalvageJob) => {
    const { start, end } = unitOf(salvage);
    const { to, tail } = salvage;
    return {
      name: 'apply the logs',
      title: `apply ${countText(tail.count)} on ${to.name}, each with its GTID`,
      host: to.name,
      input: {},
      commands: { start, end },
      acquires: { what: `the unit that applies them on ${to.name}`, release: 'end', whenDone: 'release' },
    };
  },
  run: async ({ run }) => {
    const answer = await run('start');
    return answer.ok ? { ok: true } : notDone(answer);
  },
});

const awaited = z.strictObject({ vendor: vendorSchema, before: z.string(), count: z.number() });

export const awaitApply = defineStep({
  kind: 'await-apply',
  input: awaited,
  result: noResult,
  plan: (salvage: SalvageJob) => ({
    name: 'wait until they are applied',
    title: `wait until all are applied on ${salvage.to.name}`,
    host: salvage.to.name,
    input: { vendor: salvage.vendor, before: salvage.before, count: salvage.tail.count },
    commands: { poll: unitOf(salvage).poll },
  }),
  run: async (tools) => {
    const { step, progress } = tools;
    const report = await untilEnded(tools, {
      key: 'poll',
      everyMs: 1000,
      onReport: (unit) => progress({ text: doneText(unit, tools.input) }, unit.state.kind !== 'running'),
      silent: `${step.host} has not answered`,
      advice: againAdvice(step),
    });
    return report.ok ? judged(report, tools) : report;
  },
});

type Awaited = z.infer<typeof awaited>;

function doneText({ progress }: UnitReport, { vendor, before, count }: Awaited): string {
  const applied = progress === '' ? 0 : lackedCount(vendor, progress, before);
  return `${applied} of ${countText(count)} applied`;
}

const againAdvice = ({ host }: Pick<PlannedStep, 'host'>) =>
  `what is applied stays, and ${host} knows it by its GTIDs: the same salvage again applies the rest`;

function judged(report: UnitReport, { step, input }: StepTools<Awaited>): StepEnd {
  const { state } = report;
  if (state.kind === 'ended' && state.code === 0) return { ok: true };
  const advice = againAdvice(step);
  if (state.kind === 'absent') {
    return failed(`${step.host} was restarted while transactions were applied there`, advice);
  }
  const said = linesOf(report)
    .map((line) => cleanLine(line))
    .at(-1);
  const how = state.kind === 'ended' ? `with ${state.code}` : 'from outside';
  return failed(`applying on ${step.host} ended ${how}, ${doneText(report, input)}${said ? `: ${said}` : ''}`, advice);
}
