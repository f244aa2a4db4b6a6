// Starting and stopping, to the real end: ready for connections, or no process left. The error log's lines are shown while one
// waits, and are what a failure is explained with.

import { parseLogLine } from '../host/log/error-log.ts';
import type { FailedStep, StepEnd, StepTools } from '../job/plan/step-work.ts';
import { byWatchedClock, type WatchedMs } from '../remote/deadline.ts';
import type { RemoteFailure } from '../remote/failure.ts';
import { readLook, type ServiceLook, serverLines } from './look.ts';

const lookEveryMs = 500;

type Judgement = 'done' | 'failed' | 'on its way';

/** What is said of the server when the limit is over, and what stays beside the step when it is done. */
interface WaitWords {
  readonly late: string;
  readonly done: string;
}

/** `act` is its command that asks for it, `look` the one that looks; `held`, where it is planned, looks at each new process. */
export async function waitFor(
  tools: StepTools,
  limitMs: number,
  words: WaitWords,
  judge: (look: ServiceLook) => Judgement,
): Promise<StepEnd> {
  const asked = await tools.run('act');
  if (!asked.ok) return failed(asked);
  return await byWatchedClock((watchedMs) => looked(tools, watchedMs, limitMs, words, judge));
}

async function looked(
  tools: StepTools,
  watchedMs: WatchedMs,
  limitMs: number,
  words: WaitWords,
  judge: (look: ServiceLook) => Judgement,
): Promise<StepEnd> {
  const { run, step, pause, signal } = tools;
  const tell = teller(tools);
  const held = holder(tools);
  // The limit is judged after a look: a runner that was not scheduled for so long has not waited for the server.
  while (!signal.aborted) {
    const answer = await run('look', { again: true });
    if (!answer.ok) return failed(answer);
    const look = readLook(answer.stdout);
    if (!look) return notDone('the answer of service.sh was not understood', 'see the log of the job');
    tell(look);
    const loose = await held(look.process);
    if (loose) return loose;
    const judgement = judge(look);
    if (judgement === 'done') {
      // What it said on the way is in the log: "waiting for systemd, process 3627" is not how it ended.
      tools.progress({ text: words.done }, true);
      return { ok: true };
    }
    if (judgement === 'failed') return notDone(whyOf(look), `reseed log ${step.host}`);
    if (watchedMs() >= limitMs) {
      return notDone(`the server of ${step.host} ${words.late} after ${limitMs / 60_000} min: ${standingOf(look)}`);
    }
    await pause(lookEveryMs);
  }
  return notDone(`aborted while waiting for the server of ${step.host}`);
}

/** systemd's words for the state of a unit, and service.sh's, as all of reseed says them. */
const stateWords: Readonly<Record<string, string>> = {
  active: 'up',
  inactive: 'down',
  activating: 'starting',
  deactivating: 'stopping',
  queued: 'waiting for systemd',
};

/** `stopping, process 846 mysqld`: what is waited for. */
const standingOf = ({ state, process }: ServiceLook) =>
  `${stateWords[state] ?? state}, ${process === undefined ? 'no process of it' : `process ${process}`}`;

/** Of what came since the look before. A server that systemd starts over and over says the same over and over. */
const maxLines = 30;

/** Every look has the log from the same byte on: what was not told yet is told. */
function teller({ note, progress }: StepTools): (look: ServiceLook) => void {
  let told = 0;
  return (look) => {
    // A server without a log of its own says what it has to say to the journal.
    const logLines = serverLines(look);
    const leftOut = Math.max(0, logLines.length - told - maxLines);
    if (leftOut > 0) note(`| … ${leftOut} lines left out: they are in the server's log`);
    for (const line of logLines.slice(told + leftOut)) note(`| ${line}`);
    told = Math.max(told, logLines.length);
    progress({ text: [standingOf(look), logLines.at(-1)].filter(Boolean).join(' · ') });
  };
}

/** Of a copied datadir's first start: a process without the options that hold it back is stopped (seed-start.sh). */
function holder({ run, step }: StepTools): (process: string | undefined) => Promise<FailedStep | undefined> {
  let seen: string | undefined;
  return async (process) => {
    if (!step.commands.held || process === undefined || process === seen) return undefined;
    const answer = await run('held', { again: true });
    if (!answer.ok) return failed(answer);
    seen = process;
    return undefined;
  };
}

const notDone = (message: string, advice = ''): FailedStep => ({ ok: false, message, advice });

/**
 * Why it did not start: the first error of its log, else of the journal of this start, for those after it follow from it; else what the
 * journal has at the end that is not systemd's frame around it. With how systemd says that its process ended.
 */
function whyOf({ logLines, journalLines, state, result }: ServiceLook): string {
  const end = `unit state: ${stateWords[state] ?? state}${result === undefined ? '' : ` (${result})`}`;
  const words = journalLines.filter((line) => !frame.test(line));
  const why = firstError(logLines) ?? firstError(words) ?? words.at(-1);
  return why === undefined ? end : `${why}; ${end}`;
}

const firstError = (lines: readonly string[]) => lines.find((line) => parseLogLine(line).severity === 'error');

/** systemd's own sentences, which say that it failed, and not why. A condition or an assertion that did not hold is why. */
const frame =
  /^(Start(ing|ed)|Stopp(ing|ed)|Failed to start|Deactivated|Consumed|Scheduled restart)|: (Main process exited|Failed with result|Scheduled restart|Consumed|Deactivated|Start request repeated|Control process exited)/;

const failed = ({ message, advice, printed }: RemoteFailure) =>
  notDone([message, printed].filter((words) => words !== '').join(': '), advice);
