// What a step can do, bound to its job: every command it runs is in its plan, in the journal and in the log.
import { byWatchedClock } from '../remote/deadline.ts';
import { cleanLine } from '../text/clean.ts';
import { hostsAway } from './hosts-away.ts';
import { pause } from './pause.ts';
import type { PlannedStep } from './plan.ts';
import { PlanFault } from './plan-fault.ts';
import type { JobRecord, StepProgress } from './record.ts';
import { releaseOne } from './release.ts';
import { runCommand, type ToolParts } from './run-command.ts';
import type { StepTools } from './step-work.ts';
import { patienceMs, untilReached } from './until-reached.ts';

const progressEveryMs = 500;

export function toolsFor(job: JobRecord, step: PlannedStep, parts: ToolParts, signal: AbortSignal): StepTools {
  const { journal, log, nowMs, lease } = parts;
  let toldMs = Number.NEGATIVE_INFINITY;
  const ran = new Set<string>();
  const away = hostsAway();
  let told: StepProgress = { text: '' };
  const tell = () => {
    lease?.check();
    toldMs = nowMs();
    const { beside, lastError } = told;
    const lost = away.now();
    const clean = {
      text: cleanLine(told.text),
      ...(beside !== undefined && { beside: cleanLine(beside) }),
      ...(lastError !== undefined && { lastError: cleanLine(lastError) }),
    };
    journal.setProgress(job.id, step.name, { ...told, ...clean, ...(lost.length > 0 && { away: lost }) });
  };
  const progress: StepTools['progress'] = (now, last = false) => {
    told = now;
    if (last || nowMs() - toldMs >= progressEveryMs) tell();
  };
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
      const { host } = command;
      const beganMs = nowMs();
      // A machine of ours that slept waited for no host meanwhile.
      const answer = await byWatchedClock((watchedMs) =>
        untilReached(() => runCommand(job, step, key, command, parts, options), {
          patienceMs: () => patienceMs(journal.job(job.id) ?? job, step),
          nowMs: watchedMs,
          pause: (ms) => pause(ms, signal),
          signal,
          onAway: (failure, givenUpAfterMs) => {
            away.lost(host, beganMs, failure, givenUpAfterMs);
            tell();
          },
        }),
      );
      if ((answer.ok || answer.kind !== 'unreachable') && away.found(host)) tell();
      return answer;
    },
    release: (name) => releaseOne(job.id, name, parts),
    lostLanes: () => journal.lostLanes(job.id),
    resultOf: (name) => journal.stepResult(job.id, name),
    progress,
    note: (text) => log.write(step.host, text),
    pause: (ms) => pause(ms, signal),
  };
}
