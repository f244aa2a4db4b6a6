// Which job of this journal holds a lock that a plan needs: reported before a job is made of the plan. The lock on the
// host stays the real guard.
import type { NewJob } from '../../../job/journal/journal.ts';
import { isOver, type JobRecord } from '../../../job/journal/record.ts';
import { renewEveryMs } from '../../../job/lease/lease.ts';
import type { Carried } from '../../../job/lease/runner-state.ts';
import { datadirName, lockHost } from '../../../job/lock-step.ts';
import type { Plan } from '../../../job/plan/plan.ts';
import { type Planned, refusal } from '../../../job/plan/refusal.ts';
import { type JobStep, plannedOf, stepsOf } from '../../../job/steps-of.ts';
import { lockedDatadir } from '../../../scripts/host-lock-words.ts';
import { carriedOn, type JobStore } from '../job-store.ts';
import { controlWords, heardText, machineOf, notRenewedText } from '../words/died-words.ts';

/** The plan's locks, and its hosts. */
interface Wanted {
  readonly plan: Pick<Plan, 'steps'>;
  readonly targets: NewJob['targets'];
}
type Refused = Extract<Planned, { ok: false }>;

/** `db3 is locked by job 41 (seed db2 → db3), which runs`; undefined: no job of this journal blocks the plan. */
export function heldRefusal(store: JobStore, wanted: Wanted): Refused | undefined {
  const holder = holderOf(store.journal.openJobs(), wanted);
  return holder && holderRefusal(holder, carriedOn(store, holder.job));
}

interface Holder {
  /** The plan's name of the host. */
  readonly host: string;
  readonly job: JobRecord;
}

/** Pure. */
export function holderOf(jobs: readonly JobRecord[], wanted: Wanted): Holder | undefined {
  const open = jobs.filter(({ state }) => !isOver(state));
  for (const lock of locksOf(wanted)) {
    const job = open.find((one) => heldLocks(one).some((held) => isSame(held, lock)));
    if (job) return { host: lock.host, job };
  }
  return undefined;
}

/** Pure. */
export function holderRefusal({ host, job }: Holder, { abandoned, lapsed }: Carried, nowMs = Date.now()): Refused {
  const { id, plan } = job;
  const whose = `${host} is locked by job ${id} (${plan.title})`;
  if (lapsed)
    return refusal(
      `${whose}, whose runner on ${machineOf(job)} ${notRenewedText(job)}`,
      `look there whether it runs: reseed job show ${id} has what can be done`,
    );
  if (!abandoned && job.state === 'releasing')
    return refusal(
      `${whose}, which ${job.abortRequested ? 'is being aborted' : 'is ending'}`,
      `wait for it (reseed job attach ${id})`,
    );
  if (!abandoned)
    return refusal(
      // A runner that misses renewals may have been lost: its machine, or its way to the journal.
      isLate(job, nowMs) ? `${whose}, whose runner was ${heardText(job)}` : `${whose}, which runs`,
      `wait for it (reseed job attach ${id}), or abort it: reseed job abort ${id}`,
    );
  const died = `${whose}, whose runner died (${heardText(job)})`;
  const { words, isOnly } = controlWords(job);
  const resume = `${words}: reseed job resume ${id}`;
  return refusal(died, isOnly ? resume : `${resume}; or abort it: reseed job abort ${id}`);
}

const isLate = ({ lease }: JobRecord, nowMs: number) =>
  lease !== undefined && nowMs - lease.renewedMs > 2.5 * renewEveryMs;

interface WantedLock {
  readonly step: string;
  readonly host: string;
  /** Two inventories may give two machines the same name. */
  readonly address: string;
  /** Empty: the whole host. */
  readonly datadir: string;
}

function locksOf({ plan, targets }: Wanted): WantedLock[] {
  return plannedOf(plan, lockHost).map(({ name, host, commands }) => {
    const target = targets.find((one) => one.name === host);
    return {
      step: name,
      host,
      address: target ? `${target.host}:${target.port ?? ''}` : '',
      datadir: datadirName(lockedDatadir(commands.take?.args ?? [])),
    };
  });
}

/** The locks that the job has, or will take: a waiting step will. */
function heldLocks(job: JobRecord): WantedLock[] {
  const isHeld = ({ made, record }: JobStep) =>
    made === undefined ? job.state !== 'releasing' && record.state === 'waiting' : made === 'wanted' || made === 'held';
  const held = new Set(
    stepsOf(job, lockHost)
      .filter(isHeld)
      .map(({ planned }) => planned.name),
  );
  return locksOf(job).filter(({ step }) => held.has(step));
}

const isSame = (one: WantedLock, other: WantedLock) =>
  one.address === other.address && (one.datadir === other.datadir || one.datadir === '' || other.datadir === '');
