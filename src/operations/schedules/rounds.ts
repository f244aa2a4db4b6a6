// Runs that may begin now are planned anew, checked and begun. The others are told why they wait.
import type { Inventory, ScheduledAct } from '../../inventory/settings.ts';
import type { ScheduledRun } from '../../job/journal/schedules.ts';
import { type OpenJob, queued } from '../../schedule/queue.ts';
import { cleanLine } from '../../text/clean.ts';
import { author as authorHere } from '../jobs/job-store.ts';
import type { Draft } from '../plans/draft.ts';
import { type Result, refused } from '../result.ts';
import { judged } from './judge.ts';
import { placeOf, rowsClusterOf } from './place.ts';
import { readOnlyOf } from './read-only.ts';
import { isEnded, type TickEvent, type Ticking } from './ticking.ts';
import type { Ready } from './to-queue.ts';

interface Round {
  /** They wait for others. */
  readonly held: readonly TickEvent[];
  readonly done: readonly TickEvent[];
}

/** Where one begins no job, those that waited for it are looked at again: else they would wait until the next tick for nothing. */
export async function inRounds(ticking: Ticking, all: readonly Ready[]): Promise<Round> {
  const done: TickEvent[] = [];
  // Their hosts did not answer: another run is not to ask them again at once.
  const waiting: OpenJob[] = [];
  for (let left = all; ; ) {
    const one = await round(ticking, left, waiting);
    done.push(...one.done);
    const isFreed = one.done.some(({ end }) => end.state !== 'begun' && end.state !== 'waiting');
    if (!isFreed || one.held.length === 0 || isEnded(ticking)) return { held: one.held, done };
    const has = (events: readonly TickEvent[], id: number) => events.some(({ run }) => run.id === id);
    const stay = one.done.filter(({ end }) => end.state === 'waiting');
    waiting.push(...left.filter(({ run }) => has(stay, run.id)).map(heldBy));
    left = left.filter(({ run }) => has(one.held, run.id));
  }
}

async function round(ticking: Ticking, all: readonly Ready[], waiting: readonly OpenJob[]): Promise<Round> {
  const { store, inventory, stillOf } = ticking;
  const place = placeOf(store.journal.openJobs(), inventory, stillOf);
  const reasons = queued(
    all.map((one) => queuedAs(one, inventory)),
    { ...place, jobs: [...place.jobs, ...waiting] },
  );
  const held = all.flatMap(({ run }) => {
    const reason = reasons.get(run.id);
    return reason === undefined ? [] : [waits(ticking, run, reason)];
  });
  const { free, given } = await claimed(
    ticking,
    all.filter(({ run }) => reasons.get(run.id) === undefined),
  );
  const carried = await Promise.all(
    free.map(async (one) => {
      const drafted = await planNow(ticking, one);
      // A seed is planned for minutes: a snapshot does not wait for it.
      return isEnded(ticking) ? [] : [carriedOut(ticking, one, drafted)];
    }),
  );
  return { held, done: [...given, ...carried.flat()] };
}

/** What an operator asks for now is no time of the schedule. What this inventory refuses takes no time from another jump host. */
async function claimed(ticking: Ticking, all: readonly Ready[]) {
  const { store, claim, nowMs, inventory } = ticking;
  const timed = all
    .map(({ run }) => run)
    .filter(({ byHand, hosts }) => byHand === undefined && !readOnlyOf(inventory, hosts));
  const claims = claim && timed.length > 0 ? await claim(timed) : [];
  const given = claims.flatMap((one): TickEvent[] => {
    const run = timed.find(({ id }) => id === one.run);
    if (one.is === 'mine' || !run) return [];
    if (one.is === 'unknown') return [waits(ticking, run, one.why)];
    const end = { state: 'elsewhere', reason: one.why } as const;
    store.journal.schedules.decide(run.id, end, nowMs());
    return [{ run, end }];
  });
  const taken = new Set(given.map(({ run }) => run.id));
  return { free: all.filter(({ run }) => !taken.has(run.id)), given };
}

function waits({ store }: Ticking, run: ScheduledRun, reason: string): TickEvent {
  store.journal.schedules.wait(run.id, reason);
  return { run, end: { state: 'waiting', reason } };
}

const heldBy = ({ run, schedule: { name, act } }: Ready): OpenJob => ({
  words: `schedule ${name}`,
  hosts: hostsOf(act, run),
});

const queuedAs = ({ run, schedule: { name, act } }: Ready, inventory: Inventory) => ({
  id: run.id,
  schedule: name,
  hosts: hostsOf(act, run),
  ...(act.do === 'rows' && { rowsOf: rowsClusterOf(inventory, run.hosts[0]) }),
});

const hostsOf = (act: ScheduledAct, { hosts }: ScheduledRun) => [...besideOf(act), ...hosts];

/** The hosts that its job works on besides. */
function besideOf(act: ScheduledAct): readonly string[] {
  if (act.do === 'seed') return [act.donor];
  return act.do === 'proof' && act.on !== undefined ? [act.on] : [];
}

async function planNow({ plan, nowMs }: Ticking, { run, schedule }: Ready): Promise<Result<Draft>> {
  const { key, who } = authorHere();
  const by = { key, who: { ...who, schedule: schedule.name }, nowMs: nowMs() };
  try {
    return await plan({ schedule, hosts: run.hosts }, by);
  } catch (error) {
    // The other schedules go on. This one has it as its result.
    const message = cleanLine(error instanceof Error ? error.message : String(error));
    return refused({ kind: 'failed', message, advice: '' });
  }
}

function carriedOut(ticking: Ticking, { run, schedule }: Ready, drafted: Result<Draft>): TickEvent {
  const { store, begin, nowMs } = ticking;
  const { schedules } = store.journal;
  const verdict = judged(store, schedule, run.hosts, drafted);
  if ('begins' in verdict) {
    // If this process ends in between, the next tick finds the job by its key.
    schedules.setKey(run.id, verdict.begins.key);
    const { id: job } = begin(verdict.begins);
    schedules.decide(run.id, { state: 'begun', job }, nowMs());
    return { run, end: { state: 'begun', job } };
  }
  const { state, reason, isAway } = verdict;
  if (state !== 'waiting') schedules.decide(run.id, { state, reason }, nowMs());
  else if (isAway) schedules.waitForHosts(run.id, reason, nowMs());
  else return waits(ticking, run, reason);
  return { run, end: { state, reason } };
}
