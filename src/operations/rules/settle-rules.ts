// What meets a rule for long enough gets a plan, once, which its receivers are told.
import { hostname } from 'node:os';
import type { FleetPicture } from '../../fleet/picture.ts';
import type { Inventory, Rule } from '../../inventory/settings.ts';
import type { Condition } from '../../job/journal/looks.ts';
import type { TellableEvent } from '../../notify/events.ts';
import { message, messageSchema, withoutFigures } from '../../notify/message.ts';
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

/** The event of a plan is known by it, and so that it was made. */
export const proposalKey = ({ host, name, sinceMs }: Condition, path: string): string =>
  `${name} ${path} ${host} ${sinceMs}`;

type Proposer = (rule: Rule, host: string, how: Parameters<typeof propose>[2]) => Promise<Proposal>;

/** Of rules that the inventory has now, while their hosts meet them. Throws where the journal's disk fails. */
export function plannedRecoveries(
  { journal }: Pick<JobStore, 'journal'>,
  { rules = [] }: Pick<Inventory, 'rules'>,
  path: string,
): readonly PlannedRecovery[] {
  if (rules.length === 0) return [];
  return journal.looks.conditions(path).flatMap((condition) => {
    if (!rules.some((rule) => conditionName(rule) === condition.name)) return [];
    const told = messageSchema.safeParse(journal.telling.messageOf(proposalKey(condition, path))).data;
    return told ? [{ host: condition.host, text: told.title.replace(titleHead(condition.host), '') }] : [];
  });
}

const titleHead = (host: string): string => `${unicodeSigns.warning} ${host}: `;

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
    return isDue && !journal.telling.has(proposalKey(condition, path)) ? [{ rule, condition }] : [];
  });
  const past = pastJobs();
  const busy = new Set(journal.openJobs().flatMap(({ plan: { hosts } }) => hosts));
  for (const { rule, condition } of due) {
    // A job that works there may be its recovery.
    if (busy.has(condition.host)) continue;
    const proposal = await plan(rule, condition.host, { inventory, picture, past, signal });
    if (signal.aborted) return;
    const event = eventOf(proposal, rule, condition, { path, nowMs });
    journal.telling.together(() => addEvent(store, event, listeners(notify, event.message), nowMs));
  }
}

function eventOf(
  { title, lines }: Proposal,
  rule: Rule,
  condition: Condition,
  { path, nowMs }: Pick<Looking, 'path' | 'nowMs'>,
): TellableEvent {
  const { host, text, sinceMs } = condition;
  return {
    key: proposalKey(condition, path),
    line: `${condition.name} ${path} ${host}`,
    what: withoutFigures(title),
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
