// Waits for the real end of a start or a stop: ready for connections, or no process left. Shows the error log's lines
// meanwhile, and explains a failure with them.

import { parseLogLine } from '../host/log/error-log.ts';
import type { FailedStep, StepEnd, StepTools } from '../job/plan/step-work.ts';
import { byWatchedClock, type WatchedMs } from '../remote/deadline.ts';
import type { RemoteFailure } from '../remote/failure.ts';
import { shortDuration } from '../text/amounts.ts';
import { answered } from './answered.ts';
import { blockedStart } from './blocked-start.ts';
import { readLook, type ServiceLook, serverLines } from './look.ts';

const lookEveryMs = 500;
/** In all: a server that can not go on may write a line now and then (a full disk, clients that are refused, a wrapper that starts it over and over). */
export const mostMs = 6 * 60 * 60_000;

/**
 * For how long nothing may change: the recovery of a large server, and the pages of a large buffer pool at a stop, take long, and MySQL's default verbosity
 * logs nothing of them. Both are watched, and can be aborted; systemd ends them before that where the unit has a limit.
 */
export const quietLimitMs = 2 * 60 * 60_000;
/** After a command of the inventory, which may have ended with 0 and done nothing. */
export const commandLimitMs = 5 * 60_000;
/** The same, where a server that is at work, and takes no connections, is waited for as any. */
export const limitAfterCommand = ({ process, ready }: ServiceLook): number =>
  process !== undefined && !ready ? quietLimitMs : commandLimitMs;

type Judgement = 'done' | 'failed' | 'refused' | 'on its way';

/** For the end of a start: a server that is not asked will not be by waiting. */
export const whenReady = ({ ready, refused }: ServiceLook): Judgement => {
  if (ready) return 'done';
  return refused === undefined ? 'on its way' : 'refused';
};

/** The server's description when the limit is reached, and the words that stay beside the finished step. */
interface WaitWords {
  readonly late: string;
  readonly done: string;
}

/**
 * `act` is the command that starts or stops it (absent: that is done already), `look` the one that looks; `held`, where planned, checks each new process.
 * `limitMs`: for how long nothing may change, in its state or in its log, as it is at a look.
 */
export async function waitFor(
  tools: StepTools,
  limitMs: number | ((look: ServiceLook) => number),
  words: WaitWords,
  judge: (look: ServiceLook) => Judgement,
): Promise<StepEnd> {
  if (tools.step.commands.act) {
    const asked = await tools.run('act');
    if (!asked.ok) return failed(asked);
  }
  const limitOf = typeof limitMs === 'number' ? () => limitMs : limitMs;
  return await byWatchedClock((watchedMs) => looked(tools, watchedMs, limitOf, words, judge));
}

async function looked(
  tools: StepTools,
  watchedMs: WatchedMs,
  limitOf: (look: ServiceLook) => number,
  words: WaitWords,
  judge: (look: ServiceLook) => Judgement,
): Promise<StepEnd> {
  const { step, pause, signal } = tools;
  const tell = teller(tools);
  const judged = judging(tools, judge, watchedMs);
  let sign = '';
  let changedMs = 0;
  // The limit is checked after a look: while a runner was not scheduled, it did not wait for the server.
  while (!signal.aborted) {
    const answer = await answered(tools, 'look', watchedMs);
    if (!answer.ok) return failed(answer);
    const look = readLook(answer.stdout);
    if (!look) return notDone('the answer of service.sh was not understood', 'see the log of the job');
    tell(look);
    const judgement = await judged(look);
    if (typeof judgement !== 'string') return judgement;
    if (judgement === 'done') {
      // The progress words ("waiting for systemd, process 3627") stay in the log and do not describe the end.
      tools.progress({ text: words.done }, true);
      return { ok: true };
    }
    if (judgement !== 'on its way') return notReached(judgement, look, step.host);
    const nowMs = watchedMs();
    if (sign !== signOf(look)) changedMs = nowMs;
    sign = signOf(look);
    const late = lateText(nowMs, nowMs - changedMs, limitOf(look));
    if (late !== undefined) {
      return notDone(`the server of ${step.host} ${words.late}${late}: ${standingOf(look)}`, `reseed log ${step.host}`);
    }
    await pause(lookEveryMs);
  }
  return notDone(`aborted while waiting for the server of ${step.host}`);
}

