// What a step can do, bound to its job: every command it runs is in its plan, in the journal and in the log.
import { cleanLine } from '../text/clean.ts';
import { pause } from './pause.ts';
import type { PlannedStep } from './plan.ts';
import { PlanFault } from './plan-fault.ts';
import type { JobRecord } from './record.ts';
import { releaseOne } from './release.ts';
import { runCommand, type ToolParts } from './run-command.ts';
import type { StepTools } from './step-work.ts';

const progressEveryMs = 500;
/** A line that drops may return, and sshd may be started again: that fails no job. Every command of a step may be said twice. */
const againAfterMs = [1000, 5000];

export function toolsFor(job: JobRecord, step: PlannedStep, parts: ToolParts, signal: AbortSignal): StepTools {
  const { journal, log, nowMs, lease } = parts;
  let toldMs = Number.NEGATIVE_INFINITY;
  const ran = new Set<string>();
  return {
    step,
    input: step.input,
    jobKey: job.key,
    signal,
    run: async (key, { stdin, again = false } = {}) => {
      const command = step.commands[key];
      if (!command) throw new PlanFault(`its plan has no command '${key}'`);
      const quiet = again && ran.has(key);
      ran.add(key);
      const options = { signal, quiet, ...(stdin !== undefined && { stdin }) };
      for (const waitMs of againAfterMs) {
        const answer = await runCommand(job, step, key, command, parts, options);
        if (answer.ok || answer.kind !== 'unreachable' || signal.aborted) return answer;
        await pause(waitMs, signal);
      }
      return await runCommand(job, step, key, command, parts, options);
    },
    release: (name) => releaseOne(job.id, name, parts),
    lostLanes: () => journal.lostLanes(job.id),
    resultOf: (name) => journal.stepResult(job.id, name),
    progress: (progress, last = false) => {
      if (!last && nowMs() - toldMs < progressEveryMs) return;
      lease?.check();
      toldMs = nowMs();
      const { beside, lastError } = progress;
      const clean = {
        text: cleanLine(progress.text),
        ...(beside !== undefined && { beside: cleanLine(beside) }),
        ...(lastError !== undefined && { lastError: cleanLine(lastError) }),
      };
      journal.setProgress(job.id, step.name, { ...progress, ...clean });
    },
    note: (text) => log.write(step.host, text),
    pause: (ms) => pause(ms, signal),
  };
}
