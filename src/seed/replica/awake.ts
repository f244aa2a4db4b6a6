// Steps after the first start on the new data find a server that runs: a host that lost its power since then may be starting it still, or does
// not start it by itself.
import type { Commands } from '../../job/plan/plan.ts';
import type { FailedStep, StepEnd, StepTools } from '../../job/plan/step-work.ts';
import { notDone } from '../../job/runner/step-end.ts';
import { serviceWords } from '../../scripts/service-words.ts';
import { acting } from '../../service/acting.ts';
import { readLook } from '../../service/look.ts';
import { untilReady } from '../../service/start-server.ts';
import { waitFor } from '../../service/wait-for.ts';
import { isNoServer } from '../no-server.ts';
import { command } from '../place.ts';
import { logCommand } from './commands.ts';
import { loginAdvice } from './login-advice.ts';

type Woken = Parameters<typeof logCommand>[0];

/** What holds the server back (start-options.sh) is on the disk, so an ordinary start does it. */
export const wakeCommands = (plan: Woken): Commands => ({
  wake: command(plan.target.name, 'service', serviceWords('start', plan.unit)),
  woken: logCommand(plan),
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
  return looked.ok ? looked : { ...notDone(looked), advice: loginAdvice(step.host) };
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
export async function wake(tools: StepTools) {
  const { run, step, note } = tools;
  if (!step.commands.wake) return undefined;
  const settled = await settle(tools);
  if (!settled.ok) return settled;
  const looked = await run('woken', { again: true });
  if (looked.ok && readLook(looked.stdout)?.ready) return { ok: true } as const;
  note(`the server of ${step.host} does not run, as after a power cut: it is started again`);
  return await untilReady(acting(tools, { act: 'wake', look: 'woken' }));
}

const settleLimitMs = 30 * 60_000;

/** Until it takes connections, or it is down and nothing starts it. */
function settle(tools: StepTools): Promise<StepEnd> {
  let known: number | undefined;
  const words = { late: 'neither runs nor is down', done: 'its start is over' };
  return waitFor(acting(tools, { look: 'woken' }), settleLimitMs, words, ({ ready, state, restarts, process }) => {
    known ??= restarts;
    const isDown = state === 'failed' || (state === 'inactive' && process === undefined);
    // One that ends at each restart tells why when it is started once more.
    return ready || isDown || restarts > known + 1 ? 'done' : 'on its way';
  });
}
