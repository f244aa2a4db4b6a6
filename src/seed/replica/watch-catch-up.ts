// Judges a replica by one look after the other, and tells what keeps it.
import type { FailedStep, StepTools } from '../../job/plan/step-work.ts';
import { failed } from '../../job/runner/step-end.ts';
import { shortDuration } from '../../text/amounts.ts';
import { type DistanceSample, distanceText, etaText, judgeCatchUp, msToThere, type Way } from './catch-up.ts';
import { patienceMs } from './channel-trouble.ts';
import type { AttachTools } from './input.ts';
import { downTimes, stillTime, stillTimes } from './movement.ts';
import type { ReplicationState } from './source/replication-state.ts';

/** A replica that applies one large transaction shows no progress for long, for hours if that is an ALTER TABLE. It is told, and told again. */
const quietMs = 60_000;
const tellAgainMs = 60 * 60_000;

/** The result of a look, together with earlier ones; undefined: still catching up. */
export function watching({ step, input, note, progress }: AttachTools, startedMs: number) {
  const { vendor, position, channels } = input;
  const running = channels.filter(({ runs }) => runs).map(({ name }) => name);
  const [still, stillBy, down] = [stillTime(startedMs), stillTimes(), downTimes()];
  const [tellWait, tellStill] = [toldWaits(note, step.host), toldStill(note)];
  let first: DistanceSample | undefined;
  let looksThere = 0;
  return (
    target: ReplicationState,
    source: ReplicationState | undefined,
    nowMs: number,
  ): FailedStep | 'there' | undefined => {
    const stillMs = still(target, nowMs);
    const way = judgeCatchUp({
      vendor,
      position,
      target,
      ...(source && { source }),
      downMs: down(target, nowMs),
      stillMs: stillBy(target, nowMs),
      channels: running,
    });
    if (way.kind === 'failed') return failed(`${step.host}: ${way.why}`, way.advice);
    tellWait(way.kind === 'behind' ? way.waits : undefined);
    // The lag is counted in whole seconds, so it must be 0 twice, not once by chance.
    looksThere = way.kind === 'there' ? looksThere + 1 : 0;
    if (way.kind === 'there') return looksThere === 2 ? 'there' : undefined;
    const sample = sampleOf(way, nowMs);
    first ??= sample;
    progress({
      text: `${distanceText(way)}${etaText(msToThere(first, sample))}`,
      ...(way.lagSeconds !== undefined && { lagSeconds: way.lagSeconds }),
    });
    if (way.waits === undefined) tellStill(stillMs);
    return undefined;
  };
}

function sampleOf({ lagSeconds, transactions }: Extract<Way, { kind: 'behind' }>, atMs: number): DistanceSample {
  return {
    atMs,
    ...(lagSeconds !== undefined && { lagSeconds }),
    ...(transactions !== undefined && { transactions }),
  };
}

/** Tells what keeps it from replicating once, and its end. */
function toldWaits(note: StepTools['note'], host: string): (waits: string | undefined) => void {
  let isTold = false;
  return (waits) => {
    if (waits !== undefined && !isTold)
      note(`! ${host}: ${waits}; it is waited for, ${shortDuration(patienceMs)} at most`);
    if (waits === undefined && isTold) note(`${host} replicates again`);
    isTold = waits !== undefined;
  };
}

function toldStill(note: StepTools['note']): (stillMs: number) => void {
  let atMs = quietMs;
  return (stillMs) => {
    if (stillMs < quietMs) atMs = quietMs;
    if (stillMs <= atMs) return;
    note(`! nothing was applied for ${shortDuration(stillMs)}: a large transaction, or a stall`);
    atMs = stillMs + tellAgainMs;
  };
}
