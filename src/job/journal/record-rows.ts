// Rows of the journal -> records; each function throws a RowDamage. journal.ts wrote the text in them, and the schema's
// version was checked. Pure.

import { cleanLine } from '../../text/clean.ts';
import type { Lease } from '../lease/lease.ts';
import type { ProcessId } from '../lease/process-id.ts';
import { type Frozen, type OlderPlans, planNow } from '../plan/frozen.ts';
import { isOwed } from '../plan/owed.ts';
import { everyStep, type Plan } from '../plan/plan.ts';
import {
  type CommandRecord,
  isOver,
  type JobRecord,
  jobStates,
  type ResourceRecord,
  resourceStates,
  type StepProgress,
  type StepRecord,
  type StepSample,
  stepStates,
} from './record.ts';
import { type Row, type RowReader, rowReader } from './row-columns.ts';
import { type DamagedJob, RowDamage } from './row-damage.ts';
import { forms } from './row-forms.ts';

/** Written once, with the job. */
export type Written = Pick<JobRecord, 'id' | 'key' | 'plan' | 'frozen' | 'targets' | 'who' | 'createdMs'>;

/** A job's rows in all tables but that of its commands. */
export interface RowsOf {
  readonly job: Row;
  readonly steps: readonly Row[];
  readonly resources: readonly Row[];
  readonly lease: Row | undefined;
}

/** `older` converts plans of an older format. */
export function writtenFrom(id: number, job: Row, older: OlderPlans): Written {
  const row = rowReader(job, id, 'job');
  const frozen = row.maybeJson<Frozen>('frozen', forms.frozen);
  return {
    id,
    key: row.text('key'),
    plan: planNow(row.json('plan', forms.plan), frozen, older),
    ...(frozen && { frozen }),
    targets: row.json('targets', forms.targets),
    who: row.json('who', forms.who),
    createdMs: row.whole('created_ms'),
  };
}

export function recordFrom(written: Written, { job, lease, steps, resources }: RowsOf): JobRecord {
  const { id, plan } = written;
  const row = rowReader(job, id, 'job');
  const state = row.oneOf('state', jobStates);
  const error = row.maybeText('error');
  const idleMs = row.whole('idle_ms');
  return {
    ...written,
    state,
    ...times(row),
    ...(idleMs > 0 && { idleMs }),
    abortRequested: row.whole('abort_requested') % 2 === 1,
    ...(error !== undefined && { error }),
    ...runnerOf(row, lease && leaseFrom(id, lease)),
    steps: stepsFrom(id, steps, plan, isOver(state)),
    resources: resources.map((resource) => resourceFrom(id, resource, plan)),
  };
}

function leaseFrom(id: number, lease: Row): Lease {
  const row = rowReader(lease, id, 'lease');
  return {
    holder: row.json('holder', forms.holder),
    renewedMs: row.whole('renewed_ms'),
    renewals: row.whole('renewals'),
    ended: row.whole('ended') === 1,
  };
}

function runnerOf(row: RowReader, lease: Lease | undefined): Pick<JobRecord, 'lease' | 'runner'> {
  const runner = lease ? lease.holder.process : row.maybeJson<ProcessId>('runner', forms.runner);
  return { ...(lease && { lease }), ...(runner && { runner }) };
}

/** Each planned step has a row. */
function stepsFrom(id: number, rows: readonly Row[], { steps }: Plan, over: boolean): StepRecord[] {
  const records = rows.map((row) => stepFrom(rowReader(row, id, 'step'), over));
  const names = new Set(records.map(({ name }) => name));
  const missing = steps.find(({ name }) => !names.has(name));
  if (missing) throw new RowDamage({ job: id, table: 'step', column: 'name' }, `the step ${missing.name} has no row`);
  return records;
}

