// What was told of the recovery that a rule wants for a host: its plan, or why there is none, as events of the journal. The last one is what is
// shown.
import { hostname } from 'node:os';
import type { Inventory, Receiver } from '../../inventory/settings.ts';
import type { Condition } from '../../job/journal/looks.ts';
import type { TellableEvent } from '../../notify/events.ts';
import { type Message, message, messageSchema, withoutFigures } from '../../notify/message.ts';
import { conditionName } from '../../rules/match.ts';
import type { PlannedRecovery } from '../../schedule/picture.ts';
import { unicodeSigns } from '../../text/badge.ts';
import { cleanLine } from '../../text/clean.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { addEvent } from '../notify/settle.ts';

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

/** Whether a rule carries its plan out without a person: how that stands. */
const byItselfLine = (condition: Condition, path: string) => `${lineOf(condition, path)} by itself`;

/** `not begun by itself: ...`, or that it was begun. undefined: nothing was said of it yet. Clean. */
export function byItselfOf({ journal }: Journal, condition: Condition, path: string): string | undefined {
  const last = journal.telling.lastOf(byItselfLine(condition, path));
  if (!last?.key.startsWith(`${conditionKey(condition, path)} `)) return undefined;
  return messageSchema.safeParse(last.message).data?.lines[0];
}

interface ByItselfSaid {
  /** One line. */
  readonly text: string;
  /** Which of its receivers are told, once for the same while the condition lasts; none: it is only shown. */
  readonly to: (message: Message) => readonly Receiver[];
}

export function sayByItself(
  store: Journal,
  condition: Condition,
  { path, nowMs }: { readonly path: string; readonly nowMs: number },
  { text, to }: ByItselfSaid,
): void {
  const { host } = condition;
  const said = message({
    events: ['needs-person'],
    title: `${titleHead(cleanLine(host))}${condition.name}`,
    lines: [text],
    hosts: [host],
    machine: hostname(),
    atMs: nowMs,
  });
  if (byItselfOf(store, condition, path) === said.lines[0]) return;
  const what = withoutFigures(text);
  const key = `${conditionKey(condition, path)} by itself ${what}`;
  const receivers = store.journal.telling.has(key) ? [] : to(said);
  const event = { key: receivers.length > 0 ? key : `${key} ${nowMs}`, line: byItselfLine(condition, path), what };
  store.journal.telling.together(() => addEvent(store, { ...event, message: said }, receivers, nowMs));
}

/** How the key of a plan goes on, with its method and donor. */
export const planHead = 'plan by ';

/** Whether a receiver has taken the message of a plan for it. */
export const isTaken = ({ journal }: Journal, condition: Condition, path: string): boolean =>
  journal.telling.isTaken(lineOf(condition, path), `${conditionKey(condition, path)} ${planHead}`);

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
    const plan = title.replace(titleHead(host), '');
    const byItself = recovery && byItselfOf(store, condition, path);
    return [{ host, text: byItself === undefined ? plan : `${plan}; ${byItself}`, ...(recovery && { recovery }) }];
  });
}
