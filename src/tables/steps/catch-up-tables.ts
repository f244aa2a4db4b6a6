// Watches a replica with its new tables until it has applied what it has received and its lag is 0.
import { defineStep, noInput, noResult, type StepEnd, type StepTools } from '../../job/plan/step-work.ts';
import { failed } from '../../job/runner/step-end.ts';
import { byWatchedClock, type WatchedMs } from '../../remote/deadline.ts';
import { hasWork, stillTime } from '../../seed/replica/movement.ts';
import type { ReplicationState } from '../../seed/replica/source/replication-state.ts';
import { shortDuration } from '../../text/amounts.ts';
import { cleanLine } from '../../text/clean.ts';
import { type Replica, stateBy, stateCommand, type TablesJob } from '../job.ts';

const lookEveryMs = 1000;
/** Of one that has applied all that it has received: an ALTER TABLE may take longer. */
const stalledMs = 60 * 60_000;

export const catchUpTables = defineStep({
  kind: 'tables-catch-up',
  stage: 'caught-up',
  input: noInput,
  result: noResult,
  plan: ({ target: { host }, speaker }: TablesJob & { readonly replica: Replica }) => ({
    name: `catch up ${host.name}`,
    title: `wait until ${host.name} has caught up`,
    host: host.name,
    input: {},
    commands: { state: stateCommand(host, speaker) },
  }),
  run: (tools) => byWatchedClock((watchedMs) => caughtUp(tools, watchedMs)),
});

async function caughtUp(tools: StepTools, watchedMs: WatchedMs): Promise<StepEnd> {
  const { step, signal, pause, progress, note } = tools;
  const still = stillTime(watchedMs());
  let looksThere = 0;
  while (!signal.aborted) {
    const told = await stateBy(tools, 'state', true);
    if (!told.ok) return told;
    const { channel } = told.state;
    const error = fatalError(channel);
    if (error !== undefined) {
      return failed(`${step.host} does not replicate: ${cleanLine(error)}`, 'the new tables stay; look at the error');
    }
    const lag = channel?.lagSeconds;
    looksThere = isThere(told.state) ? looksThere + 1 : 0;
    if (looksThere === 2) {
      note(`${step.host} replicates, lag ${lag} s`);
      return { ok: true };
    }
    const stillMs = still(told.state, watchedMs());
    if (stillMs > stalledMs && !hasWork(told.state)) {
      return failed(`${step.host} has applied nothing for ${shortDuration(stillMs)}`, adviceAt(told.state));
    }
    progress({ text: lagText(channel) });
    await pause(lookEveryMs);
  }
  return failed(`aborted while ${step.host} was catching up`);
}

/** A receiver that is trying again is waited for. */
const fatalError = (channel: ReplicationState['channel']): string | undefined =>
  channel?.applierError ?? (channel?.ioThread === 'stopped' ? channel.ioError : undefined);

const adviceAt = ({ channel }: ReplicationState): string =>
  `the new tables stay${channel?.sqlThread === 'running' ? '' : '; its applier was stopped by others: start it'}`;

function lagText(channel: ReplicationState['channel']): string {
  if (channel?.lagSeconds !== undefined) return `lag ${channel.lagSeconds} s`;
  return channel?.ioError ? `not connected to its source: ${cleanLine(channel.ioError)}` : 'lag unknown';
}

const isThere = ({ channel, delaySeconds }: ReplicationState): boolean =>
  channel?.sqlThread === 'running' &&
  channel.ioThread === 'running' &&
  channel.lagSeconds !== undefined &&
  channel.lagSeconds <= delaySeconds;
