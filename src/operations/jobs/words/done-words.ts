// What a seed that is done has done, a sentence a target: `db3 replicates from db1, lag 0 s; 311M copied in 27 s; writes
// on db2 blocked for 0.84 s`. Pure.

import { type JobRecord, workedMs } from '../../../job/journal/record.ts';
import { isLost, lanesOf, lostLanes } from '../../../job/lanes.ts';
import { stepOf, stepsOf } from '../../../job/steps-of.ts';
import { proveAlone } from '../../../seed/alone/prove-alone.ts';
import { isSeed } from '../../../seed/frame.ts';
import { methods } from '../../../seed/methods/methods.ts';
import { attachReplica } from '../../../seed/replica/steps/attach-replica.ts';
import { catchUp } from '../../../seed/replica/steps/catch-up.ts';
import { shortDuration, shortSize } from '../../../text/amounts.ts';
import { exactDuration, twoPartDuration } from '../../../text/times.ts';

/** Empty for a job that is not done, and for one that replaced no data. */
export function doneWords(job: JobRecord): readonly string[] {
  if (job.state !== 'done' || !isSeed(job.plan)) return [];
  const lost = lostLanes(job);
  const targets = lanesOf(job.plan).filter((lane) => !isLost(lost, lane));
  const both = [copiedWords(job), blockedWords(job)].filter((words) => words !== undefined);
  return targets.map((target, at) => [targetWords(job, target), ...(at === 0 ? both : [])].join('; '));
}

function targetWords(job: JobRecord, target: string): string {
  const alone = stepOf(job, proveAlone, target)?.result;
  if (alone) return `${target} replicates from no host, and ${alone.writable ? 'takes writes' : 'is read-only'}`;
  const source = stepOf(job, attachReplica, target)?.result?.source;
  if (source === undefined) return `${target} has the new data`;
  const lag = stepOf(job, catchUp, target)?.result?.lagSeconds;
  return `${target} replicates from ${source}${lag === undefined ? '' : `, lag ${shortDuration(lag * 1000)}`}`;
}

/** Of the step that moved the data, which is the first that counted bytes. */
function copiedWords({ plan, steps }: JobRecord): string | undefined {
  for (const { name, stage } of plan.steps) {
    const record = steps.find((one) => one.name === name);
    const { doneBytes, totalBytes } = record?.progress ?? {};
    if (stage !== 'copy' || !record || doneBytes === undefined) continue;
    const ms = workedMs(record, true, 0);
    return `${shortSize(totalBytes ?? doneBytes)} copied${ms === undefined ? '' : ` in ${twoPartDuration(ms)}`}`;
  }
  return undefined;
}

/** Those of the donor, the first host of a seed. undefined: they were not blocked, or it is not known. */
function blockedWords(job: JobRecord): string | undefined {
  const [donor] = job.plan.hosts;
  for (const { blocksWrites } of methods) {
    const told = blocksWrites ? stepsOf(job, blocksWrites.told) : [];
    for (const { result } of told) {
      if (result?.lockedMs) return `writes on ${donor} blocked for ${exactDuration(result.lockedMs)}`;
    }
  }
  return undefined;
}
