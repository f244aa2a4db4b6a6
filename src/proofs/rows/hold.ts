// Waits while a replica lags, or a server has much to do: a proof of rows is not to add to that.
import type { FailedStep } from '../../job/plan/step-work.ts';
import { abortWords } from '../../job/runner/abort.ts';
import { failed } from '../../job/runner/step-end.ts';
import type { ReplicationState } from '../../seed/replica/source/replication-state.ts';
import { shortDuration } from '../../text/amounts.ts';
import { ask, type SideName, type SideTools } from './sides.ts';

export interface Limits {
  readonly maxLagSeconds: number;
  /** Threads_running. */
  readonly maxLoad: number;
}

export type States = { readonly [side in SideName]?: ReplicationState };

const everyMs = 5000;
/** A replica that does not replicate is not waited for without an end. */
const maxStoppedMs = 10 * 60_000;

/** Why nothing is read now; undefined: it is read. `isStopped`: waiting alone does not mend it. */
function holdReason(
  { source, replica }: States,
  { maxLagSeconds, maxLoad }: Limits,
): { readonly why: string; readonly isStopped: boolean } | undefined {
  const { sqlThread, lagSeconds, applierError } = replica?.channel ?? {};
  if (replica && (sqlThread !== 'running' || !replica.channel)) {
    const error = applierError === undefined ? '' : `: ${applierError}`;
    return { why: `the applier of the replica does not run${error}`, isStopped: true };
  }
  if (lagSeconds !== undefined && lagSeconds > maxLagSeconds)
    return { why: `the replica lags by ${lagSeconds} s, and the limit is ${maxLagSeconds} s`, isStopped: false };
  for (const [side, state] of [
    ['source', source],
    ['replica', replica],
  ] as const) {
    const running = state?.server.threadsRunning ?? 0;
    if (running > maxLoad)
      return { why: `${running} threads run on the ${side}, and the limit is ${maxLoad}`, isStopped: false };
  }
  return undefined;
}

/** Returns how long it waited, in milliseconds. */
export async function whileHeld(
  tools: SideTools,
  told: States,
  limits: Limits,
): Promise<{ readonly ok: true; readonly heldMs: number } | FailedStep> {
  const beganMs = tools.watchedMs();
  let states = told;
  for (let held = holdReason(states, limits); held; held = holdReason(states, limits)) {
    const heldMs = tools.watchedMs() - beganMs;
    if (tools.signal.aborted) return failed(abortWords);
    if (held.isStopped && heldMs > maxStoppedMs)
      return failed(`${held.why}, for ${shortDuration(heldMs)}`, 'resume the job when it replicates');
    tools.say(`waiting: ${held.why}`);
    await tools.pause(everyMs);
    const now = await statesNow(tools);
    if ('ok' in now) return now;
    states = now;
  }
  return { ok: true, heldMs: states === told ? 0 : tools.watchedMs() - beganMs };
}

async function statesNow(tools: SideTools): Promise<States | FailedStep> {
  const source = await ask(tools, 'source', { ask: {} });
  if (!source.ok) return 'is' in source ? failed(source.why) : source;
  const replica = await ask(tools, 'replica', { ask: {} });
  if (!replica.ok) return 'is' in replica ? failed(replica.why) : replica;
  return { source: source.told.state, replica: replica.told.state };
}
