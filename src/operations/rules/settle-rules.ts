// What meets a rule for long enough gets a plan, once, which its receivers are told. A refusal is no plan: the next look tries again.
import { hostname } from 'node:os';
import pLimit from 'p-limit';
import type { FleetPicture } from '../../fleet/picture.ts';
import type { Inventory, Rule } from '../../inventory/settings.ts';
import type { Condition } from '../../job/journal/looks.ts';
import type { TellableEvent } from '../../notify/events.ts';
import { type Message, message, messageSchema, withoutFigures } from '../../notify/message.ts';
import { conditionName, metBy } from '../../rules/match.ts';
import type { PlannedRecovery } from '../../schedule/picture.ts';
import { shortDuration } from '../../text/amounts.ts';
import { unicodeSigns } from '../../text/badge.ts';
import { cleanLine } from '../../text/clean.ts';
import { type JobStore, pastJobs } from '../jobs/job-store.ts';
import { listeners } from '../notify/receivers.ts';
import { addEvent } from '../notify/settle.ts';
import { type Proposal, propose } from './propose.ts';

interface Looking {
  readonly inventory: Inventory;
  /** The inventory's absolute path. */
  readonly path: string;
  readonly picture: FleetPicture;
  readonly signal: AbortSignal;
  readonly nowMs: number;
}

/** Of all plans, refusals and ends of a rule at a host. */
const lineOf = ({ host, name }: Condition, path: string) => `${name} ${path} ${host}`;
/** The event of a plan is known by it, and so that it was made. */
const planKey = (condition: Condition, path: string) => `${lineOf(condition, path)} ${condition.sinceMs}`;

/** The plan for a condition that lasts, or else why there was none when that was told. */
export function proposalOf(
  { journal }: Pick<JobStore, 'journal'>,
  condition: Condition,
  path: string,
): Message | undefined {
  const last = journal.telling.lastOf(lineOf(condition, path));
  const key = planKey(condition, path);
  const isOfIt = last?.key === key || last?.key.startsWith(`${key} `);
  return isOfIt ? messageSchema.safeParse(last?.message).data : undefined;
}

/** What its rule has told of a host was told: the same, later, is news again. No receiver is told of the end itself. */
export function proposalOverEvent(condition: Condition, path: string, nowMs: number): TellableEvent {
  const { host } = condition;
  const key = `${planKey(condition, path)} over`;
  const said = message({
    events: [],
    title: `${host}: ${condition.name} is over`,
    lines: [],
    hosts: [host],
    machine: hostname(),
    atMs: nowMs,
  });
  return { key, line: lineOf(condition, path), what: key, message: said };
}

type Proposer = (rule: Rule, host: string, how: Parameters<typeof propose>[2]) => Promise<Proposal>;

/** Of rules that the inventory has now, while their hosts meet them. Throws where the journal's disk fails. */
export function plannedRecoveries(
  store: Pick<JobStore, 'journal'>,
  { rules = [] }: Pick<Inventory, 'rules'>,
  path: string,
): readonly PlannedRecovery[] {
  if (rules.length === 0) return [];
  return store.journal.looks.conditions(path).flatMap((condition) => {
    if (!rules.some((rule) => conditionName(rule) === condition.name)) return [];
    const told = proposalOf(store, condition, path);
    return told ? [{ host: condition.host, text: told.title.replace(titleHead(condition.host), '') }] : [];
  });
}

const titleHead = (host: string): string => `${unicodeSigns.warning} ${host}: `;

/** Hosts and donors are asked by several plans at once; what is not planned by then is planned by the next look: ticks wait for it. */
const plansAtOnce = 4;
const planningMs = 60_000;

/** Throws where the journal's disk fails. */
export async function settleRules(store: JobStore, looking: Looking, plan: Proposer = propose): Promise<void> {
  const { inventory, path, picture, signal, nowMs } = looking;
  const { rules = [], notify = [] } = inventory;
  if (rules.length === 0) return;
  const { journal } = store;
  const due = journal.looks.conditions(path).flatMap((condition) => {
    const rule = rules.find((one) => conditionName(one) === condition.name);
    // One that lasts may not be known now.
    const isMet = rule && picture.hosts.some((one) => one.host.name === condition.host && metBy(rule, one));
    const isDue = isMet && nowMs - condition.sinceMs >= rule.forMs;
    return isDue && !journal.telling.has(planKey(condition, path)) ? [{ rule, condition }] : [];
  });
  const past = pastJobs();
  const busy = new Set(journal.openJobs().flatMap(({ plan: { hosts } }) => hosts));
  // A job that works there may be its recovery.
  const free = due.filter(({ condition }) => !busy.has(condition.host));
  if (free.length === 0) return;
  const deadline = AbortSignal.timeout(planningMs);
  const how = { inventory, picture, past, signal: AbortSignal.any([signal, deadline]) };
  const atOnce = pLimit(plansAtOnce);
  // Those first of which nothing was told yet.
  const first = free.toSorted(
    (one, other) => Number(isRefused(store, one.condition, path)) - Number(isRefused(store, other.condition, path)),
  );
  await Promise.all(
    first.map(({ rule, condition }) =>
      atOnce(async () => {
        if (how.signal.aborted) return;
        const proposal = await planned(plan(rule, condition.host, how), rule, condition, deadline);
        if (signal.aborted) return;
        const event = eventOf(proposal, rule, condition, { path, nowMs });
        journal.telling.together(() => addEvent(store, event, listeners(notify, event.message), nowMs));
      }),
    ),
  );
}

const isRefused = (store: Pick<JobStore, 'journal'>, condition: Condition, path: string) =>
  proposalOf(store, condition, path) !== undefined;

/** Whatever fails for one host, the others have their plans. */
async function planned(
  proposing: Promise<Proposal>,
  rule: Rule,
  { host }: Condition,
  deadline: AbortSignal,
): Promise<Proposal> {
  const none = { host, rule: rule.name, title: 'no recovery is planned' };
  const late = { ...none, lines: [`its hosts did not answer within ${planningMs / 1000} s`] };
  try {
    const proposal = await proposing;
    return proposal.command === undefined && deadline.aborted ? late : proposal;
  } catch (error) {
    return deadline.aborted
      ? late
      : { ...none, lines: [cleanLine(error instanceof Error ? error.message : String(error))] };
  }
}

function eventOf(
  { title, lines, command }: Proposal,
  rule: Rule,
  condition: Condition,
  { path, nowMs }: Pick<Looking, 'path' | 'nowMs'>,
): TellableEvent {
  const { host, text, sinceMs } = condition;
  const what = withoutFigures(title);
  const key = planKey(condition, path);
  return {
    // A refusal is told once while the condition lasts, and a plan still after it.
    key: command === undefined ? `${key} ${what}` : key,
    line: lineOf(condition, path),
    what,
    message: message({
      events: ['needs-person'],
      title: `${titleHead(cleanLine(host))}${title}`,
      lines: [`rule ${rule.name}: ${text}, for ${shortDuration(nowMs - sinceMs)}`, ...lines],
      hosts: [host],
      machine: hostname(),
      atMs: nowMs,
    }),
  };
}
