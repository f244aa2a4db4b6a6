// What a look at the hosts found becomes events of the journal: an alert that began, and one that is over.
import { hostname } from 'node:os';
import type { FleetPicture } from '../../fleet/picture.ts';
import type { Inventory } from '../../inventory/settings.ts';
import type { Condition } from '../../job/journal/looks.ts';
import { alertEvent, alertKey, alertOverEvent, alertsFound, isKnownOver, isToTell } from '../../notify/alerts.ts';
import { conditionName, conditionsOf, isKnownUnmet, isOfRule } from '../../rules/match.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { proposalOf, proposalOverEvent } from '../rules/told.ts';
import { listeners } from './receivers.ts';
import { addEvent } from './settle.ts';

/** Throws where the journal's disk fails. */
export function settleAlerts(
  { journal }: Pick<JobStore, 'journal'>,
  path: string,
  picture: Pick<FleetPicture, 'hosts'>,
  { notify = [], rules = [] }: Pick<Inventory, 'notify' | 'rules'>,
  nowMs: number,
): void {
  const found = [...alertsFound(picture), ...conditionsOf(rules, picture.hosts)];
  const at = { path, machine: hostname(), nowMs };
  const here = new Map(picture.hosts.map((one) => [one.host.name, one]));
  const isOver = (one: Condition) => {
    const host = here.get(one.host);
    // One of a host, or of a rule, that the inventory does not have any more ends without a word.
    if (!host) return true;
    if (!isOfRule(one)) return isKnownOver(one, host);
    const rule = rules.find((of) => conditionName(of) === one.name);
    return !rule || isKnownUnmet(rule, host);
  };
  const over = journal.looks.settle(path, isOver, found, nowMs);
  const events = [
    // One that was never told needs no end.
    // What meets a rule is told with its plan.
    ...over
      .filter((one) => here.has(one.host) && journal.telling.has(alertKey(one, path)))
      .map((one) => alertOverEvent(one, at)),
    ...over
      .filter((one) => isOfRule(one) && proposalOf({ journal }, one, path))
      .map((one) => proposalOverEvent(one, path, nowMs)),
    ...journal.looks
      .conditions(path)
      .filter((one) => !isOfRule(one) && isToTell(one))
      .map((one) => alertEvent(one, at)),
  ];
  for (const event of events.filter(({ key }) => !journal.telling.has(key)))
    journal.telling.together(() => addEvent({ journal }, event, listeners(notify, event.message), nowMs));
}
