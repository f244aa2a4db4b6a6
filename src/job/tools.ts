// What a step can do, bound to its job: every command it runs is in its plan, in the journal and in the log.
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RemoteFailure } from '../remote/failure.ts';
import { shownWord } from '../remote/quote.ts';
import type { ExecResult, Remote } from '../remote/remote.ts';
import { scriptText } from '../scripts/script.ts';
import { cleanLine } from '../text/clean.ts';
import type { Journal } from './journal.ts';
import type { JobLog } from './log-file.ts';
import type { PlannedCommand, PlannedStep } from './plan.ts';
import type { JobRecord } from './record.ts';
import type { RunOptions, StepTools } from './step-work.ts';

export interface ToolParts {
  readonly journal: Journal;
  readonly log: JobLog;
  /** The same Remote for a host each time. */
  readonly open: (host: string) => Remote;
  readonly nowMs: () => number;
}

const progressEveryMs = 500;

export function toolsFor(job: JobRecord, step: PlannedStep, parts: ToolParts, signal: AbortSignal): StepTools {
  const { journal, log, nowMs } = parts;
  let toldMs = Number.NEGATIVE_INFINITY;
  const ran = new Set<string>();
  return {
    step,
    jobKey: job.key,
    signal,
    run: (key, { stdin, again = false } = {}) => {
      const command = step.commands[key];
      if (!command) throw new Error(`the plan of ${step.name} has no command ${key}`);
      const quiet = again && ran.has(key);
      ran.add(key);
      return runCommand(job, step, key, command, parts, { signal, quiet, ...(stdin !== undefined && { stdin }) });
    },
    resultOf: (name) => journal.job(job.id)?.steps.find((other) => other.name === name)?.result,
    progress: (progress) => {
      if (nowMs() - toldMs < progressEveryMs) return;
      toldMs = nowMs();
      journal.setProgress(job.id, step.name, { ...progress, text: cleanLine(progress.text) });
    },
    note: (text) => log.write(step.host, text),
    // It only returns early: whoever waits asks the signal.
    pause: (ms) => sleep(ms, undefined, { signal }).catch(() => undefined),
  };
}

/** How a command of a plan is shown, in previews and in logs alike. */
export function commandText({ script, args }: PlannedCommand): string {
  return cleanLine([`${script}.sh`, ...args.map(shownWord)].join(' '));
}

interface RunningOptions extends Omit<RunOptions, 'again'> {
  readonly signal?: AbortSignal;
  /** Written down only where it fails. */
  readonly quiet?: boolean;
}

/** Runs it on its host, and writes it down. */
export async function runCommand(
  job: JobRecord,
  step: PlannedStep,
  key: string,
  command: PlannedCommand,
  { journal, log, open, nowMs }: ToolParts,
  { quiet = false, ...options }: RunningOptions,
): Promise<ExecResult | RemoteFailure> {
  const { host, script, args, deadlineMs } = command;
  const text = await scriptText(script);
  const startedMs = nowMs();
  const answer = await open(host).exec(text, args, {
    ...options,
    deadlineMs,
    label: `${script} ${args[0] ?? ''}`.trim(),
  });
  if (quiet && answer.ok) return answer;
  const tookMs = nowMs() - startedMs;
  const code = answer.ok ? 0 : answer.kind === 'exit' ? answer.code : undefined;
  const said = answer.ok ? answer.stderr.trim() : `${answer.message} ${answer.printed}`.trim();
  const scriptSha256 = createHash('sha256').update(text).digest('hex');
  journal.addCommand(job.id, {
    step: step.name,
    key,
    host,
    script,
    scriptSha256,
    args,
    startedMs,
    tookMs,
    ...(code !== undefined && { code }),
    said,
  });
  const end = code ?? (answer.ok ? 0 : answer.kind);
  log.write(host, `$ ${commandText(command)} → ${end} (${(tookMs / 1000).toFixed(2)} s)${said ? `\n  ${said}` : ''}`);
  return answer;
}
