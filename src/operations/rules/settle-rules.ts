// What meets a rule for long enough gets a plan, which its receivers are told once. A refusal is no plan, and neither is one whose donor can give
// nothing any more: the next look tries again.
import { hostname } from 'node:os';
import pLimit from 'p-limit';
import type { FleetPicture } from '../../fleet/picture.ts';
import type { Inventory, Rule } from '../../inventory/settings.ts';
import type { Condition } from '../../job/journal/looks.ts';
import { message, withoutFigures } from '../../notify/message.ts';
import { shownWord } from '../../remote/call/quote.ts';
import { hoursText } from '../../rules/hours.ts';
import { conditionName, metBy } from '../../rules/match.ts';
import { shortDuration } from '../../text/amounts.ts';
import { cleanLine } from '../../text/clean.ts';
import { author, type JobStore, pastJobs } from '../jobs/job-store.ts';
import { listeners } from '../notify/receivers.ts';
import { addEvent } from '../notify/settle.ts';
import { canStillGive, type Proposal, propose } from './propose.ts';
import { conditionKey, lineOf, planHead, proposalOf, titleHead } from './told.ts';

export interface Looking {
  readonly inventory: Inventory;
  /** The inventory's absolute path. */
  readonly path: string;
  readonly picture: FleetPicture;
  readonly signal: AbortSignal;
  readonly nowMs: number;
}

export type Proposer = (rule: Rule, host: string, how: Parameters<typeof propose>[2]) => Promise<Proposal>;

/** Hosts and donors are asked by several plans at once; what is not planned by then is planned by the next look: ticks wait for it. */
const plansAtOnce = 4;
const planningMs = 60_000;

/** Throws where the journal's disk fails. */
export async function settleRules(store: JobStore, looking: Looking, plan: Proposer = propose): Promise<void> {
  const { inventory, path, picture, signal, nowMs } = looking;
  const { rules = [] } = inventory;
  if (rules.length === 0) return;
  const { journal } = store;
  const past = pastJobs();
  const hasPlan = (condition: Condition) => {
    const recovery = proposalOf(store, condition, path)?.recovery;
    return recovery !== undefined && canStillGive(recovery, condition.host, picture, past);
  };
  const due = journal.looks.conditions(path).flatMap((condition) => {
    const rule = rules.find((one) => conditionName(one) === condition.name);
    // One that lasts may not be known now.
    const isMet = rule && picture.hosts.some((one) => one.host.name === condition.host && metBy(rule, one));
    const isDue = isMet && nowMs - condition.sinceMs >= rule.forMs;
    return isDue && !hasPlan(condition) ? [{ rule, condition }] : [];
  });
  const busy = new Set(journal.openJobs().flatMap(({ plan: { hosts } }) => hosts));
  // A job that works there may be its recovery.
  const free = due.filter(({ condition }) => !busy.has(condition.host));
  if (free.length === 0) return;
  const deadline = AbortSignal.timeout(planningMs);
  const how = { inventory, picture, past, signal: AbortSignal.any([signal, deadline]) };
  const atOnce = pLimit(plansAtOnce);
  // Those first of which nothing was told yet.
  const first = free.toSorted(
    (one, other) => Number(isTold(store, one.condition, path)) - Number(isTold(store, other.condition, path)),
  );
  await Promise.all(
    first.map(({ rule, condition }) =>
      atOnce(async () => {
        if (how.signal.aborted) return;
        const proposal = await planned(plan(rule, condition.host, how), rule, condition, deadline);
        if (signal.aborted) return;
        tell(store, { proposal, rule, condition }, looking);
      }),
    ),
  );
}

const isTold = (store: Pick<JobStore, 'journal'>, condition: Condition, path: string) =>
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
    return proposal.recovery === undefined && deadline.aborted ? late : proposal;
  } catch (error) {
    return deadline.aborted
      ? late
      : { ...none, lines: [cleanLine(error instanceof Error ? error.message : String(error))] };
  }
}

const isShown = (last: { readonly key: string } | undefined, key: string) =>
  last?.key === key || last?.key.startsWith(`${key} `) === true;

/** Only the account that looks can stop it, on its machine, and by that path of the inventory. */
function byItselfWords({ name, auto }: Rule, path: string): readonly string[] {
  if (!auto) return [];
  const { account, jumpHost } = author().who;
  return [
    `it may begin by itself from the next look on, ${hoursText(auto.between, auto.timezone)}; stop that as ${account} on ${jumpHost}: reseed rule disable ${name} --inventory ${cleanLine(shownWord(path))}`,
  ];
}

interface Planned {
  readonly proposal: Proposal;
  readonly rule: Rule;
  readonly condition: Condition;
}

/** While a condition lasts each plan is told once, and each refusal: one that comes again is only shown. */
function tell(
  store: JobStore,
  { proposal: { title, lines, recovery }, rule, condition }: Planned,
  { inventory: { notify = [] }, path, nowMs }: Looking,
): void {
  const { journal } = store;
  const { host, text, sinceMs } = condition;
  const what = recovery ? `${planHead}${recovery.method} from ${recovery.donor}` : withoutFigures(title);
  const key = `${conditionKey(condition, path)} ${what}`;
  const isAgain = journal.telling.has(key);
  if (isAgain && isShown(journal.telling.lastOf(lineOf(condition, path)), key)) return;
  const said = message({
    events: ['needs-person'],
    title: `${titleHead(cleanLine(host))}${title}`,
    lines: [
      `rule ${rule.name}: ${text}, for ${shortDuration(nowMs - sinceMs)}`,
      ...lines,
      ...(recovery ? byItselfWords(rule, path) : []),
    ],
    hosts: [host],
    machine: hostname(),
    atMs: nowMs,
    ...(recovery && { recovery }),
  });
  const event = { key: isAgain ? `${key} ${nowMs}` : key, line: lineOf(condition, path), what, message: said };
  const to = isAgain ? [] : listeners(notify, said);
  journal.telling.together(() => addEvent(store, event, to, nowMs));
}
