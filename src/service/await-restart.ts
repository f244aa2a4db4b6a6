// Waits until a server that a command of the inventory has restarted is another process than before, in the same datadir, and takes
// connections: a command that did nothing ends with 0 as well.
import { defineStep, type FailedStep, noInput, noResult, type StepTools } from '../job/plan/step-work.ts';
import { abortWords } from '../job/runner/abort.ts';
import { failed, notDone } from '../job/runner/step-end.ts';
import { byWatchedClock } from '../remote/deadline.ts';
import { answered } from './answered.ts';
import { noteProcess, processForm } from './note-process.ts';
import { type ServerWish, serverCommands } from './server-commands.ts';
import { commandLimitMs, limitAfterCommand, waitFor, whenReady } from './wait-for.ts';

const lookEveryMs = 500;

export const awaitRestart = defineStep({
  kind: 'await-restart',
  input: noInput,
  result: noResult,
  plan: (request: ServerWish) => {
    const { which, look } = serverCommands('start', request);
    const { name } = request.host;
    return {
      name: `wait for the restart of ${name}`,
      title: `wait until the server of ${name} is another process, and takes connections`,
      host: name,
      input: {},
      commands: { which, look },
    };
  },
  run: async (tools) => {
    const same = await untilAnother(tools);
    if (same) return same;
    return waitFor(
      tools,
      limitAfterCommand,
      { late: 'takes no connections', done: 'another process takes connections' },
      whenReady,
    );
  },
});

/** undefined: it is another process by now. */
function untilAnother(tools: StepTools): Promise<FailedStep | undefined> {
  const { step, pause, signal } = tools;
  const before = tools.resultOf(noteProcess)?.process;
  return byWatchedClock(async (watchedMs) => {
    while (!signal.aborted) {
      const answer = await answered(tools, 'which', watchedMs);
      if (!answer.ok) return notDone(answer);
      const now = answer.stdout.trim();
      if (!processForm.test(now))
        return failed('the answer of service.sh was not understood', 'see the log of the job');
      if (now !== 'none' && now !== before) return undefined;
      if (watchedMs() >= commandLimitMs)
        return failed(whyNot(step.host, now), 'see what the command printed, in the log of the job');
      await pause(lookEveryMs);
    }
    return failed(abortWords);
  });
}

function whyNot(host: string, now: string): string {
  const minutes = commandLimitMs / 60_000;
  return now === 'none'
    ? `commands.restart ended, and no server works in the datadir of ${host} after ${minutes} min`
    : `commands.restart ended with 0 and did not restart the server of ${host}: after ${minutes} min it is the process of before, ${now.split(' ')[0]}`;
}