function notReached(judgement: 'failed' | 'refused', look: ServiceLook, host: string): FailedStep {
  if (judgement === 'refused') {
    return notDone(`whether the server of ${host} takes connections can not be asked: ${look.refused}`);
  }
  return blockedStart(look.journalLines, host) ?? notDone(whyOf(look), `reseed log ${host}`);
}

/** A failure: it was started without the options of the job. */
function judging(tools: StepTools, judge: (look: ServiceLook) => Judgement, watchedMs: WatchedMs) {
  const held = holder(tools, watchedMs);
  return async (look: ServiceLook): Promise<Judgement | FailedStep> => {
    const loose = await held(look.process);
    if (loose && loose !== 'unseen') return loose;
    const judgement = judge(look);
    return loose === 'unseen' && judgement === 'done' ? 'on its way' : judgement;
  };
}

function lateText(waitedMs: number, stillMs: number, limitMs: number): string | undefined {
  if (stillMs >= limitMs) return `, and nothing has changed for ${shortDuration(limitMs)}`;
  return waitedMs >= mostMs ? ` after ${shortDuration(mostMs)}` : undefined;
}

/** The states of systemd and service.sh, in the words of the whole program. */
const stateWords: Readonly<Record<string, string>> = {
  active: 'up',
  inactive: 'down',
  activating: 'starting',
  deactivating: 'stopping',
  queued: 'waiting for systemd',
};

/** `stopping, process 846 mysqld`: what the step waits for. */
const standingOf = ({ state, process }: ServiceLook) =>
  `${stateWords[state] ?? state}, ${process === undefined ? 'no process of it' : `process ${process}`}`;

/** Another one: it is at work. */
const signOf = ({ state, restarts, process, logBytes, journalLines }: ServiceLook) =>
  [state, restarts, process, logBytes, journalLines.length].join(' ');

/** The limit of new lines per look. A server that systemd restarts over and over repeats its lines. */
const maxLines = 30;

/** Every look has the log from the same byte on; prints only lines that were not printed yet. */
function teller({ note, progress }: StepTools): (look: ServiceLook) => void {
  let told = 0;
  return (look) => {
    // A server without a log of its own writes to the journal.
    const logLines = serverLines(look);
    const leftOut = Math.max(0, logLines.length - told - maxLines);
    if (leftOut > 0) note(`| … ${leftOut} lines left out: they are in the server's log`);
    for (const line of logLines.slice(told + leftOut)) note(`| ${line}`);
    told = Math.max(told, logLines.length);
    progress({ text: [standingOf(look), logLines.at(-1)].filter(Boolean).join(' · ') });
  };
}

/** For the first start on a copied datadir: stops a process that lacks the options which hold replication back (seed-start.sh). `unseen`: it had ended, so it is looked for again. */
function holder(
  tools: StepTools,
  watchedMs: WatchedMs,
): (process: string | undefined) => Promise<FailedStep | 'unseen' | undefined> {
  let seen: string | undefined;
  return async (process) => {
    if (!tools.step.commands.held || process === undefined || process === seen) return undefined;
    const answer = await answered(tools, 'held', watchedMs);
    if (!answer.ok) return failed(answer);
    if (answer.stdout.trim() === 'none') return 'unseen';
    seen = process;
    return undefined;
  };
}

const notDone = (message: string, advice = ''): FailedStep => ({ ok: false, message, advice });

/**
 * Why it did not start: the first error of its log, else of the journal of this start, since later errors follow from
 * it. Otherwise the last lines of the journal without systemd's own. Ends with systemd's word for the end of its
 * process.
 */
function whyOf({ logLines, journalLines, state, result }: ServiceLook): string {
  const end = `unit state: ${stateWords[state] ?? state}${result === undefined ? '' : ` (${result})`}`;
  const words = journalLines.filter((line) => !frame.test(line));
  const why = firstError(logLines) ?? firstError(words) ?? words.at(-1);
  return why === undefined ? end : `${why}; ${end}`;
}

const firstError = (lines: readonly string[]) => lines.find((line) => parseLogLine(line).severity === 'error');

/** systemd's own sentences say that it failed, and not why. A condition or an assertion that failed does say why. */
const frame =
  /^(Start(ing|ed)|Stopp(ing|ed)|Failed to start|Deactivated|Consumed|Scheduled restart)|: (Main process exited|Failed with result|Scheduled restart|Consumed|Deactivated|Start request repeated|Control process exited)/;

const failed = ({ message, advice, printed }: RemoteFailure) =>
  notDone([message, printed].filter((words) => words !== '').join(': '), advice);
