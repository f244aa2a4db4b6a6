// What was told of the recovery that a rule wants for a host: its plan, or why there is none, as events of the journal. The last one is what is
// shown.
import { hostname } from 'node:os';
import type { Inventory } from '../../inventory/settings.ts';
import type { Condition } from '../../job/journal/looks.ts';
import type { TellableEvent } from '../../notify/events.ts';
import { type Message, message, messageSchema } from '../../notify/message.ts';
import { conditionName } from '../../rules/match.ts';
import type { PlannedRecovery } from '../../schedule/picture.ts';
import { unicodeSigns } from '../../text/badge.ts';
import type { JobStore } from '../jobs/job-store.ts';

/** Of all plans, refusals and ends of a rule at a host. */
export const lineOf = ({ host, name }: Condition, path: string) => `${name} ${path} ${host}`;
/** What is told of one time that a host meets a rule begins with it. */
export const conditionKey = (condition: Condition, path: string) => `${lineOf(condition, path)} ${condition.sinceMs}`;

type Journal = Pick<JobStore, 'journal'>;

/** The plan for a condition that lasts, or else why there was none when that was told. */
export function proposalOf({ journal }: Journal, condition: Condition, path: string): Message | undefined {
  const last = journal.telling.lastOf(lineOf(condition, path));
  return last?.key.startsWith(`${conditionKey(condition, path)} `)
    ? messageSchema.safeParse(last.message).data
    : undefined;
}

/** What its rule has told of a host was told: the same, later, is news again. No receiver is told of the end itself. */
export function proposalOverEvent(condition: Condition, path: string, nowMs: number): TellableEvent {
  const { host } = condition;
  const key = `${conditionKey(condition, path)} over`;
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

export const titleHead = (host: string): string => `${unicodeSigns.warning} ${host}: `;

/** Of rules that the inventory has now, while their hosts meet them. Throws where the journal's disk fails. */
export function plannedRecoveries(
  store: Journal,
  { rules = [] }: Pick<Inventory, 'rules'>,
  path: string,
): readonly PlannedRecovery[] {
  if (rules.length === 0) return [];
  return store.journal.looks.conditions(path).flatMap((condition) => {
    if (!rules.some((rule) => conditionName(rule) === condition.name)) return [];
    const told = proposalOf(store, condition, path);
    if (!told) return [];
    const { title, recovery } = told;
    const { host } = condition;
    return [{ host, text: title.replace(titleHead(host), ''), ...(recovery && { recovery }) }];
  });
}
