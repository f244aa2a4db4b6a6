// Watches a replica until it has caught up, and then checks it once more.
import { z } from 'zod';
import type { PlannedStep } from '../../../job/plan/plan.ts';
import { defineStep, type FailedStep, type StepEnd, type StepTools } from '../../../job/plan/step-work.ts';
import { failed, mayPass, notDone } from '../../../job/runner/step-end.ts';
import { byWatchedClock, type WatchedMs } from '../../../remote/deadline.ts';
import { readLook, serverLines } from '../../../service/look.ts';
import { shortDuration } from '../../../text/amounts.ts';
import { isNoServer } from '../../no-server.ts';
import { wake, wakeCommands } from '../awake.ts';
import {
  type DistanceSample,
  distanceText,
  etaText,
  judgeCatchUp,
  lastChecks,
  msToThere,
  type Way,
} from '../catch-up.ts';
import { logCommand, lookCommands } from '../commands.ts';
import { type AttachTools, attachSchema, inputOf } from '../input.ts';
import { onTarget } from '../on-target.ts';
import type { AttachPlan } from '../plan.ts';
import { logProof } from '../proof/proof.ts';
import { type ReplicationState, readReplicationState } from '../source/replication-state.ts';
import { attachReplica } from './attach-replica.ts';

const lookEveryMs = 1000;
/**
 * A replica that applies one large transaction shows no progress for long. That is reported, and only much later counts
 * as a failure.
 */
const quietMs = 60_000;
const stalledMs = 60 * 60_000;
/** For a lost connection, or a server that restarts. */
const unansweredMs = 10 * 60_000;

/** The GTIDs that it had applied then, absent without GTIDs; and its lag, which is its delay on purpose. */
const result = z.object({ gtid: z.string().optional(), lagSeconds: z.number().optional() });
type Caught = StepEnd<z.infer<typeof result>>;

export const catchUp = defineStep({
  kind: 'catch-up',
  stage: 'caught-up',
  input: attachSchema,
  result,
  plan: (plan: AttachPlan) => ({
    ...onTarget(plan, 'catch up'),
    title: `wait until ${plan.target.name} has caught up`,
    input: inputOf(plan),
    commands: { ...lookCommands(plan), ...wakeCommands(plan), log: logCommand(plan) },
  }),
  run: (tools) => byWatchedClock((watchedMs) => followed(tools, watchedMs)),
});

/** Of a server that was not started on new data: its log has no such start to tell of. */
export function catchUpReattached(plan: AttachPlan): PlannedStep {
  const step = catchUp.plan(plan);
  const { log: _, wake: __, woken: ___, ...commands } = step.commands;
  return { ...step, commands };
}

async function followed(tools: AttachTools, watchedMs: WatchedMs): Promise<Caught> {
  const { step, pause, signal } = tools;
  const startedMs = Date.now();
  const see = watching(tools, 0);
  const sees = silence(step.host, 0);
  while (!signal.aborted) {
    const source = await ask(tools, 'source');
    const target = await askAwake(tools);
    const nowMs = watchedMs();
    const seen = sees(target, nowMs) ?? see(target, source, nowMs);
    if (seen === 'there') return await lastLook(tools, startedMs);
    if (seen) return seen;
    await pause(lookEveryMs);
  }
  return failed(`aborted while ${step.host} was catching up`);
}

/** A server that does not answer may be restarting; after a long time it counts as failed. */
function silence(host: string, startedMs: number): (target: Asked, nowMs: number) => FailedStep | undefined {
  let answeredMs = startedMs;
  return (target, nowMs) => {
    if ('replicationState' in target) answeredMs = nowMs;
    if ('end' in target || nowMs - answeredMs <= unansweredMs) return 'end' in target ? target.end : undefined;
    return failed(`the server of ${host} has not answered for ${shortDuration(nowMs - answeredMs)}`);
  };
}

