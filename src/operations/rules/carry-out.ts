// What a rule with `auto: true` carries out without a person, at most one recovery at a time. Each look asks anew whether anything speaks against
// it, and a plan is begun only if all of that is answered. Else it stays a proposal, and why is shown and told.
import type { Message } from '../../notify/message.ts';
import { isGoodReplica, type WhyNot } from '../../rules/by-itself.ts';
import { whyNotAgain } from '../../rules/earlier.ts';
import { conditionName, metBy } from '../../rules/match.ts';
import { cleanLine } from '../../text/clean.ts';
import { carriedOn, type JobStore, launch, pastJobs } from '../jobs/job-store.ts';
import { listeners } from '../notify/receivers.ts';
import type { Draft } from '../plans/draft.ts';
import { given } from '../result.ts';
import { judged } from '../schedules/judge.ts';
import { heldWithin, stillText } from '../schedules/tick-here.ts';
import { propose } from './propose.ts';
import type { Looking } from './settle-rules.ts';
import { proposalOf, sayByItself } from './told.ts';
import { turnHere } from './turn.ts';
import { type Carrying, type Due, placeAt, whyNoPlace, whyNotHere, whyUntold } from './why-not.ts';

const carryingHere = (store: JobStore, { inventory }: Looking): Carrying => ({
  plan: propose,
  begin: (job) => launch(store, job),
  stillOf: (job) => stillText(job, carriedOn(store, job)),
  turn: (sinceMs) => turnHere(store, inventory, sinceMs),
  nowMs: Date.now,
});

/** A tick waits for it. */
const planningMs = 60_000;
const lockMs = 10_000;

/** Throws where the journal's disk fails. */
export async function carryOut(
  store: JobStore,
  looking: Looking,
  carrying: Carrying = carryingHere(store, looking),
): Promise<void> {
  const { signal, inventory } = looking;
  const deadline = AbortSignal.timeout(planningMs);
  for (const due of dueOf(store, looking)) {
    if (signal.aborted || deadline.aborted) return;
    const within = { ...looking, signal: AbortSignal.any([signal, deadline]) };
    const end = await carriedOut(store, due, within, carrying);
    if (signal.aborted) return;
    sayByItself(store, due.condition, looking, {
      text: 'begun' in end ? `begun by itself: job ${end.begun}` : cleanLine(`not begun by itself: ${end.text}`),
      // Its job tells the rest.
      to: (said: Message) => ('begun' in end || end.isPassing ? [] : listeners(inventory.notify ?? [], said)),
    });
  }
}

/** Those whose plan an earlier look has told: a person had the time between two looks. The oldest first. */
function dueOf({ journal }: JobStore, { inventory: { rules = [] }, path, picture, nowMs }: Looking): readonly Due[] {
  if (!rules.some(({ auto }) => auto)) return [];
  const all = journal.looks.conditions(path).flatMap((condition): Due[] => {
    const rule = rules.find((one) => conditionName(one) === condition.name);
    const target = picture.hosts.find(({ host }) => host.name === condition.host);
    if (!rule?.auto || !target || metBy(rule, target) === undefined) return [];
    const told = proposalOf({ journal }, condition, path);
    const isTold = told?.recovery !== undefined && told.atMs < nowMs;
    return isTold && nowMs - condition.sinceMs >= rule.forMs ? [{ rule, auto: rule.auto, condition }] : [];
  });
  return all.toSorted((one, other) => one.condition.sinceMs - other.condition.sinceMs);
}

type End = WhyNot | { readonly begun: number };

async function carriedOut(store: JobStore, due: Due, looking: Looking, carrying: Carrying): Promise<End> {
  const { signal } = looking;
  const before = whyNotHere(store, due, looking, carrying) ?? whyUntold(store, due, looking);
  if (before) return before;
  const turn = await carrying.turn(carrying.nowMs() - due.auto.againMs);
  if ('why' in turn) return turn.why;
  const elsewhere = whyNotAgain(turn.earlier, placeAt(due, looking, carrying));
  if (elsewhere) return elsewhere;
  const planned = await plannedNow(due, looking, carrying);
  if ('text' in planned) return planned;
  const lock = await heldWithin(store.home.tick, lockMs, signal);
  if (!lock) return { text: 'another reseed works on schedules', isPassing: true };
  try {
    // What was answered until then may be the half of it.
    if (signal.aborted) return { text: `its hosts did not answer within ${planningMs / 1000} s`, isPassing: true };
    return begunNow(store, planned, { due, looking, carrying });
  } finally {
    lock.release();
  }
}

interface Ready {
  readonly donor: string;
  readonly draft: Draft;
}

/** From new answers of donor and target. */
async function plannedNow(
  { rule, condition: { host } }: Due,
  { inventory, picture, signal }: Looking,
  { plan }: Carrying,
): Promise<Ready | WhyNot> {
  try {
    const proposal = await plan(rule, host, { inventory, picture, past: pastJobs(), signal });
    const { recovery, draft, lines, title } = proposal;
    if (!recovery || !draft) return { text: [title, ...lines].filter(Boolean).join('; ') };
    const donor = picture.hosts.find((one) => one.host.name === recovery.donor);
    if (donor && isGoodReplica(donor)) return { donor: recovery.donor, draft };
    return { text: `its donor ${recovery.donor} is no replica that is well` };
  } catch (error) {
    return { text: `its plan failed: ${error instanceof Error ? error.message : String(error)}` };
  }
}

interface Beginning {
  readonly due: Due;
  readonly looking: Looking;
  readonly carrying: Carrying;
}

/** A job may have begun since, by a person too, and the hours may be over. The caller holds the lock of ticks. */
function begunNow(store: JobStore, { donor, draft }: Ready, { due, looking, carrying }: Beginning): End {
  const { rule, auto, condition } = due;
  const now =
    whyNotHere(store, due, looking, carrying) ?? whyNoPlace(store, [donor, condition.host], due, looking, carrying);
  if (now) return now;
  const asked = { name: rule.name, act: { do: 'seed', donor }, allow: auto.allow } as const;
  const verdict = judged(store, asked, [condition.host], given(draft), 'rule');
  if ('begins' in verdict) return { begun: carrying.begin(verdict.begins).id };
  return { text: verdict.reason, ...(verdict.state === 'waiting' && { isPassing: true }) };
}
