// Steps after the first start on the new data find a server that runs: a host that lost its power since then may be starting it still, or does
// not start it by itself.
import type { Commands } from '../../job/plan/plan.ts';
import type { FailedStep, StepEnd, StepTools } from '../../job/plan/step-work.ts';
import { failed, mayPass, notDone } from '../../job/runner/step-end.ts';
import { byWatchedClock, type WatchedMs } from '../../remote/deadline.ts';
import { serviceWords } from '../../scripts/service-words.ts';
import { acting } from '../../service/acting.ts';
import { readEnded, readLook, type ServiceLook } from '../../service/look.ts';
import { untilReady } from '../../service/start-server.ts';
import { mostMs, quietLimitMs, waitFor, whenReady } from '../../service/wait-for.ts';
import { shortDuration } from '../../text/amounts.ts';
import { isNoServer } from '../no-server.ts';
import { command } from '../place.ts';
import { patienceMs } from './channel-trouble.ts';
import { endedCommand, logCommand } from './commands.ts';
import { notLetIn } from './login-advice.ts';
import { startOnData } from './steps/start-on-data.ts';

type Woken = Parameters<typeof logCommand>[0];

/** What holds the server back (start-options.sh) is on the disk, so an ordinary start does it. */
export const wakeCommands = (plan: Woken): Commands => ({
  wake: command(plan.target.name, 'service', serviceWords('start', plan.unit)),
  woken: logCommand(plan),
  ended: endedCommand(plan),
});

/** What its command `look` printed, once the server takes connections. */
export async function lookAwake(
  tools: StepTools,
): Promise<{ readonly ok: true; readonly stdout: string } | FailedStep> {
  const { run, step } = tools;
  const first = await run('look');
  const woken = isNoServer(first) ? await wake(tools) : undefined;
  if (woken && !woken.ok) return woken;
  const looked = woken ? await run('look') : first;
  return looked.ok ? looked : notLetIn(looked, step.host);
}

/** For a step that asks it nothing, and deletes what an undo would need. */
export async function stillRuns(tools: StepTools): Promise<StepEnd> {
  const { run, step } = tools;
  if (!step.commands.woken) return { ok: true };
  const looked = await run('woken');
  if (!looked.ok) return notDone(looked);
  if (readLook(looked.stdout)?.ready) return { ok: true };
  return (await wake(tools)) ?? { ok: true };
}

/**
 * undefined: a job of an older build has no such commands. Where systemd is at it (after a crash it waits some seconds, and restarts the server), a start
 * that is asked for would count that restart as one that failed.
 */
export async function wake(tools: StepTools): Promise<StepEnd | undefined> {
  if (!tools.step.commands.wake) return undefined;
  const rest = await byWatchedClock((watchedMs) => untilLeft(tools, watchedMs));
  if (rest !== 'down') return rest;
  tools.note(`the server of ${tools.step.host} does not run, as after a power cut: it is started again`);
  return await untilReady(acting(tools, { act: 'wake', look: 'woken' }));
}

/**
 * Until it takes connections, or it is down and another will not start it. One that another has stopped (a DBA, an upgrade of its package) is waited for: a
 * start could come while its programs are replaced.
 */
async function untilLeft(tools: StepTools, watchedMs: WatchedMs): Promise<StepEnd | 'down'> {
  const { step, pause, signal } = tools;
  const waits = waiting(tools, watchedMs);
  while (!signal.aborted) {
    const found = await stateOf({ ...tools, run: waits.run }, waits.settles);
    if (found !== 'stopped' && found !== 'unreachable') return found;
    const late = waits.late(found);
    if (late) return late;
    await pause(lookEveryMs);
  }
  return failed(`aborted while waiting for the server of ${step.host}`);
}