/** The result of a look, together with earlier ones; undefined: still catching up. */
function watching({ step, input, note, progress }: AttachTools, startedMs: number) {
  const { vendor, position, channels } = input;
  const running = channels.filter(({ runs }) => runs).map(({ name }) => name);
  const quiet = quietOf({ note, host: step.host });
  let first: DistanceSample | undefined;
  let looksThere = 0;
  return (target: Asked, source: Asked, nowMs: number): FailedStep | 'there' | undefined => {
    if (!('replicationState' in target)) return undefined;
    const sources = 'replicationState' in source ? { source: source.replicationState } : {};
    const runningMs = nowMs - startedMs;
    const way = judgeCatchUp({
      vendor,
      position,
      target: target.replicationState,
      ...sources,
      runningMs,
      channels: running,
    });
    if (way.kind === 'failed') return failed(`${step.host}: ${way.why}`, way.advice);
    // The lag is counted in whole seconds, so it must be 0 twice, not once by chance.
    looksThere = way.kind === 'there' ? looksThere + 1 : 0;
    if (way.kind === 'there') return looksThere === 2 ? 'there' : undefined;
    const sample = sampleOf(way, nowMs);
    first ??= sample;
    progress({ text: `${distanceText(way)}${etaText(msToThere(first, sample))}` });
    return quiet(sample);
  };
}

type Asked = { readonly replicationState: ReplicationState } | { readonly end: FailedStep } | { readonly silent: true };

/** Where its server does not run, it is started again. */
async function askAwake(tools: StepTools): Promise<Asked> {
  const answer = await tools.run('look', { again: true });
  const woken = isNoServer(answer) ? await wake(tools) : undefined;
  return woken?.ok === false ? { end: woken } : heard(answer);
}

async function ask({ run, step }: StepTools, key: 'look' | 'source'): Promise<Asked> {
  return step.commands[key] ? heard(await run(key, { again: true })) : { silent: true };
}

/** `end`: a failure that no retry can change. */
function heard(answer: Awaited<ReturnType<StepTools['run']>>): Asked {
  const replicationState = answer.ok ? readReplicationState(answer.stdout) : undefined;
  if (replicationState) return { replicationState };
  return answer.ok || answer.kind === 'exit' || mayPass(answer) ? { silent: true } : { end: notDone(answer) };
}

function sampleOf({ lagSeconds, transactions }: Extract<Way, { kind: 'behind' }>, atMs: number): DistanceSample {
  return {
    atMs,
    ...(lagSeconds !== undefined && { lagSeconds }),
    ...(transactions !== undefined && { transactions }),
  };
}

/** Reports once that nothing moves, and finally gives up. */
function quietOf({
  note,
  host,
}: Pick<StepTools, 'note'> & { host: string }): (sample: DistanceSample) => FailedStep | undefined {
  let last: DistanceSample | undefined;
  let told = false;
  return (sample) => {
    if (!last || sample.transactions !== last.transactions || (sample.lagSeconds ?? 0) < (last.lagSeconds ?? 0)) {
      last = sample;
      told = false;
      return undefined;
    }
    const stillMs = sample.atMs - last.atMs;
    if (stillMs > stalledMs) return failed(`${host} has applied nothing for ${shortDuration(stillMs)}`);
    if (stillMs > quietMs && !told) {
      note(`! nothing was applied for ${shortDuration(stillMs)}: a large transaction, or a stall`);
      told = true;
    }
    return undefined;
  };
}

/** The source is asked after the target: transactions that only the target has then will never reach the source. */
async function lastLook(tools: AttachTools, startedMs: number): Promise<Caught> {
  const { run, step, note, progress, resultOf } = tools;
  const { vendor, position, donorUuid, source, eventsOff } = tools.input;
  const target = await ask(tools, 'look');
  const asked = await ask(tools, 'source');
  if (!('replicationState' in target)) return failed(`the server of ${step.host} does not answer any more`);
  const log = step.commands.log && (await run('log'));
  if (log && !log.ok) return notDone(log);
  const checks = lastChecks({
    vendor,
    position,
    donorUuid,
    eventsOff,
    target: target.replicationState,
    ...('replicationState' in asked && { source: asked.replicationState }),
    brought: resultOf(attachReplica, step.host)?.gtid ?? '',
  });
  const look = log && readLook(log.stdout);
  const wrong = [...checks, ...logProof(look ? serverLines(look) : []).troubles];
  if (wrong.length > 0)
    return failed(`${step.host} has caught up, but ${wrong.join('; ')}`, 'look into it before it is used');
  const { delaySeconds } = target.replicationState;
  const lag = delaySeconds > 0 ? `received all, and ${delaySeconds} s late on purpose` : 'lag 0 s';
  progress({ text: lag });
  note(`${step.host} replicates from ${source.name}, ${lag}, after ${shortDuration(Date.now() - startedMs)}`);
  return { ok: true, result: { gtid: target.replicationState.server.gtidExecuted, lagSeconds: delaySeconds } };
}
