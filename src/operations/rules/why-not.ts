// Why a rule does not carry its plan out by itself now: by the clock, by what a look saw, and by what is at work.
import type { ByItself, Rule } from '../../inventory/settings.ts';
import type { Condition } from '../../job/journal/looks.ts';
import type { JobRecord } from '../../job/journal/record.ts';
import { type WhyNot, whyNotBySight } from '../../rules/by-itself.ts';
import { type Earlier, whyNotAgain } from '../../rules/earlier.ts';
import { hoursText, isWithin } from '../../rules/hours.ts';
import { conditionName } from '../../rules/match.ts';
import { queued } from '../../schedule/queue.ts';
import type { JobStore, PlannedJob } from '../jobs/job-store.ts';
import { placeOf } from '../schedules/place.ts';
import type { Looking, Proposer } from './settle-rules.ts';
import { isTaken } from './told.ts';
import type { Turn } from './turn.ts';

/** What it works with; tests have their own. */
export interface Carrying {
  readonly plan: Proposer;
  /** Records a job and starts its runner. */
  readonly begin: (job: PlannedJob) => { readonly id: number };
  /** Why nothing is known to work on a job. */
  readonly stillOf: (job: JobRecord) => string | undefined;
  readonly turn: (sinceMs: number) => Promise<Turn>;
  readonly nowMs: () => number;
}

export interface Due {
  readonly rule: Rule;
  readonly auto: ByItself;
  readonly condition: Condition;
}

/** By the clock, this look, and the journal. */
export function whyNotHere(store: JobStore, due: Due, looking: Looking, carrying: Carrying): WhyNot | undefined {
  const { rule, auto, condition } = due;
  const { path, picture } = looking;
  const { journal } = store;
  const off = journal.schedules.states(path).get(conditionName(rule))?.off;
  if (off) return { text: `switched off by ${off.by}: reseed rule enable ${rule.name}`, isPassing: true };
  const nowMs = carrying.nowMs();
  if (!isWithin(auto.between, auto.timezone, nowMs))
    return { text: `its hours are ${hoursText(auto.between, auto.timezone)}`, isPassing: true };
  const target = picture.hosts.find(({ host }) => host.name === condition.host);
  if (!target) return { text: `${condition.host} was not asked` };
  const seen = whyNotBySight({ auto, looks: condition.looks, target, hosts: picture.hosts });
  if (seen) return seen;
  const place = placeAt(due, looking, carrying);
  const earlier = journal.jobsOfRules(nowMs - auto.againMs).map((job): Earlier => ({ name: `job ${job.id}`, job }));
  return whyNotAgain(earlier, place) ?? whyAtWork(store, place.cluster, looking, carrying);
}

export function placeAt({ auto, condition: { host } }: Due, { picture: { hosts } }: Looking, { nowMs }: Carrying) {
  const own = hosts.find((one) => one.host.name === host)?.host.cluster;
  const cluster = hosts.flatMap((one) => (one.host.cluster === own ? one.host.name : []));
  return { host, cluster, againMs: auto.againMs, nowMs: nowMs() };
}

/** What works on any host of its cluster, or has left something there: its replicas are not what they were. */
function whyAtWork(
  { journal }: JobStore,
  cluster: readonly string[],
  { inventory }: Looking,
  { stillOf }: Carrying,
): WhyNot | undefined {
  const { jobs } = placeOf([...journal.openJobs(), ...journal.uncleanJobs()], inventory, stillOf);
  const other = jobs.find(({ hosts }) => hosts.some((name) => cluster.includes(name)));
  return other && { text: `${other.words} works in its cluster, or has left something there`, isPassing: true };
}

/** As many jobs at a time as schedules may begin. */
export function whyNoPlace(
  { journal }: JobStore,
  hosts: readonly string[],
  { rule }: Due,
  { inventory }: Looking,
  { stillOf }: Carrying,
): WhyNot | undefined {
  const place = placeOf(journal.openJobs(), inventory, stillOf);
  const reason = queued([{ id: 0, hosts, schedule: rule.name }], place).get(0);
  return reason === undefined ? undefined : { text: reason, isPassing: true };
}

/** Before a job begins that no person has agreed to, some are told of its plan. */
export function whyUntold(
  store: JobStore,
  { condition }: Due,
  { path, inventory: { notify = [] } }: Looking,
): WhyNot | undefined {
  const { host } = condition;
  const isTold = notify.some(
    ({ on, hosts }) => on.includes('needs-person') && (hosts === undefined || hosts.includes(host)),
  );
  if (!isTold) return { text: 'no receiver is told of it (notify, on: needs-person)' };
  return isTaken(store, condition, path)
    ? undefined
    : { text: 'no receiver has taken the message of its plan: reseed notify list', isPassing: true };
}
