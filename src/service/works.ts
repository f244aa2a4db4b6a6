// Starting and stopping, to the real end: ready for connections, or no process left. The error log's lines are shown while one
// waits, and are what a failure is explained with.

import { parseLogLine } from '../host/error-log.ts';
import type { StepEnd, StepTools, StepWorks } from '../job/step-work.ts';
import type { RemoteFailure } from '../remote/failure.ts';
import { readLook, type ServiceLook } from './look.ts';

/** Crash recovery of a large server takes its time; it is watched, and can be aborted. */
const startLimitMs = 30 * 60_000;
const stopLimitMs = 15 * 60_000;
const lookEveryMs = 500;

async function startServer(tools: StepTools): Promise<StepEnd> {
  return await waitFor(tools, startLimitMs, ({ ready, state, restarts, pid }) => {
    if (ready) return 'done';
    // systemd may start it again and again, and it will fail for the same reason.
    const failed = restarts > 0 || state === 'failed' || (state === 'inactive' && pid === undefined);
    return failed ? 'failed' : 'on its way';
  });
}

async function stopServer(tools: StepTools): Promise<StepEnd> {
  return await waitFor(tools, stopLimitMs, ({ state, pid }) =>
    pid === undefined && (state === 'inactive' || state === 'failed') ? 'done' : 'on its way',
  );
}

type Judgement = 'done' | 'failed' | 'on its way';

async function waitFor(tools: StepTools, limitMs: number, judge: (look: ServiceLook) => Judgement): Promise<StepEnd> {
  const { run, step, pause, signal } = tools;
  const asked = await run('act');
  if (!asked.ok) return failed(asked);
  const endMs = Date.now() + limitMs;
  const tell = teller(tools);
  while (!signal.aborted && Date.now() < endMs) {
    const answer = await run('look', { again: true });
    if (!answer.ok) return failed(answer);
    const look = readLook(answer.stdout);
    if (!look) return notDone('the answer of service.sh was not understood', 'see the log of the job');
    tell(look);
    const judgement = judge(look);
    if (judgement === 'done') return { ok: true };
    if (judgement === 'failed') return notDone(whyFrom(look.logLines) ?? `systemd says ${look.state}`);
    await pause(lookEveryMs);
  }
  if (signal.aborted) return notDone(`aborted while waiting for the server of ${step.host}`);
  return notDone(`the server of ${step.host} is not there after ${limitMs / 60_000} min`);
}

/** Of what came since the look before. A server that systemd starts over and over says the same over and over. */
const mostLines = 30;

/** Every look has the log from the same byte on: what was not told yet is told. */
function teller({ note, progress }: StepTools): (look: ServiceLook) => void {
  let told = 0;
  return ({ logLines, state }) => {
    const leftOut = Math.max(0, logLines.length - told - mostLines);
    if (leftOut > 0) note(`| … ${leftOut} lines left out: they are in the server's log`);
    for (const line of logLines.slice(told + leftOut)) note(`| ${line}`);
    told = Math.max(told, logLines.length);
    progress({ text: logLines.at(-1) ?? state });
  };
}

const notDone = (message: string, advice = ''): StepEnd => ({ ok: false, message, advice });

/** The log's first error of this start: those after it follow from it. */
function whyFrom(lines: readonly string[]): string | undefined {
  return lines.find((line) => parseLogLine(line).severity === 'error');
}

const failed = ({ message, advice, printed }: RemoteFailure) =>
  notDone([message, printed].filter((words) => words !== '').join(': '), advice);

export const serviceWorks: StepWorks = { 'start-server': startServer, 'stop-server': stopServer };
