// Waits until a command of the inventory has ended, and shows what it prints. It succeeded if it ended with 0.
import { z } from 'zod';
import { defineStep, type FailedStep, noResult, type StepTools } from '../job/plan/step-work.ts';
import { failed } from '../job/runner/step-end.ts';
import { linesOf, untilEnded } from '../job/unit/watch-unit.ts';
import type { UnitReport } from '../remote/unit.ts';
import { shortDuration } from '../text/amounts.ts';
import { cleanLine } from '../text/clean.ts';

import { type CustomUnit, customUnit, stepName } from './start-command.ts';

const lookEveryMs = 1000;
/** Of a line, beside the step and in the job's error; the log has all of it. */
const maxShown = 300;

export const awaitCommand = defineStep({
  kind: 'await-command',
  input: z.strictObject({ name: z.string(), seconds: z.number() }),
  result: noResult,
  plan: (custom: CustomUnit) => ({
    name: stepName('wait for', custom),
    title: `wait until ${custom.name} has ended on ${custom.host}`,
    host: custom.host,
    lane: custom.lane,
    input: { name: custom.name, seconds: custom.seconds },
    commands: { poll: customUnit(custom).poll },
  }),
  run: async (tools) => {
    const report = await untilCommandEnded(tools, 'command');
    return report.ok ? endOfCommand(report, { host: tools.step.host, ...tools.input }) : report;
  },
});

/** With its lines in the log, and the last one on the screen. `what` it is, for the advice where its host stays away. */
export function untilCommandEnded(tools: StepTools, what: string): Promise<UnitReport | FailedStep> {
  const log = commandLog(tools.note);
  return untilEnded(tools, {
    key: 'poll',
    everyMs: lookEveryMs,
    onReport: (seen) => {
      log(seen);
      tools.progress({ text: lastLine(seen) }, seen.state.kind !== 'running');
    },
    silent: `${tools.step.host} has not answered`,
    advice: `see whether the ${what} ended there`,
  });
}

/** Writes each new line to the log. The last one may still grow while the command runs. `name`: where two run at a time. */
export function commandLog(note: StepTools['note'], name = ''): (report: UnitReport) => void {
  let told = 0;
  const before = name === '' ? '|' : `${name} |`;
  return (report) => {
    const lines = linesOf(report);
    const isOver = report.state.kind !== 'running';
    const whole = isOver || report.log.at(-1) === 0x0a ? lines.length : lines.length - 1;
    const more = lines.slice(told, whole).map((line) => `${before} ${cleanLine(line)}`);
    if (more.length > 0) note(more.join('\n'));
    told = Math.max(told, whole);
  };
}

/** For the screen. */
const lastLine = (report: UnitReport): string =>
  cleanLine(linesOf(report).at(-1) ?? '')
    .slice(0, maxShown)
    .toWellFormed();

interface Ended {
  readonly host: string;
  readonly name: string;
  readonly seconds: number;
  /** Where the inventory has it; absent: under commands. */
  readonly setting?: string;
}

/** How a command that does not run any more has ended. */
export function endOfCommand(
  report: UnitReport,
  { host, name, seconds, setting = `commands.${name}` }: Ended,
): { readonly ok: true } | FailedStep {
  const { state, progress } = report;
  if (state.kind === 'ended' && state.code === 0) return { ok: true };
  if (state.kind === 'absent' || progress === 'again') {
    return failed(
      `${host} was restarted after ${name} was started: whether it ended is not known, and it is not started again`,
      `look on ${host} what it did`,
    );
  }
  if (state.kind === 'died' || state.kind === 'running') return failed(`${name} was ended on ${host} from outside`);
  const last = lastLine(report);
  const said = last === '' ? '' : `: ${last}`;
  if (progress === 'late') {
    return failed(
      `${name} did not end within ${shortDuration(seconds * 1000)} on ${host}, and was ended${said}`,
      `a longer deadline: ${setting}.deadline`,
    );
  }
  return failed(`${name} ended with ${state.code} on ${host}${said}`, 'the log of the job has its output');
}
