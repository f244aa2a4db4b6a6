// What a step can do, bound to its job: every command that it runs is in its plan, in the journal and in the log.
import { byWatchedClock } from '../../remote/deadline.ts';
import type { RemoteFailure } from '../../remote/failure.ts';
import type { ExecResult } from '../../remote/remote.ts';
import { cleanLine } from '../../text/clean.ts';
import type { JobRecord, StepProgress } from '../journal/record.ts';
import type { Commands, PlannedCommand, PlannedStep } from '../plan/plan.ts';
import { PlanFault } from '../plan/plan-fault.ts';
import { issueText, type StepDefinition, type StepTools } from '../plan/step-work.ts';
import { plannedOf } from '../steps-of.ts';
import { abortWords, isAbortAsked } from './abort.ts';
import { unlessTakenUp } from './fenced.ts';
import { hostsAway } from './hosts-away.ts';
import { pause } from './pause.ts';
import { noRelays, type Relays } from './relays.ts';
import { releaseOne } from './release.ts';
import { runCommand, type ToolParts } from './run-command.ts';
import { mayCome, patienceMs, untilReached } from './until-reached.ts';

const progressEveryMs = 500;

export interface StepParts extends ToolParts {
  /** The relays through this machine; absent: no step needs one. */
  readonly relays?: Relays;
}

export function toolsFor(job: JobRecord, step: PlannedStep, parts: StepParts, signal: AbortSignal): StepTools {
  const { journal, log, nowMs, lease } = parts;
  let toldMs = Number.NEGATIVE_INFINITY;
  const ran = new Set<string>();
  const away = hostsAway();
  let told: StepProgress | undefined;
  const tell = () => {
    lease?.check();
    toldMs = nowMs();
    // A runner that resumes the step has reported nothing yet: its predecessor's last report stays.
    const { away: _, ...now } = told ??
      journal.job(job.id)?.steps.find(({ name }) => name === step.name)?.progress ?? { text: '' };
    const { text, beside, lastError } = now;
    const lost = away.now();
    const clean = {
      text: cleanLine(text),
      ...(beside !== undefined && { beside: cleanLine(beside) }),
      ...(lastError !== undefined && { lastError: cleanLine(lastError) }),
    };
    journal.setProgress(job.id, step.name, { ...now, ...clean, ...(lost.length > 0 && { away: lost }) });
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
    relays: parts.relays ?? noRelays(),
    wordsNow: (key) => changed(job, key, commandOf(step.commands, key), parts).args,
    run: async (own, { target, stdin, again = false, asChanged = false } = {}) => {
      const commands = target === undefined ? step.commands : step.targetCommands?.[target];
      const key = target === undefined ? own : `${own} ${target}`;
      const planned = commandOf(commands, own, key);
      const command = asChanged ? changed(job, own, planned, parts) : planned;
      const said = JSON.stringify([target, own]);
      const quiet = again && ran.has(said);
      ran.add(said);
      const options = { signal, quiet, ...(stdin !== undefined && { stdin }) };
      const { host } = command;
      const beganMs = nowMs();
      // While this machine sleeps, it waits for no host.
      const answer = await byWatchedClock((watchedMs) =>
        untilReached(() => runCommand(job, step, key, command, parts, options), {
          patienceMs: () => patienceMs(journal.job(job.id) ?? job, step),
          nowMs: watchedMs,
          pause: (ms) => pause(ms, signal),
          signal,
          onAway: (failure, givenUpAfterMs) => {
            away.lost(host, key, beganMs, failure, givenUpAfterMs);
            tell();
          },
        }),
      );
      if (mayCome(answer)) {
        away.givenUp(host, key);
        tell();
      } else if (away.found(host)) tell();
      return isAbortAsked(signal) ? abortedBy(answer) : unlessTakenUp(answer);
    },
    release: (name) => releaseOne(job.id, name, parts),
    record: () => journal.job(job.id) ?? job,
    lostLanes: () => journal.lostLanes(job.id),
    resultOf: (of, at) => {
      const [found, other] = plannedOf(job.plan, of, at);
      if (other) throw new PlanFault(`its plan has more than one step of the kind ${of.kind}`);
      return found && resultOf(job, of, found, parts);
    },
    resultsOf: (of) =>
      new Map(
        plannedOf(job.plan, of).flatMap((found) => {
          const result = resultOf(job, of, found, parts);
          return result === undefined ? [] : [[found.name, result] as const];
        }),
      ),
    progress,
    note: (text) => log.write(step.host, text),
    pause: (ms) => pause(ms, signal),
  };
}

function commandOf(commands: Commands | undefined, own: string, key = own): PlannedCommand {
  const command = commands?.[own];
  if (!command) throw new PlanFault(`its plan has no command '${key}'`);
  return command;
}

/** With the words of its last run that succeeded, by any step of the job or by the operator, on whichever host that step was. */
function changed({ id }: JobRecord, key: string, planned: PlannedCommand, { journal }: StepParts): PlannedCommand {
  const last = journal
    .commands(id)
    .findLast((one) => one.key === key && one.script === planned.script && one.code === 0);
  return last ? { ...planned, args: last.args } : planned;
}

/** A command that the operator's abort stopped: the abort is the reason, not the host, and not the command's output so far. */
const abortedBy = <Answer extends ExecResult | RemoteFailure>(answer: Answer): Answer =>
  !answer.ok && answer.kind === 'aborted' ? { ...answer, message: abortWords, printed: '' } : answer;

type Wanted<Result> = Pick<StepDefinition<Result>, 'kind' | 'result'>;

/** undefined: there is no result yet. */
function resultOf<Result>(
  { id }: JobRecord,
  { result }: Wanted<Result>,
  { name, title }: PlannedStep,
  { journal }: StepParts,
): Result | undefined {
  const told = journal.stepResult(id, name);
  if (told === undefined) return undefined;
  const read = result.safeParse(told);
  if (read.success) return read.data;
  throw new PlanFault(`what "${title}" found out is not what this step reads (${issueText(read.error)})`);
}
