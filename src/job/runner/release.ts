// Releases what a job holds, last made first, however the job ended.
import { setTimeout as sleep } from 'node:timers/promises';
import type { RemoteFailure } from '../../remote/failure.ts';
import { forbiddenStatus, takenUpStatus } from '../../scripts/host-fence-words.ts';
import {
  type HostAway,
  isToRelease,
  type JobRecord,
  type ResourceRecord,
  type ResourceState,
} from '../journal/record.ts';
import { inVain } from '../lanes.ts';
import { type Acquisition, everyStep, type PlannedCommand, type PlannedStep } from '../plan/plan.ts';
import { PlanFault } from '../plan/plan-fault.ts';
import { aboutLeft } from '../words/left-words.ts';
import { hostsAway } from './hosts-away.ts';
import { runCommand, type ToolParts } from './run-command.ts';
import { mayPass } from './step-end.ts';

/** A host that can't be reached is retried: a remaining snapshot fills up, and a remaining lock blocks other jobs. */
const retryAfterMs = [2000, 5000, 10_000];

/**
 * False if something could not be released: it is `left` in the journal, and the log says what, where, and why. What is on a host that
 * refuses the job for good (host-fence.sh) is left too: no later try is for it. `others`: hosts that
 * another job has locked, each with whose lock it is. Nothing is released there, except our own lock if it is there. `which`: only what
 * these steps made.
 */
export async function releaseAll(
  job: JobRecord,
  parts: ToolParts,
  others: ReadonlyMap<string, string> = new Map(),
  which: (step: PlannedStep) => boolean = () => true,
): Promise<boolean> {
  let clean = true;
  const away = new Set<string>();
  // If a runner ended while a host was away, it reported that, and no longer retries.
  for (const { name, progress } of job.steps) if (progress?.away) tellAway(job, name, parts, []);
  // A `left` resource is tried again: its host may be back.
  for (const resource of job.resources.toReversed().filter(({ state }) => isToRelease(state))) {
    const step = maker(job, resource);
    if (!which(step)) continue;
    const locked = step.volatile ? undefined : others.get(step.host);
    const state = locked === undefined ? await outcomeFor(job, step, step.acquires, parts, away) : 'left';
    parts.lease?.check();
    parts.journal.setResource(job.id, step.name, resource.what, state);
    if (state === 'left') clean = isGiven(job, resource, step, parts, locked) && clean;
  }
  if (!clean) parts.log.write('', `reseed job abort ${job.id} undoes what is left`);
  return clean;
}

function maker({ id, plan }: JobRecord, { what, step: of }: ResourceRecord) {
  const step = everyStep(plan).find(({ name }) => name === of);
  const acquires = step?.acquires;
  if (!acquires) throw new Error(`job ${id} holds ${what}, and no step of its plan makes that`);
  return { ...step, acquires };
}

async function outcomeFor(
  job: JobRecord,
  step: PlannedStep,
  { whenDone, release: key }: Acquisition,
  parts: ToolParts,
  away: Set<string>,
): Promise<ResourceState> {
  if (whenDone !== 'release' && !inVain(job, step)) return whenDone === 'keep' ? 'kept' : 'released';
  return (await release(job, step, key, parts, away)) ? 'released' : 'left';
}

/** Releases one step's resource before the job is over. False: it failed; the end of the job tries again. */
export async function releaseOne(id: number, name: string, parts: ToolParts): Promise<boolean> {
  const job = parts.journal.job(id);
  const step = job && everyStep(job.plan).find((one) => one.name === name);
  if (!job || !step?.acquires) throw new Error(`job ${id} has no step ${name} that makes something`);
  const held = job.resources.find((one) => one.step === name);
  if (held?.state !== 'wanted' && held?.state !== 'held') return true;
  const released = await release(job, step, step.acquires.release, parts, new Set());
  if (released) parts.journal.setResource(id, name, held.what, 'released');
  return released;
}

/** `away`: hosts that were waited for in vain. They are asked once for each resource, and not waited for again. */
async function release(
  job: JobRecord,
  step: PlannedStep,
  key: string,
  parts: ToolParts,
  away: Set<string>,
): Promise<boolean> {
  const command = step.commands[key];
  if (!command) throw new Error(`the plan of ${step.name} has no command ${key}`);
  const beganMs = parts.nowMs();
  const lost = hostsAway();
  try {
    return await tried(job, step, key, command, parts, away, (failure) => {
      lost.lost(command.host, key, beganMs, failure);
      tellAway(job, step.name, parts, lost.now());
    });
  } finally {
    if (lost.found(command.host)) tellAway(job, step.name, parts, []);
  }
}

/** Added to the step's last progress, which stays. */
function tellAway({ id }: JobRecord, name: string, { journal, lease }: ToolParts, away: readonly HostAway[]): void {
  lease?.check();
  const before = journal.job(id)?.steps.find((step) => step.name === name)?.progress ?? { text: '' };
  const { away: _, ...rest } = before;
  journal.setProgress(id, name, away.length > 0 ? { ...rest, away } : rest);
}

async function tried(
  job: JobRecord,
  step: PlannedStep,
  key: string,
  command: PlannedCommand,
  parts: ToolParts,
  away: Set<string>,
  onAway: (failure: RemoteFailure) => void,
): Promise<boolean> {
  for (const waitMs of [...(away.has(command.host) ? [] : retryAfterMs), undefined]) {
    const answer = await released(job, step, key, command, parts);
    if (answer === undefined) return false;
    if (answer.ok) return true;
    if (!mayPass(answer)) return false;
    if (waitMs === undefined) break;
    onAway(answer);
    await sleep(waitMs);
  }
  away.add(command.host);
  return false;
}

/** undefined: the job has no text for its command's script. */
async function released(
  job: JobRecord,
  step: PlannedStep,
  key: string,
  command: PlannedCommand,
  parts: ToolParts,
): Promise<Awaited<ReturnType<typeof runCommand>> | undefined> {
  try {
    return await runCommand(job, step, key, command, parts, { tells: true });
  } catch (error) {
    if (!(error instanceof PlanFault)) throw error;
    parts.log.write(step.host, error.message);
    return undefined;
  }
}

/** Says what is left, and why. True: its host refuses that for good, as another jump host has the job now, or its lock was taken away there. `locked`: whose lock the host has, where that is why. */
function isGiven(
  { id }: JobRecord,
  { what }: ResourceRecord,
  step: PlannedStep,
  { journal, log }: ToolParts,
  locked: string | undefined,
): boolean {
  if (locked !== undefined) {
    log.write(step.host, `LEFT: ${what} (${locked})`);
    return false;
  }
  const last = journal.commands(id).findLast((one) => one.step === step.name && one.key === step.acquires?.release);
  log.write(step.host, aboutLeft(what, step.host, last));
  return last?.code === takenUpStatus || last?.code === forbiddenStatus;
}
