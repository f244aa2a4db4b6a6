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
import { lastChecks } from '../catch-up.ts';
import { aheadCommands, logCommand } from '../commands.ts';
import { type AttachTools, attachSchema, inputOf } from '../input.ts';
import { onTarget } from '../on-target.ts';
import type { AttachPlan } from '../plan.ts';
import { logProof } from '../proof/proof.ts';
import { type ReplicationState, readReplicationState } from '../source/replication-state.ts';
import { watching } from '../watch-catch-up.ts';
import { attachReplica } from './attach-replica.ts';

const lookEveryMs = 1000;
/** Of the looks at the target: the source works for clients. */
const looksASource = 5;
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
    commands: { ...aheadCommands(plan), ...wakeCommands(plan), log: logCommand(plan) },
  }),
  run: (tools) => byWatchedClock((watchedMs) => followed(tools, watchedMs)),
});

/** Of a server that was not started on new data: its log has no such start to tell of. */
export function catchUpReattached(plan: AttachPlan): PlannedStep {
  const step = catchUp.plan(plan);
  const { log: _, wake: __, woken: ___, ended: ____, ...commands } = step.commands;
  return { ...step, commands };
}

async function followed(tools: AttachTools, watchedMs: WatchedMs): Promise<Caught> {
  const { step, pause, signal } = tools;
  const startedMs = Date.now();
  const see = watching(tools, 0);
  const sees = silence(step.host, 0);
  let source: Asked = {};
  for (let looks = 0; !signal.aborted; looks++) {
    if (looks % looksASource === 0) source = await ask(tools, 'source');
    const target = await askAwake(tools);
    const nowMs = watchedMs();
    const seen = sees(target, nowMs) ?? (target.state && see(target.state, source.state, nowMs));
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
    if (target.state || target.isAwake) answeredMs = nowMs;
    if (target.end || nowMs - answeredMs <= unansweredMs) return target.end;
    return failed(`the server of ${host} has not answered for ${shortDuration(nowMs - answeredMs)}`);
  };
}

/** `end`: a failure that no retry can change. `isAwake`: it was waited for, and took connections. None: it does not answer. */
interface Asked {
  readonly state?: ReplicationState;
  readonly isAwake?: true;
  readonly end?: FailedStep;
}

/** Where its server does not run, it is started again. */
async function askAwake(tools: StepTools): Promise<Asked> {
  const answer = await tools.run('look', { again: true });
  const woken = isNoServer(answer) ? await wake(tools) : undefined;
  if (woken && !woken.ok) return { end: woken };
  return woken ? { ...(await ask(tools, 'look')), isAwake: true } : heard(answer);
}

async function ask({ run, step }: StepTools, key: 'look' | 'source'): Promise<Asked> {
  return step.commands[key] ? heard(await run(key, { again: true })) : {};
}

function heard(answer: Awaited<ReturnType<StepTools['run']>>): Asked {
  const state = answer.ok ? readReplicationState(answer.stdout) : undefined;
  if (state) return { state };
  return answer.ok || answer.kind === 'exit' || mayPass(answer) ? {} : { end: notDone(answer) };
}

/** The source is asked after the target: transactions that only the target has then will never reach the source. */
async function lastLook(tools: AttachTools, startedMs: number): Promise<Caught> {
  const { run, step, note, progress, resultOf } = tools;
  const { vendor, position, donorUuid, source, eventsOff } = tools.input;
  const { state: target } = await ask(tools, 'look');
  const asked = await ask(tools, 'source');
  if (!target) return failed(`the server of ${step.host} does not answer any more`);
  const log = step.commands.log && (await run('log'));
  if (log && !log.ok) return notDone(log);
  const checks = lastChecks({
    vendor,
    position,
    donorUuid,
    eventsOff,
    target,
    ...(asked.state && { source: asked.state }),
    brought: resultOf(attachReplica, step.host)?.gtid ?? '',
  });
  const look = log && readLook(log.stdout);
  const wrong = [...checks, ...logProof(look ? serverLines(look) : []).troubles];
  if (wrong.length > 0)
    return failed(`${step.host} has caught up, but ${wrong.join('; ')}`, 'look into it before it is used');
  const { delaySeconds } = target;
  const lag = delaySeconds > 0 ? `received all, and ${delaySeconds} s late on purpose` : 'lag 0 s';
  progress({ text: lag });
  note(`${step.host} replicates from ${source.name}, ${lag}, after ${shortDuration(Date.now() - startedMs)}`);
  return { ok: true, result: { gtid: target.server.gtidExecuted, lagSeconds: delaySeconds } };
}