/** For how long it was seen stopped, and for how long its host was not heard of. */
function waiting(tools: StepTools, watchedMs: WatchedMs) {
  const { step, note, progress } = tools;
  let answeredMs = 0;
  let stoppedMs: number | undefined;
  const run: StepTools['run'] = async (key, options) => {
    const answer = await tools.run(key, options);
    if (answer.ok || !mayPass(answer)) answeredMs = watchedMs();
    return answer;
  };
  return {
    run,
    /** Its start or its stop may take hours: they are not time for which it was stopped. */
    settles: () => {
      stoppedMs = undefined;
    },
    late: (found: 'stopped' | 'unreachable'): FailedStep | undefined => {
      const nowMs = watchedMs();
      if (found === 'stopped') {
        if (stoppedMs === undefined) note(waitWords(step.host));
        stoppedMs ??= nowMs;
        progress({ text: 'stopped, and not by reseed: start it when that is done' });
      }
      const [sinceMs, limitMs] = found === 'stopped' ? [stoppedMs ?? nowMs, patienceMs] : [answeredMs, silentMs];
      if (nowMs - sinceMs > limitMs) return tooLate(step.host, found, nowMs - sinceMs);
      return nowMs > mostMs ? tooLate(step.host, found, nowMs) : undefined;
    },
  };
}

const waitWords = (host: string): string =>
  `! the server of ${host} was stopped, and not by reseed: it is waited for, ${shortDuration(patienceMs)} at most`;

function tooLate(host: string, found: 'stopped' | 'unreachable', afterMs: number): FailedStep {
  const after = `after ${shortDuration(afterMs)}`;
  return found === 'stopped'
    ? failed(
        `the server of ${host} was stopped, and not by reseed, and does not run ${after}`,
        'start it, and seed again',
      )
    : failed(
        `the server of ${host} can not be asked ${after}: the host does not answer`,
        `reseed check ${host} says why; its server may run: once the host answers, seed again`,
      );
}

type Rest = StepEnd | 'down' | 'stopped' | 'unreachable';

/** `settles` is called where it is being started or stopped, which is waited for. */
async function stateOf(tools: StepTools, settles: () => void): Promise<Rest> {
  let looked = await tools.run('woken', { again: true });
  if (looked.ok && !isSettled(readLook(looked.stdout))) {
    settles();
    const settled = await settle(tools);
    if (!settled.ok) return settled;
    looked = await tools.run('woken', { again: true });
  }
  if (!looked.ok) return mayPass(looked) ? 'unreachable' : notDone(looked);
  const look = readLook(looked.stdout);
  if (look?.ready) return { ok: true };
  return look?.state === 'inactive' ? await endOf(tools) : 'down';
}

const isSettled = (look: ServiceLook | undefined): boolean => look !== undefined && (look.ready || isDown(look));

const isDown = ({ state, process }: ServiceLook): boolean =>
  state === 'failed' || (state === 'inactive' && process === undefined);

/** A unit that has not failed, and that ran in this boot, was stopped. */
async function endOf(tools: StepTools): Promise<Rest> {
  if (!tools.step.commands.ended) return 'down';
  const answer = await tools.run('ended', { again: true });
  if (!answer.ok) return mayPass(answer) ? 'unreachable' : notDone(answer);
  const ended = readEnded(answer.stdout);
  const started = tools.resultOf(startOnData, tools.step.host)?.boot;
  return ended && (ended.endedInIt || ended.boot === started) ? 'stopped' : 'down';
}

/** For a host that does not answer, since its last answer. */
const silentMs = 10 * 60_000;
const lookEveryMs = 1000;

/** Until it takes connections, or it is down and nothing starts it. */
function settle(tools: StepTools): Promise<StepEnd> {
  let known: number | undefined;
  const words = { late: 'neither runs nor is down', done: 'its start is over' };
  return waitFor(acting(tools, { look: 'woken' }), quietLimitMs, words, (look) => {
    known ??= look.restarts;
    // One that ends at each restart tells why when it is started once more.
    return isDown(look) || look.restarts > known + 1 ? 'done' : whenReady(look);
  });
}
