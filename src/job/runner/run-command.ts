// Runs one command of a plan on its host, and records it: in the journal for the audit, in the log for people.

import { programText, shownWord } from '../../remote/call/quote.ts';
import type { RemoteFailure } from '../../remote/failure.ts';
import type { ExecResult, Remote } from '../../remote/remote.ts';
import { verbOf } from '../../scripts/named-words.ts';
import type { ScriptName } from '../../scripts/script.ts';
import { markIn } from '../../scripts/unit-words.ts';
import { cleanLine, cleanText } from '../../text/clean.ts';
import { exactDuration } from '../../text/times.ts';
import type { Journal } from '../journal/journal.ts';
import type { JobLog } from '../journal/log-file.ts';
import type { JobRecord } from '../journal/record.ts';
import type { HeldLease } from '../lease/held-lease.ts';
import { digestOf } from '../plan/frozen.ts';
import { frozenText } from '../plan/frozen-text.ts';
import type { PlannedCommand, PlannedStep } from '../plan/plan.ts';
import type { RunOptions } from '../plan/step-work.ts';

export interface ToolParts {
  readonly journal: Journal;
  readonly log: JobLog;
  /** Returns the same Remote for a host each time. */
  readonly open: (host: string) => Remote;
  readonly nowMs: () => number;
  /** Checked before anything is done. Absent: only this process uses the journal, as in tests. */
  readonly lease?: HeldLease;
}

/** A command of a plan as text, for previews and logs: `unit.sh start 9f3a send < seed-send.sh ...`. */
export function commandText({ script, args, program }: PlannedCommand): string {
  const words = (name: ScriptName, rest: readonly string[]) => [`${name}.sh`, ...rest.map(shownWord)].join(' ');
  const own = words(script, args);
  return cleanLine(program ? `${own} < ${words(program.script, program.args)}` : own);
}

/** With a program's own words after a `<`. */
const wordsOf = ({ args, program }: PlannedCommand) =>
  program ? [...args, '<', `${program.script}.sh`, ...program.args] : args;

/** What a command reads. A program ends with a line of the command's mark: so it is known to be whole. */
function standardInput(
  { args, program }: PlannedCommand,
  stdin: string | undefined,
  textOf: (name: ScriptName) => string,
): string | undefined {
  if (!program) return stdin;
  return `${stdin ?? ''}${programText(textOf(program.script), program.args)}\n#${markIn(args)}\n`;
}

interface RunningOptions extends Omit<RunOptions, 'again'> {
  readonly signal?: AbortSignal;
  /** Record it only if it fails. */
  readonly quiet?: boolean;
  /** Its output says what it did, so it is recorded as such. */
  readonly tells?: boolean;
}

/**
 * Runs it on its host, and records it. Throws a PlanFault if the job has no text for its script, a LeaseLost if another
 * runner has the job.
 */
export async function runCommand(
  job: JobRecord,
  step: PlannedStep,
  key: string,
  command: PlannedCommand,
  { journal, log, open, nowMs, lease }: ToolParts,
  { quiet = false, tells = false, stdin, signal }: RunningOptions,
): Promise<ExecResult | RemoteFailure> {
  const { host, script, args, deadlineMs } = command;
  const textOf = (name: ScriptName) => frozenText(job, name, journal);
  const text = textOf(script);
  lease?.check();
  const startedMs = nowMs();
  const input = standardInput(command, stdin, textOf);
  const answer = await open(host).exec(text, args, {
    ...(input !== undefined && { stdin: input }),
    ...(signal && { signal }),
    deadlineMs,
    label: `${script} ${verbOf(args)}`.trim(),
  });
  if (quiet && answer.ok) return answer;
  const tookMs = nowMs() - startedMs;
  const code = answer.ok ? 0 : answer.kind === 'exit' ? answer.code : undefined;
  const said = saidBy(answer, tells);
  // The digest recorded with the job is right: the text was just compared with it.
  const scriptSha256 = job.frozen?.scripts[script] ?? digestOf(text);
  journal.addCommand(job.id, {
    step: step.name,
    key,
    host,
    script,
    scriptSha256,
    args: wordsOf(command),
    startedMs,
    tookMs,
    ...(code !== undefined && { code }),
    said,
  });
  const end = code ?? (answer.ok ? 0 : answer.kind);
  // Each line of it is the command's (stepsOfLog).
  const told = said && `\n${said}`.replaceAll('\n', '\n  ');
  log.write(host, `$ ${commandText(command)} → ${end} (${exactDuration(tookMs)})${told}`);
  return answer;
}

/** Its standard error; for a command that tells, also its standard output. */
function saidBy(answer: ExecResult | RemoteFailure, tells: boolean): string {
  if (!answer.ok) return `${answer.message} ${answer.printed}`.trim();
  // Its standard error is clean already.
  return [answer.stderr, tells ? cleanText(answer.stdout) : '']
    .map((text) => text.trim())
    .filter(Boolean)
    .join('\n');
}