function stepFrom(row: RowReader, over: boolean): StepRecord {
  const [spentMs, toldMs] = [row.maybeWhole('spent_ms'), row.maybeWhole('told_ms')];
  const result = row.maybeJson<StepRecord['result']>('result', forms.result);
  const lost = row.maybeJson<Readonly<Record<string, string>>>('lost', forms.lost);
  const progress = row.maybeJson<StepProgress>('progress', forms.progress);
  return {
    name: row.text('name'),
    state: row.oneOf('state', stepStates),
    ...times(row),
    ...(spentMs !== undefined && { spentMs }),
    ...(toldMs !== undefined && { toldMs }),
    ...(result !== undefined && { result }),
    ...(lost && { lost }),
    ...(progress && { progress: over ? withoutAway(progress) : progress }),
  };
}

/** Once a job is over, no host is retried any more, even if the last runner could not record that. */
function withoutAway({ away: _, ...progress }: StepProgress): StepProgress {
  return progress;
}

function resourceFrom(id: number, resource: Row, plan: Plan): ResourceRecord {
  const row = rowReader(resource, id, 'resource');
  const step = row.text('step');
  const acquires = everyStep(plan).find(({ name }) => name === step)?.acquires;
  if (!acquires) throw new RowDamage({ job: id, table: 'resource', column: 'step' }, `no step ${step} makes anything`);
  return {
    step,
    what: row.text('what'),
    state: row.oneOf('state', resourceStates),
    ...(isOwed(acquires) && { isOwed: true }),
  };
}

export function commandFrom(id: number, command: Row): CommandRecord {
  const row = rowReader(command, id, 'command');
  const code = row.maybeWhole('code');
  return {
    step: row.text('step'),
    key: row.text('key'),
    host: row.text('host'),
    script: row.text('script'),
    scriptSha256: row.text('script_sha256'),
    args: row.json('args', forms.args),
    startedMs: row.whole('started_ms'),
    tookMs: row.whole('took_ms'),
    ...(code !== undefined && { code }),
    said: row.text('said'),
  };
}

export function sampleFrom(id: number, sample: Row): StepSample {
  const row = rowReader(sample, id, 'sample');
  const [doneBytes, lagSeconds] = [row.maybeWhole('done_bytes'), row.maybeWhole('lag_seconds')];
  return {
    step: row.text('step'),
    atMs: row.whole('at_ms'),
    ...(doneBytes !== undefined && { doneBytes }),
    ...(lagSeconds !== undefined && { lagSeconds }),
  };
}

function times(row: RowReader): Pick<StepRecord, 'startedMs' | 'endedMs'> {
  const [startedMs, endedMs] = [row.maybeWhole('started_ms'), row.maybeWhole('ended_ms')];
  return { ...(startedMs !== undefined && { startedMs }), ...(endedMs !== undefined && { endedMs }) };
}

/** What can still be read of it. */
export function damagedFrom(id: number, job: Row, leaseRow: Row | undefined, damage: RowDamage): DamagedJob {
  const row = rowReader(job, id, 'job');
  const plan = unlessDamaged(() => row.json<Plan>('plan', forms.plan));
  const targets = unlessDamaged(() => row.json<JobRecord['targets']>('targets', forms.targets)) ?? [];
  const hosts = plan?.hosts ?? targets.map(({ name }) => name);
  const createdMs = unlessDamaged(() => row.whole('created_ms'));
  const lease = leaseRow && unlessDamaged(() => leaseFrom(id, leaseRow));
  return {
    id,
    key: unlessDamaged(() => row.text('key')) ?? '',
    state: unlessDamaged(() => row.oneOf('state', jobStates)),
    ...(plan && { title: cleanLine(plan.title) }),
    hosts: hosts.map(cleanLine),
    ...(createdMs !== undefined && { createdMs }),
    ...unlessDamaged(() => runnerOf(row, lease)),
    damage,
  };
}

export function unlessDamaged<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof RowDamage) return undefined;
    throw error;
  }
}
